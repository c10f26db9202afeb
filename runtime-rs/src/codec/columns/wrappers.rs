//! Columns of values that travel as what they hold: newtypes, boxes.

use super::{Head, Payload, Place, Plan, Presence, Scratch};
use crate::codec::reader::Reader;
use crate::codec::value::Value;
use crate::codec::writer::Writer;
use crate::error::DecodeError;

/// A type around another one.
pub trait Wrapper: Value {
    /// What is inside.
    type Inner: Value;

    /// What is inside.
    fn inner(&self) -> &Self::Inner;

    /// Puts it inside.
    fn wrap(inner: Self::Inner) -> Self;
}

/// Collects what is inside.
#[derive(Debug, Default)]
pub struct WrapScratch<S>(S);

impl<T: Wrapper, S: Scratch<T::Inner>> Scratch<T> for WrapScratch<S> {
    fn clear(&mut self) {
        self.0.clear();
    }

    #[inline]
    fn extend<'v, I>(&mut self, values: I, place: Place)
    where
        I: Iterator<Item = &'v T> + Clone,
        T: 'v,
    {
        self.0.extend(values.map(T::inner), place);
    }

    fn sparse(&mut self, default: Option<&T>, bitmap: &mut Vec<u8>) -> Presence {
        self.0.sparse(default.map(T::inner), bitmap)
    }

    fn plan(&mut self, optional: bool) -> Plan {
        self.0.plan(optional)
    }

    fn write(&self, w: &mut Writer) {
        self.0.write(w);
    }

    fn rows_bytes(&self) -> usize {
        self.0.rows_bytes()
    }
}

/// Reads what is inside.
#[derive(Debug)]
pub struct WrapPayload<P>(P);

impl<'a, T: Wrapper, P: Payload<'a, T::Inner>> Payload<'a, T> for WrapPayload<P> {
    fn allows(low: u8, presence: u8, optional: bool) -> bool {
        P::allows(low, presence, optional)
    }

    fn open(r: &mut Reader<'a>, head: Head, default: Option<&T>) -> Result<Self, DecodeError> {
        P::open(r, head, default.map(T::inner)).map(Self)
    }

    #[inline]
    fn pull(&mut self) -> Option<T> {
        self.0.pull().map(T::wrap)
    }

    fn zero() -> Option<T> {
        P::zero().map(T::wrap)
    }
}
