//! Columns of values that stay rows: unions, and fields through which a type contains itself.

use std::fmt;
use std::vec;

use super::{Head, Payload, Place, Plan, Presence, Scratch, pack_bits};
use crate::codec::reader::Reader;
use crate::codec::value::Value;
use crate::codec::writer::{Writer, varint_len};
use crate::error::DecodeError;

/// The `low` of a column of rows.
pub(super) const AS_ROWS: u8 = 1;

/// Collects values as they are encoded one after another.
#[derive(Debug, Default)]
pub struct RowsScratch {
    present: Vec<bool>,
    some_not_empty: bool,
    rows: Writer,
}

impl<T: Value> Scratch<T> for RowsScratch {
    fn clear(&mut self) {
        self.present.clear();
        self.some_not_empty = false;
        self.rows.clear();
    }

    fn extend<'v, I>(&mut self, values: I, place: Place)
    where
        I: Iterator<Item = &'v T> + Clone,
        T: 'v,
    {
        self.rows.stand_in(place);
        for value in values {
            self.present.push(value.is_present());
            self.some_not_empty |= !T::COLLECTION || !value.is_default_for(place.level);
            value.encode_present(&mut self.rows);
        }
    }

    fn sparse(&mut self, _: Option<&T>, bitmap: &mut Vec<u8>) -> Presence {
        let n_present = self.present.iter().filter(|present| **present).count();
        if n_present == 0 || !self.some_not_empty {
            return Presence::None;
        }
        if n_present == self.present.len() {
            return Presence::All;
        }
        pack_bits(bitmap, &self.present);
        Presence::Some
    }

    fn plan(&mut self, _: bool) -> Plan {
        let content = self.rows.len();
        Plan { low: AS_ROWS, bytes: varint_len(content as u64) + content, weight: 0, inline: 0 }
    }

    fn write(&self, w: &mut Writer) {
        w.varint(self.rows.len() as u64);
        w.append(&self.rows);
    }
}

/// Values that were read as rows.
#[derive(Debug)]
pub struct RowsPayload<T>(vec::IntoIter<T>);

impl<T: Value> RowsPayload<T> {
    /// Reads the rows behind a mode.
    pub(super) fn read(r: &mut Reader<'_>, head: Head) -> Result<Self, DecodeError> {
        r.span_at(head.start, |r| {
            let mut values = Vec::new();
            if !r.is_checking() {
                // Each takes at least its length.
                let room = head.k.min(r.remaining());
                r.charge(room * size_of::<T>())?;
                values.reserve_exact(room);
            }
            for _ in 0..head.k {
                let value = T::decode(r)?;
                if !r.is_checking() {
                    values.push(value);
                }
            }
            Ok(Self(values.into_iter()))
        })
    }

    pub(super) fn of(values: Vec<T>) -> Self {
        Self(values.into_iter())
    }

    pub(super) fn pull(&mut self) -> Option<T> {
        self.0.next()
    }
}

/// The payload of unions, which have no other form.
impl<'a, T: Value> Payload<'a, T> for RowsPayload<T> {
    fn allows(low: u8, _: u8, _: bool) -> bool {
        low == AS_ROWS
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&T>) -> Result<Self, DecodeError> {
        Self::read(r, head)
    }

    fn pull(&mut self) -> Option<T> {
        self.pull()
    }

    fn zero() -> Option<T> {
        None
    }
}

/// The payload of sets, which have no other form either, but a zero.
#[derive(Debug)]
pub struct RowsOf<T>(RowsPayload<T>);

impl<'a, T: Value + Default> Payload<'a, T> for RowsOf<T> {
    fn allows(low: u8, _: u8, _: bool) -> bool {
        low == AS_ROWS
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&T>) -> Result<Self, DecodeError> {
        RowsPayload::read(r, head).map(Self)
    }

    fn pull(&mut self) -> Option<T> {
        self.0.pull()
    }

    fn zero() -> Option<T> {
        Some(T::default())
    }
}

/// The payload of arrays: their zero is that of their elements.
#[derive(Debug)]
pub struct ArrayOf<T, const N: usize>(RowsPayload<[T; N]>);

impl<'a, T: Value, const N: usize> Payload<'a, [T; N]> for ArrayOf<T, N> {
    fn allows(low: u8, _: u8, _: bool) -> bool {
        low == AS_ROWS
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&[T; N]>) -> Result<Self, DecodeError> {
        RowsPayload::read(r, head).map(Self)
    }

    fn pull(&mut self) -> Option<[T; N]> {
        self.0.pull()
    }

    fn zero() -> Option<[T; N]> {
        let zero = <T::Payload<'a> as Payload<'a, T>>::zero()?;
        Some(std::array::from_fn(|_| zero.clone()))
    }
}

/// The payload of a field through which a type contains itself: in memory of its own, because it may contain payloads of its
/// own type.
pub struct Deferred<'a, T>(Box<dyn FnMut() -> Option<T> + 'a>);

impl<T> fmt::Debug for Deferred<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deferred")
    }
}

impl<'a, T: Value> Payload<'a, T> for Deferred<'a, T> {
    fn allows(low: u8, presence: u8, optional: bool) -> bool {
        <T::Payload<'a> as Payload<'a, T>>::allows(low, presence, optional)
    }

    fn open(r: &mut Reader<'a>, head: Head, default: Option<&T>) -> Result<Self, DecodeError> {
        let mut payload = <T::Payload<'a> as Payload<'a, T>>::open(r, head, default)?;
        Ok(Self(Box::new(move || payload.pull())))
    }

    fn pull(&mut self) -> Option<T> {
        (self.0)()
    }

    fn zero() -> Option<T> {
        <T::Payload<'a> as Payload<'a, T>>::zero()
    }
}
