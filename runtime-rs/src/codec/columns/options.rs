//! Columns of optional values: their presence is that of the column.

use super::{Head, Payload, Place, Plan, Presence, Scratch, pack_bits};
use crate::codec::reader::Reader;
use crate::codec::writer::Writer;
use crate::error::DecodeError;

/// Collects optional values.
#[derive(Debug, Default)]
pub struct OptionScratch<S> {
    present: Vec<bool>,
    values: S,
}

impl<T, S: Scratch<T>> Scratch<Option<T>> for OptionScratch<S> {
    fn clear(&mut self) {
        self.present.clear();
        self.values.clear();
    }

    #[inline]
    fn extend<'v, I>(&mut self, values: I, place: Place)
    where
        I: Iterator<Item = &'v Option<T>> + Clone,
        T: 'v,
    {
        self.present.extend(values.clone().map(Option::is_some));
        self.values.extend(values.filter_map(Option::as_ref), place);
    }

    fn sparse(&mut self, _: Option<&Option<T>>, bitmap: &mut Vec<u8>) -> Presence {
        let n_present = self.present.iter().filter(|present| **present).count();
        if n_present == 0 {
            return Presence::None;
        }
        if n_present == self.present.len() {
            return Presence::All;
        }
        pack_bits(bitmap, &self.present);
        Presence::Some
    }

    fn plan(&mut self, _: bool) -> Plan {
        self.values.plan(true)
    }

    fn write(&self, w: &mut Writer) {
        self.values.write(w);
    }

    fn rows_bytes(&self) -> usize {
        self.values.rows_bytes().saturating_add(self.present.len().div_ceil(8))
    }
}

/// Reads optional values that are present.
#[derive(Debug)]
pub struct OptionPayload<P>(P);

impl<'a, T, P: Payload<'a, T>> Payload<'a, Option<T>> for OptionPayload<P> {
    fn allows(low: u8, presence: u8, optional: bool) -> bool {
        P::allows(low, presence, optional)
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&Option<T>>) -> Result<Self, DecodeError> {
        P::open(r, head, None).map(Self)
    }

    #[inline(always)]
    fn pull(&mut self) -> Option<Option<T>> {
        self.0.pull().map(Some)
    }

    fn zero() -> Option<Option<T>> {
        Some(None)
    }
}
