//! Scalars as values. Source: docs/wire-format.md, section 3.

use bytes::Bytes;
use num_bigint::BigInt;
use uuid::Uuid;

use std::borrow::Cow;

use super::check::path_quoted;
use super::columns::{
    BitPayload, BitScratch, Blob, BlobPayload, BlobScratch, DecimalPayload, DecimalScratch, Fixed, FixedPayload,
    FixedScratch, IntPayload, IntScratch, Integer, Layout, MAX_VARINT_DIGITS,
};
use super::reader::Reader;
use super::value::{Key, Value};
use super::writer::{F32_NAN, F64_NAN, Writer};
use crate::error::{DecodeError, ErrorCode};
use crate::scalar::{Decimal, Duration, Timestamp};

macro_rules! integers {
    ($($ty:ident: $raw:ident($wide:ident);)*) => {$(
        impl Value for $ty {
            type Scratch = IntScratch<$ty>;
            type Payload<'a> = IntPayload<'a, Self>;

            const LAYOUT: Layout = Layout::Smaller;
            const WEIGHT: u64 = 8;
            const NUMERIC: bool = true;

            #[inline]
            fn encode(&self, w: &mut Writer) {
                w.$raw($wide::from(*self));
            }

            #[inline]
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.$ty()
            }

            fn is_default(&self) -> bool {
                *self == 0
            }
        }
        impl Key for $ty {}
        impl Integer for $ty {
            type Raw = $ty;

            #[inline]
            fn raw(&self) -> $ty {
                *self
            }

            #[inline]
            fn from_raw(raw: $ty) -> Option<Self> {
                Some(raw)
            }
        }
    )*};
}
integers! {
    u8: varint(u64);
    u16: varint(u64);
    u32: varint(u64);
    u64: varint(u64);
    i8: zigzag(i64);
    i16: zigzag(i64);
    i32: zigzag(i64);
    i64: zigzag(i64);
}

macro_rules! floats {
    ($($ty:ident: $bytes:literal $nan:ident;)*) => {$(
        impl Value for $ty {
            type Scratch = FixedScratch<$bytes>;
            type Payload<'a> = FixedPayload<'a, Self, $bytes>;

            const LAYOUT: Layout = Layout::Values;
            const WEIGHT: u64 = 8;
            const NUMERIC: bool = true;

            #[inline]
            fn encode(&self, w: &mut Writer) {
                w.$ty(*self);
            }

            #[inline]
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.$ty()
            }

            fn is_default(&self) -> bool {
                self.to_bits() == 0
            }
        }

        impl Fixed<$bytes> for $ty {
            #[inline]
            fn to_bytes(&self) -> [u8; $bytes] {
                let bits = if self.is_nan() { $nan } else { self.to_bits() };
                bits.to_le_bytes()
            }

            #[inline]
            fn from_bytes(bytes: [u8; $bytes]) -> Option<Self> {
                Some(Self::from_le_bytes(bytes))
            }

            fn check(values: &[[u8; $bytes]]) -> Result<(), ErrorCode> {
                let wrong = |bytes: &[u8; $bytes]| {
                    let value = Self::from_le_bytes(*bytes);
                    value.is_nan() & (value.to_bits() != $nan)
                };
                if values.iter().fold(false, |any, bytes| any | wrong(bytes)) { Err(ErrorCode::Nan) } else { Ok(()) }
            }
        }
    )*};
}
floats! {
    f32: 4 F32_NAN;
    f64: 8 F64_NAN;
}

/// A bool outside of a row: one byte.
impl Value for bool {
    type Scratch = BitScratch;
    type Payload<'a> = BitPayload<'a>;

    const WEIGHT: u64 = 8;
    const NUMERIC: bool = true;

    fn encode(&self, w: &mut Writer) {
        w.byte(u8::from(*self));
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        match r.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(r.error_at(start, ErrorCode::Bool)),
        }
    }

    fn is_default(&self) -> bool {
        !*self
    }

    fn encode_field(&self, _w: &mut Writer) {}

    fn decode_field(_r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(true)
    }

    fn encode_optional(&self, w: &mut Writer) {
        w.varint(u64::from(*self));
    }

    fn decode_optional(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.bool_varint()
    }
}
impl Key for bool {}

impl Value for String {
    type Scratch = BlobScratch;
    type Payload<'a> = BlobPayload<'a, Self>;

    fn encode(&self, w: &mut Writer) {
        w.str(self);
    }

    #[inline]
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let text = r.str()?;
        if r.is_checking() {
            return Ok(Self::new());
        }
        r.charge(text.len())?;
        Ok(text.to_owned())
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}
impl Key for String {
    fn path_text(&self) -> String {
        path_quoted(self)
    }
}

impl Blob for String {
    type Whole<'a> = &'a str;

    #[inline]
    fn content(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.as_bytes())
    }

    fn check(blob: &[u8], mut ends: impl Iterator<Item = usize> + Clone) -> Result<&str, ErrorCode> {
        let text = std::str::from_utf8(blob).map_err(|_| ErrorCode::Utf8)?;
        if ends.all(|end| text.is_char_boundary(end)) { Ok(text) } else { Err(ErrorCode::Utf8) }
    }

    #[inline]
    fn part(blob: &str, from: usize, to: usize) -> Option<Self> {
        blob.get(from..to).map(str::to_owned)
    }

    fn empty() -> Self {
        Self::new()
    }
}

impl Blob for Bytes {
    type Whole<'a> = &'a [u8];

    fn content(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self)
    }

    fn check(blob: &[u8], _: impl Iterator<Item = usize> + Clone) -> Result<&[u8], ErrorCode> {
        Ok(blob)
    }

    fn part(blob: &[u8], from: usize, to: usize) -> Option<Self> {
        blob.get(from..to).map(Self::copy_from_slice)
    }

    fn empty() -> Self {
        Self::new()
    }
}

impl Value for Bytes {
    type Scratch = BlobScratch;
    type Payload<'a> = BlobPayload<'a, Self>;

    fn encode(&self, w: &mut Writer) {
        w.bytes(self);
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bytes = r.bytes()?;
        if r.is_checking() {
            return Ok(Self::new());
        }
        r.charge(bytes.len())?;
        Ok(Self::copy_from_slice(bytes))
    }

    fn is_default(&self) -> bool {
        self.is_empty()
    }
}

impl Fixed<16> for Uuid {
    fn to_bytes(&self) -> [u8; 16] {
        *self.as_bytes()
    }

    fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        Some(Self::from_bytes(bytes))
    }

    fn check(_: &[[u8; 16]]) -> Result<(), ErrorCode> {
        Ok(())
    }
}

impl Value for Uuid {
    type Scratch = FixedScratch<16>;
    type Payload<'a> = FixedPayload<'a, Self, 16>;

    const LAYOUT: Layout = Layout::Values;
    const WEIGHT: u64 = 16;

    fn encode(&self, w: &mut Writer) {
        w.raw(self.as_bytes());
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(Self::from_bytes)
    }

    fn is_default(&self) -> bool {
        self.is_nil()
    }
}
impl Key for Uuid {
    fn path_text(&self) -> String {
        path_quoted(&self.to_string())
    }
}

impl Integer for Timestamp {
    type Raw = i64;
    const MIN: i64 = Self::MIN.as_millis();
    const MAX: i64 = Self::MAX.as_millis();

    fn raw(&self) -> i64 {
        self.as_millis()
    }

    fn from_raw(raw: i64) -> Option<Self> {
        Self::try_from_millis(raw)
    }
}

impl Value for Timestamp {
    type Scratch = IntScratch<i64>;
    type Payload<'a> = IntPayload<'a, Self>;

    const LAYOUT: Layout = Layout::Smaller;
    const WEIGHT: u64 = 8;
    const NUMERIC: bool = true;

    fn encode(&self, w: &mut Writer) {
        w.zigzag(self.as_millis());
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let millis = r.zigzag()?;
        Self::try_from_millis(millis).ok_or_else(|| r.error_at(start, ErrorCode::Range))
    }

    fn is_default(&self) -> bool {
        self.as_millis() == 0
    }
}

impl Integer for Duration {
    type Raw = i64;
    const MIN: i64 = Self::MIN.as_micros();
    const MAX: i64 = Self::MAX.as_micros();

    fn raw(&self) -> i64 {
        self.as_micros()
    }

    fn from_raw(raw: i64) -> Option<Self> {
        Self::try_from_micros(raw)
    }
}

impl Value for Duration {
    type Scratch = IntScratch<i64>;
    type Payload<'a> = IntPayload<'a, Self>;

    const LAYOUT: Layout = Layout::Smaller;
    const WEIGHT: u64 = 8;
    const NUMERIC: bool = true;

    fn encode(&self, w: &mut Writer) {
        w.zigzag(self.as_micros());
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let micros = r.zigzag()?;
        Self::try_from_micros(micros).ok_or_else(|| r.error_at(start, ErrorCode::Range))
    }

    fn is_default(&self) -> bool {
        self.as_micros() == 0
    }
}

/// Of those with up to 18 digits.
impl<const P: u8, const S: u8> Integer for Decimal<P, S> {
    type Raw = i64;
    const MIN: i64 = Self::MIN.unscaled() as i64;
    const MAX: i64 = Self::MAX.unscaled() as i64;

    fn raw(&self) -> i64 {
        self.unscaled() as i64
    }

    fn from_raw(raw: i64) -> Option<Self> {
        Self::from_unscaled(raw.into())
    }
}

/// Of those with more than 18 digits.
impl<const P: u8, const S: u8> Fixed<16> for Decimal<P, S> {
    fn to_bytes(&self) -> [u8; 16] {
        self.unscaled().to_le_bytes()
    }

    fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        Self::from_unscaled(i128::from_le_bytes(bytes))
    }

    fn check(values: &[[u8; 16]]) -> Result<(), ErrorCode> {
        let wrong = values.iter().any(|bytes| <Self as Fixed<16>>::from_bytes(*bytes).is_none());
        if wrong { Err(ErrorCode::Range) } else { Ok(()) }
    }
}

impl<const P: u8, const S: u8> Value for Decimal<P, S> {
    type Scratch = DecimalScratch;
    type Payload<'a> = DecimalPayload<'a, P, S>;

    const LAYOUT: Layout = if P <= MAX_VARINT_DIGITS { Layout::Smaller } else { Layout::Values };
    const WEIGHT: u64 = 8;
    const NUMERIC: bool = true;

    fn encode(&self, w: &mut Writer) {
        match i64::try_from(self.unscaled()) {
            Ok(short) if P <= MAX_VARINT_DIGITS => w.zigzag(short),
            _ => w.raw(&self.unscaled().to_le_bytes()),
        }
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let unscaled = if P <= MAX_VARINT_DIGITS { r.zigzag()?.into() } else { i128::from_le_bytes(r.array()?) };
        Self::from_unscaled(unscaled).ok_or_else(|| r.error_at(start, ErrorCode::Range))
    }

    fn is_default(&self) -> bool {
        self.unscaled() == 0
    }
}

impl Blob for BigInt {
    type Whole<'a> = &'a [u8];

    fn content(&self) -> Cow<'_, [u8]> {
        Cow::Owned(if self.is_default() { Vec::new() } else { self.to_signed_bytes_le() })
    }

    fn check(blob: &[u8], ends: impl Iterator<Item = usize> + Clone) -> Result<&[u8], ErrorCode> {
        let mut from = 0;
        for end in ends {
            if has_redundant_sign(&blob[from..end]) {
                return Err(ErrorCode::Overlong);
            }
            from = end;
        }
        Ok(blob)
    }

    fn part(blob: &[u8], from: usize, to: usize) -> Option<Self> {
        blob.get(from..to).map(Self::from_signed_bytes_le)
    }

    fn empty() -> Self {
        Self::ZERO
    }

    fn memory(bytes: usize) -> usize {
        2 * bytes
    }
}

impl Value for BigInt {
    type Scratch = BlobScratch;
    type Payload<'a> = BlobPayload<'a, Self>;

    fn encode(&self, w: &mut Writer) {
        if self.is_default() { w.bytes(&[]) } else { w.bytes(&self.to_signed_bytes_le()) }
    }

    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let bytes = r.bytes()?;
        if has_redundant_sign(bytes) {
            return Err(r.error_at(start, ErrorCode::Overlong));
        }
        if r.is_checking() {
            return Ok(Self::ZERO);
        }
        // The conversion makes a second copy for negative numbers.
        r.charge(2 * bytes.len())?;
        Ok(Self::from_signed_bytes_le(bytes))
    }

    fn is_default(&self) -> bool {
        *self == Self::ZERO
    }
}

/// Whether two's complement, little-endian bytes would mean the same without the last one.
fn has_redundant_sign(bytes: &[u8]) -> bool {
    match bytes {
        [0] => true,
        [.., low, 0x00] => *low < 0x80,
        [.., low, 0xff] => *low >= 0x80,
        _ => false,
    }
}
