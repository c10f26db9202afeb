//! Columns of integers and of what travels as one.

use std::marker::PhantomData;

use super::pack::{Packed, Packing, RawInt, varint_bytes};
use super::{Head, Payload, Place, Plan, Presence, Scratch, fill_bits, presence_of};
use crate::codec::reader::Reader;
use crate::codec::value::Value;
use crate::codec::writer::Writer;
use crate::error::{DecodeError, ErrorCode};

/// A type whose values travel as integers: integers, enums, points in time.
pub trait Integer: Value {
    /// The integer.
    type Raw: RawInt;
    /// Lowest integer.
    const MIN: Self::Raw = Self::Raw::MIN;
    /// Highest integer.
    const MAX: Self::Raw = Self::Raw::MAX;
    /// Whether each integer in that range must be asked for, because some mean nothing.
    const CLOSED: bool = false;

    /// The integer that stands for this value.
    fn raw(&self) -> Self::Raw;

    /// The value that an integer stands for.
    fn from_raw(raw: Self::Raw) -> Option<Self>;
}

/// Collects integers.
#[derive(Debug, Default)]
pub struct IntScratch<R> {
    values: Vec<R>,
    packing: Packing<R>,
}

impl<R: RawInt> IntScratch<R> {
    pub(super) fn push(&mut self, value: R) {
        self.values.push(value);
    }

    pub(super) fn values(&self) -> &[R] {
        &self.values
    }

    pub(super) fn values_mut(&mut self) -> &mut Vec<R> {
        &mut self.values
    }

    /// Decides how all of them are packed.
    pub(super) fn pack(&mut self) -> Plan {
        self.packing = Packing::of(&self.values);
        Plan { low: self.packing.low(), bytes: self.packing.bytes(self.values.len()), weight: 0, inline: 0 }
    }

    /// Bytes of a column of sizes: mode and numbers.
    pub(super) fn plan_sizes(&mut self) -> usize {
        1 + self.pack().bytes
    }

    /// Writes a column of sizes.
    pub(super) fn write_sizes(&self, w: &mut Writer) {
        w.byte(0x40 | self.packing.low());
        self.write_packed(w);
    }

    pub(super) fn write_packed(&self, w: &mut Writer) {
        self.packing.write(&self.values, w);
    }

    pub(super) fn sparse_raw(&mut self, default: Option<R>, bitmap: &mut Vec<u8>) -> Presence {
        let n = self.values.len();
        let Some(default) = default.filter(|_| n > 0) else {
            return if n == 0 { Presence::None } else { Presence::All };
        };
        let differing = self.values.iter().filter(|value| **value != default).count();
        let presence = presence_of(differing, n);
        if presence == Presence::Some {
            fill_bits(bitmap, self.values.iter().map(|value| *value != default));
            self.values.retain(|value| *value != default);
        }
        presence
    }
}

impl<T: Integer> Scratch<T> for IntScratch<T::Raw> {
    fn clear(&mut self) {
        self.values.clear();
    }

    #[inline]
    fn extend<'v, I>(&mut self, values: I, _: Place)
    where
        I: Iterator<Item = &'v T> + Clone,
        T: 'v,
    {
        self.values.extend(values.map(T::raw));
    }

    fn sparse(&mut self, default: Option<&T>, bitmap: &mut Vec<u8>) -> Presence {
        let zero = T::Raw::default();
        let default = default.map(T::raw).or_else(|| T::from_raw(zero).map(|_| zero));
        self.sparse_raw(default, bitmap)
    }

    fn plan(&mut self, _: bool) -> Plan {
        self.pack()
    }

    fn write(&self, w: &mut Writer) {
        self.write_packed(w);
    }

    fn rows_bytes(&self) -> usize {
        varint_bytes(&self.values)
    }
}

/// Reads integers.
#[derive(Debug)]
pub struct IntPayload<'a, T> {
    numbers: Packed<'a>,
    values: PhantomData<fn() -> T>,
}

impl<'a, T: Integer> Payload<'a, T> for IntPayload<'a, T> {
    fn allows(low: u8, _: u8, _: bool) -> bool {
        Packed::allows(low)
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&T>) -> Result<Self, DecodeError> {
        let Head { low, k, start, .. } = head;
        let numbers = Packed::open(r, low, k, start, (T::MIN, T::MAX), ErrorCode::Range)?;
        if T::CLOSED {
            let mut all = numbers;
            if (0..k).any(|_| T::from_raw(T::Raw::narrow(all.next())).is_none()) {
                return Err(r.error_at(start, ErrorCode::Enum));
            }
        }
        Ok(Self { numbers, values: PhantomData })
    }

    #[inline(always)]
    fn pull(&mut self) -> Option<T> {
        T::from_raw(T::Raw::narrow(self.numbers.next()))
    }

    fn zero() -> Option<T> {
        T::from_raw(T::Raw::default())
    }
}
