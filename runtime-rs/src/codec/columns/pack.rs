//! Integers of a width and a base: the bytes of a column of numbers.

use crate::codec::reader::Reader;
use crate::codec::writer::{Writer, varint_len};
use crate::error::{DecodeError, ErrorCode};

/// A machine integer.
pub trait RawInt: Copy + Ord + Default + Send + 'static {
    /// Lowest number.
    const MIN: Self;
    /// Highest number.
    const MAX: Self;
    /// Whether there are negative numbers.
    const SIGNED: bool;

    /// As 64 bits, with its sign.
    fn wide(self) -> u64;

    /// Its lowest bits.
    fn narrow(wide: u64) -> Self;

    /// How much it is above `base`, which is not higher.
    fn above(self, base: Self) -> u64;
}

macro_rules! raw_ints {
    ($($ty:ident $unsigned:ident $wide:ident $signed:literal;)*) => {$(
        impl RawInt for $ty {
            const MIN: Self = $ty::MIN;
            const MAX: Self = $ty::MAX;
            const SIGNED: bool = $signed;

            #[inline]
            fn wide(self) -> u64 {
                $wide::from(self) as u64
            }

            #[inline]
            fn narrow(wide: u64) -> Self {
                wide as Self
            }

            #[inline]
            fn above(self, base: Self) -> u64 {
                u64::from(self.wrapping_sub(base) as $unsigned)
            }
        }
    )*};
}
raw_ints! {
    u8 u8 u64 false;
    u16 u16 u64 false;
    u32 u32 u64 false;
    u64 u64 u64 false;
    i8 u8 i64 true;
    i16 u16 i64 true;
    i32 u32 i64 true;
    i64 u64 i64 true;
}

/// As a varint: zigzag for signed numbers.
fn varint_of<R: RawInt>(raw: R) -> u64 {
    let wide = raw.wide();
    if R::SIGNED { wide << 1 ^ ((wide as i64) >> 63) as u64 } else { wide }
}

/// How many bytes the numbers would be as varints.
pub(super) fn varint_bytes<R: RawInt>(values: &[R]) -> usize {
    values.iter().map(|value| varint_len(varint_of(*value))).sum()
}

/// How numbers are packed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Packing<R> {
    base: Option<R>,
    width: usize,
}

const BASE_BIT: u8 = 0x10;

impl<R: RawInt> Packing<R> {
    /// The best for these numbers.
    pub(super) fn of(values: &[R]) -> Self {
        let (mut min, mut max) = (R::MAX, R::MIN);
        for value in values {
            min = min.min(*value);
            max = max.max(*value);
        }
        if values.is_empty() {
            return Self { base: None, width: 0 };
        }
        let k = values.len();
        let narrow = bytes_for(max.above(min));
        if min < R::default() {
            return Self { base: Some(min), width: narrow };
        }
        let width = bytes_for(max.wide());
        if narrow < width && k * narrow + varint_len(varint_of(min)) < k * width {
            return Self { base: Some(min), width: narrow };
        }
        Self { base: None, width }
    }

    /// Bits 0 to 4 of the mode.
    pub(super) fn low(&self) -> u8 {
        self.width as u8 | if self.base.is_some() { BASE_BIT } else { 0 }
    }

    /// How many bytes `k` numbers are.
    pub(super) fn bytes(&self, k: usize) -> usize {
        self.base.map_or(0, |base| varint_len(varint_of(base))) + k * self.width
    }

    /// Writes the numbers.
    pub(super) fn write(&self, values: &[R], w: &mut Writer) {
        if let Some(base) = self.base {
            w.varint(varint_of(base));
        }
        let (base, out) = (self.base.unwrap_or_default(), &mut w.buf);
        match self.width {
            0 => {}
            1 => out.extend(values.iter().map(|value| value.above(base) as u8)),
            2 => pack::<R, 2>(values, base, out),
            3 => pack::<R, 3>(values, base, out),
            4 => pack::<R, 4>(values, base, out),
            5 => pack::<R, 5>(values, base, out),
            6 => pack::<R, 6>(values, base, out),
            7 => pack::<R, 7>(values, base, out),
            _ => pack::<R, 8>(values, base, out),
        }
    }
}

fn pack<R: RawInt, const WIDTH: usize>(values: &[R], base: R, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + WIDTH * values.len(), 0);
    let places = out[start..].as_chunks_mut::<WIDTH>().0;
    for (bytes, value) in places.iter_mut().zip(values) {
        bytes.copy_from_slice(&value.above(base).to_le_bytes()[..WIDTH]);
    }
}

/// How many bytes a number needs; 0 for 0.
fn bytes_for(value: u64) -> usize {
    (u64::BITS - value.leading_zeros()).div_ceil(8) as usize
}

/// Packed numbers that are being read, one after another, as their wide form.
#[derive(Clone, Copy, Debug)]
pub(in crate::codec) struct Packed<'a> {
    /// The message from where the numbers begin, so that eight bytes can be loaded where fewer are meant.
    bytes: &'a [u8],
    at: usize,
    width: usize,
    mask: u64,
    base: u64,
}

impl<'a> Packed<'a> {
    /// Whether there is such a width.
    pub(in crate::codec) fn allows(low: u8) -> bool {
        low & !BASE_BIT <= 8
    }

    /// Opens `k` numbers of a column at `start` that must be from `min` to `max`.
    pub(in crate::codec) fn open<R: RawInt>(
        r: &mut Reader<'a>,
        low: u8,
        k: usize,
        start: usize,
        (min, max): (R, R),
        wrong: ErrorCode,
    ) -> Result<Self, DecodeError> {
        let base = if low & BASE_BIT == 0 { 0 } else { Self::base(r, start, (min, max), wrong)? };
        let width = usize::from(low & !BASE_BIT);
        let bytes = r.behind();
        r.take(k.saturating_mul(width), start)?;
        let mask = if width == 0 { 0 } else { u64::MAX >> (64 - 8 * width) };
        let numbers = Self { bytes, at: 0, width, mask, base };
        // What lies between the base and the highest number fits into 64 bits.
        let room = max.wide().wrapping_sub(base);
        if mask > room && numbers.highest(k) > room {
            return Err(r.error_at(start, wrong));
        }
        Ok(numbers)
    }

    /// Passes over `k` numbers.
    pub(in crate::codec) fn skip(r: &mut Reader<'a>, low: u8, k: usize, start: usize) -> Result<(), DecodeError> {
        if low & BASE_BIT != 0 {
            r.varint()?;
        }
        r.take(k.saturating_mul(usize::from(low & !BASE_BIT)), start).map(drop)
    }

    fn base<R: RawInt>(
        r: &mut Reader<'a>,
        start: usize,
        (min, max): (R, R),
        wrong: ErrorCode,
    ) -> Result<u64, DecodeError> {
        let inside = if R::SIGNED {
            let base = r.zigzag()?;
            (min.wide() as i64 <= base && base <= max.wide() as i64).then_some(base as u64)
        } else {
            let base = r.varint()?;
            (min.wide() <= base && base <= max.wide()).then_some(base)
        };
        inside.ok_or_else(|| r.error_at(start, wrong))
    }

    fn highest(self, k: usize) -> u64 {
        let mut offsets = Self { base: 0, ..self };
        (0..k).map(|_| offsets.next()).max().unwrap_or(0)
    }

    /// The next number.
    #[inline(always)]
    pub(in crate::codec) fn next(&mut self) -> u64 {
        let at = self.at;
        self.at += self.width;
        let offset = match self.bytes.get(at..at + 8) {
            Some(bytes) => u64::from_le_bytes(bytes.try_into().unwrap_or_default()) & self.mask,
            None => self.last(at),
        };
        offset.wrapping_add(self.base)
    }

    /// A number in the last bytes of the message.
    #[cold]
    fn last(&self, at: usize) -> u64 {
        let mut word = [0; 8];
        if let Some(bytes) = self.bytes.get(at..at + self.width) {
            word[..self.width].copy_from_slice(bytes);
        }
        u64::from_le_bytes(word)
    }
}

impl<'a> Reader<'a> {
    /// A column of `k` lengths or counts, and their sum.
    pub(super) fn sizes(&mut self, k: usize) -> Result<(Packed<'a>, u64), DecodeError> {
        let start = self.offset();
        let mode = self.byte()?;
        let low = mode & 0x1f;
        if mode >> 5 != 0b010 || !Packed::allows(low) {
            return Err(self.error_at(start, ErrorCode::Mode));
        }
        let sizes = Packed::open::<u32>(self, low, k, start, (0, u32::MAX), ErrorCode::Range)?;
        let mut all = sizes;
        // At most a few million of 32 bits each.
        let sum = (0..k).fold(0_u64, |sum, _| sum.saturating_add(all.next()));
        Ok((sizes, sum))
    }
}
