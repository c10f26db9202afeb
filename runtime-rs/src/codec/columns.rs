//! Values side by side: each field of many structs, each key of a map, in one run.
//!
//! Writing: a [`Column`] collects values in the [`Scratch`] of their type, plans how they are written, which also tells how
//! long that is, and writes them. Reading: a [`Cursor`] checks a whole column when it is opened and then gives the values one
//! after another. A type takes part by naming its scratch and its [`Payload`] (see [`Value`]).
//!
//! Source: docs/wire-format.md, section 4.1.

mod bits;
mod blobs;
mod decimals;
mod fixed;
mod ints;
mod lists;
mod maps;
mod options;
mod pack;
mod rows;
mod structs;
mod wrappers;

use std::marker::PhantomData;

pub use self::bits::{BitPayload, BitScratch};
pub use self::blobs::{Blob, BlobPayload, BlobScratch};
pub(super) use self::decimals::MAX_VARINT_DIGITS;
pub use self::decimals::{DecimalPayload, DecimalScratch};
pub use self::fixed::{Fixed, FixedPayload, FixedScratch};
pub use self::ints::{IntPayload, IntScratch, Integer};
pub use self::lists::{ListPayload, ListScratch, Sequence};
pub use self::maps::{Entries, MapPayload, MapScratch};
pub(super) use self::maps::{check_keys, read_keyed};
pub use self::options::{OptionPayload, OptionScratch};
pub use self::pack::RawInt;
pub use self::rows::{ArrayOf, Deferred, RowsOf, RowsPayload, RowsScratch};
pub use self::structs::{Ids, OpenIds, StructColumns, StructCursors, StructPayload, StructScratch, Total, Width};
pub use self::wrappers::{WrapPayload, WrapScratch, Wrapper};
use super::level::Level;
use super::reader::Reader;
use super::value::Value;
use super::writer::Writer;
use crate::error::{DecodeError, ErrorCode};

/// How many values pass from a list into all columns at a time: few enough to stay in the fastest cache.
pub(super) const CHUNK: usize = 128;

/// When an encoder puts the elements of a container into columns (docs/wire-format.md, section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Never.
    Rows,
    /// As elements, if that is not longer; as values of a map, always.
    Smaller,
    /// As elements, never; as values of a map, always.
    Values,
    /// From four on.
    Columns,
    /// From four on, if there are not many more columns than values.
    Slots(u32),
}

/// Where values stand that are being collected: whose they are to be and how many lengths are around them.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub(super) level: Level,
    pub(super) depth: u32,
}

impl Place {
    /// Whether the reader may see what asks for `required`.
    pub fn sees(self, required: Level) -> bool {
        self.level >= required
    }

    /// One length deeper.
    #[must_use]
    pub fn inside(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }
}

/// Which values of a column are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// None of them.
    None,
    /// All of them.
    All,
    /// Those with a bit.
    Some,
}

/// How the present values of a column are written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// Bits 0 to 4 of the mode.
    pub low: u8,
    /// How many bytes.
    pub bytes: usize,
    /// What a reader counts for memory inside the values.
    pub weight: u64,
    /// And for the values themselves where they stand inside a struct.
    pub inline: u64,
}

/// Collects values of type `T` that are to stand side by side; used again for the next container.
pub trait Scratch<T>: Default + Send + 'static {
    /// Forgets all values.
    fn clear(&mut self);

    /// Appends values.
    fn extend<'v, I>(&mut self, values: I, place: Place)
    where
        I: Iterator<Item = &'v T> + Clone,
        T: 'v;

    /// Finds out which values are absent, and drops those. Without a `default` it is the zero of the type.
    fn sparse(&mut self, default: Option<&T>, bitmap: &mut Vec<u8>) -> Presence;

    /// Decides how the values are written. `optional` is whether they come from `T?`.
    fn plan(&mut self, optional: bool) -> Plan;

    /// Writes the payload as planned.
    fn write(&self, w: &mut Writer);

    /// How long the values would be as elements in rows; asked only of types with [`Layout::Smaller`], and before `sparse`.
    fn rows_bytes(&self) -> usize {
        usize::MAX
    }
}

/// A column under construction.
#[derive(Debug)]
pub struct Column<T: Value, S = <T as Value>::Scratch> {
    scratch: S,
    mode: u8,
    bitmap: Vec<u8>,
    values: PhantomData<fn(T)>,
}

impl<T: Value, S: Default> Default for Column<T, S> {
    fn default() -> Self {
        Self { scratch: S::default(), mode: 0, bitmap: Vec::new(), values: PhantomData }
    }
}

impl<T: Value, S: Scratch<T>> Column<T, S> {
    /// Forgets all values.
    pub fn clear(&mut self) {
        self.scratch.clear();
    }

    /// Appends values.
    #[inline]
    pub fn extend<'v, I: Iterator<Item = &'v T> + Clone>(&mut self, values: I, place: Place) {
        self.scratch.extend(values, place);
    }

    /// Decides how the column is written. Without a `default` it is the zero of the type.
    pub fn plan(&mut self, default: Option<&T>) -> Plan {
        self.bitmap.clear();
        let presence = match self.scratch.sparse(default, &mut self.bitmap) {
            Presence::None => {
                self.mode = 0;
                return Plan { low: 0, bytes: 1, weight: 0, inline: 0 };
            }
            Presence::All => 1,
            Presence::Some => 2,
        };
        let plan = self.scratch.plan(false);
        self.mode = presence << 6 | plan.low;
        Plan { bytes: 1 + self.bitmap.len() + plan.bytes, ..plan }
    }

    /// Writes the column as planned.
    pub fn write(&self, w: &mut Writer) {
        w.byte(self.mode);
        if self.mode != 0 {
            w.raw(&self.bitmap);
            self.scratch.write(w);
        }
    }

    pub(super) fn rows_bytes(&self) -> usize {
        self.scratch.rows_bytes()
    }
}

/// A column that is being opened: what stands in front of its payload.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Bits 0 to 4 of the mode.
    pub low: u8,
    /// Number of present values.
    pub k: usize,
    /// Where the column begins.
    pub start: usize,
    /// Whether the values are `T?`.
    pub optional: bool,
}

/// The present values of a column, checked and ready.
pub trait Payload<'a, T>: Sized {
    /// Whether there is such a mode: bits 0 to 4 and presence.
    fn allows(low: u8, presence: u8, optional: bool) -> bool;

    /// Reads and checks all of the values.
    /// # Errors
    /// Whatever the format refuses.
    fn open(r: &mut Reader<'a>, head: Head, default: Option<&T>) -> Result<Self, DecodeError>;

    /// The next value; `None` only behind the last one.
    fn pull(&mut self) -> Option<T>;

    /// What an absent value is if no default is declared; `None` if there is no zero.
    fn zero() -> Option<T>;
}

/// The values of a checked column, one after another.
#[derive(Debug)]
pub struct Cursor<'a, T, P> {
    values: Values<'a, T, P>,
}

#[derive(Debug)]
enum Values<'a, T, P> {
    Absent(Option<T>),
    All(P),
    Some { bits: &'a [u8], at: usize, payload: P, absent: Option<T> },
}

/// The cursor of a type's own payload.
pub type CursorOf<'a, T> = Cursor<'a, T, <T as Value>::Payload<'a>>;

impl<'a, T: Value, P: Payload<'a, T>> Cursor<'a, T, P> {
    /// Opens a column of `n` values. Without a `default` it is the zero of the type.
    /// # Errors
    /// Whatever the format refuses.
    pub fn open(r: &mut Reader<'a>, n: usize, default: Option<T>) -> Result<Self, DecodeError> {
        Self::open_weighing(r, n, default, 0)
    }

    /// Opens a column of `n` values of which each that is present weighs `weight`.
    pub(super) fn open_weighing(
        r: &mut Reader<'a>,
        n: usize,
        default: Option<T>,
        weight: u64,
    ) -> Result<Self, DecodeError> {
        let start = r.offset();
        let mode = r.byte()?;
        let (low, presence) = (mode & 0x1f, mode >> 6);
        let known = mode & 0x20 == 0 && presence != 3 && if presence == 0 { mode == 0 } else { true };
        if !known || presence != 0 && !P::allows(low, presence, T::OPTIONAL) {
            return Err(r.error_at(start, ErrorCode::Mode));
        }
        let bits: &[u8] = if presence == 2 { r.bitmap(n, start)? } else { &[] };
        let k = match presence {
            0 => 0,
            1 => n,
            _ => bits.iter().map(|byte| byte.count_ones() as usize).sum(),
        };
        let head = Head { low, k, start, optional: T::OPTIONAL };
        if k == n && presence != 0 {
            r.weigh(k as u64 * weight, start)?;
            let payload = P::open(r, head, default.as_ref())?;
            return Ok(Self { values: Values::All(payload) });
        }
        let absent = if k < n {
            Some(default.clone().or_else(P::zero).ok_or_else(|| r.error_at(start, ErrorCode::Mode))?)
        } else {
            None
        };
        if presence == 0 {
            return Ok(Self { values: Values::Absent(absent) });
        }
        r.weigh(k as u64 * weight, start)?;
        let payload = P::open(r, head, default.as_ref())?;
        Ok(Self { values: Values::Some { bits, at: 0, payload, absent } })
    }

    /// A column that the writer did not have.
    pub fn missing(default: Option<T>) -> Self {
        Self { values: Values::Absent(default.or_else(P::zero)) }
    }

    /// The next value; `None` only behind the last one.
    #[inline(always)]
    pub fn pull(&mut self) -> Option<T> {
        match &mut self.values {
            Values::All(payload) => payload.pull(),
            Values::Absent(absent) => absent.clone(),
            Values::Some { bits, at, payload, absent } => {
                let i = *at;
                *at += 1;
                if bits.get(i / 8)? >> (i % 8) & 1 == 1 { payload.pull() } else { absent.clone() }
            }
        }
    }
}

/// Makes a bitmap of answers.
pub(super) fn fill_bits(bitmap: &mut Vec<u8>, mut answers: impl ExactSizeIterator<Item = bool>) {
    for _ in 0..answers.len() / 8 {
        bitmap.push((0..8).fold(0, |byte, bit| byte | u8::from(answers.next() == Some(true)) << bit));
    }
    if answers.len() > 0 {
        bitmap.push(answers.enumerate().fold(0, |byte, (bit, answer)| byte | u8::from(answer) << bit));
    }
}

/// The same for answers that stand side by side, eight at a time.
pub(super) fn pack_bits(bitmap: &mut Vec<u8>, answers: &[bool]) {
    let (bytes, rest) = answers.as_chunks::<8>();
    bitmap.extend(bytes.iter().map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))));
    fill_bits(bitmap, rest.iter().copied());
}

/// Presence of `n` values of which `differing` are not their default.
pub(super) fn presence_of(differing: usize, n: usize) -> Presence {
    match differing {
        0 => Presence::None,
        _ if 4 * differing <= n => Presence::Some,
        _ => Presence::All,
    }
}
