//! Columns of values that all have the same size.

use std::marker::PhantomData;

use super::{Head, Payload, Place, Plan, Presence, Scratch, fill_bits, presence_of};
use crate::codec::reader::Reader;
use crate::codec::value::Value;
use crate::codec::writer::Writer;
use crate::error::{DecodeError, ErrorCode};

/// A type whose values are `N` bytes.
pub trait Fixed<const N: usize>: Value {
    /// The bytes.
    fn to_bytes(&self) -> [u8; N];

    /// The value of such bytes.
    fn from_bytes(bytes: [u8; N]) -> Option<Self>;

    /// Refuses bytes that are no value.
    /// # Errors
    /// The code of the first fault.
    fn check(values: &[[u8; N]]) -> Result<(), ErrorCode>;
}

/// Collects values of `N` bytes.
#[derive(Debug, Default)]
pub struct FixedScratch<const N: usize> {
    values: Vec<[u8; N]>,
}

impl<T: Fixed<N>, const N: usize> Scratch<T> for FixedScratch<N> {
    fn clear(&mut self) {
        self.values.clear();
    }

    #[inline]
    fn extend<'v, I>(&mut self, values: I, _: Place)
    where
        I: Iterator<Item = &'v T> + Clone,
        T: 'v,
    {
        self.values.extend(values.map(T::to_bytes));
    }

    fn sparse(&mut self, default: Option<&T>, bitmap: &mut Vec<u8>) -> Presence {
        let default = default.map_or([0; N], T::to_bytes);
        let differing = self.values.iter().filter(|value| **value != default).count();
        let presence = presence_of(differing, self.values.len());
        if presence == Presence::Some {
            fill_bits(bitmap, self.values.iter().map(|value| *value != default));
            self.values.retain(|value| *value != default);
        }
        presence
    }

    fn plan(&mut self, _: bool) -> Plan {
        Plan { low: 0, bytes: N * self.values.len(), weight: 0, inline: 0 }
    }

    fn write(&self, w: &mut Writer) {
        w.raw(self.values.as_flattened());
    }
}

/// Reads values of `N` bytes.
#[derive(Debug)]
pub struct FixedPayload<'a, T, const N: usize> {
    bytes: std::slice::Iter<'a, [u8; N]>,
    values: PhantomData<fn() -> T>,
}

impl<'a, T: Fixed<N>, const N: usize> Payload<'a, T> for FixedPayload<'a, T, N> {
    fn allows(low: u8, _: u8, _: bool) -> bool {
        low == 0
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&T>) -> Result<Self, DecodeError> {
        let bytes = r.take(head.k.saturating_mul(N), head.start)?.as_chunks::<N>().0;
        <T as Fixed<N>>::check(bytes).map_err(|code| r.error_at(head.start, code))?;
        Ok(Self { bytes: bytes.iter(), values: PhantomData })
    }

    #[inline(always)]
    fn pull(&mut self) -> Option<T> {
        self.bytes.next().and_then(|bytes| T::from_bytes(*bytes))
    }

    fn zero() -> Option<T> {
        T::from_bytes([0; N])
    }
}
