//! Columns of decimals: numbers or 16 bytes, by their number of digits.

use super::{FixedPayload, FixedScratch, Head, IntPayload, IntScratch, Payload, Place, Plan, Presence, Scratch};
use crate::codec::reader::Reader;
use crate::codec::writer::Writer;
use crate::error::DecodeError;
use crate::scalar::Decimal;

/// A decimal with more digits has the shape `fixed16`.
pub(in crate::codec) const MAX_VARINT_DIGITS: u8 = 18;

/// Collects decimals.
#[derive(Debug, Default)]
pub struct DecimalScratch {
    short: IntScratch<i64>,
    long: FixedScratch<16>,
}

impl<const P: u8, const S: u8> Scratch<Decimal<P, S>> for DecimalScratch {
    fn clear(&mut self) {
        <IntScratch<i64> as Scratch<Decimal<P, S>>>::clear(&mut self.short);
        <FixedScratch<16> as Scratch<Decimal<P, S>>>::clear(&mut self.long);
    }

    fn extend<'v, I>(&mut self, values: I, place: Place)
    where
        I: Iterator<Item = &'v Decimal<P, S>> + Clone,
    {
        if P <= MAX_VARINT_DIGITS { self.short.extend(values, place) } else { self.long.extend(values, place) }
    }

    fn sparse(&mut self, default: Option<&Decimal<P, S>>, bitmap: &mut Vec<u8>) -> Presence {
        if P <= MAX_VARINT_DIGITS { self.short.sparse(default, bitmap) } else { self.long.sparse(default, bitmap) }
    }

    fn plan(&mut self, optional: bool) -> Plan {
        if P <= MAX_VARINT_DIGITS {
            self.short.pack()
        } else {
            <FixedScratch<16> as Scratch<Decimal<P, S>>>::plan(&mut self.long, optional)
        }
    }

    fn write(&self, w: &mut Writer) {
        if P <= MAX_VARINT_DIGITS {
            self.short.write_packed(w);
        } else {
            <FixedScratch<16> as Scratch<Decimal<P, S>>>::write(&self.long, w);
        }
    }

    fn rows_bytes(&self) -> usize {
        <IntScratch<i64> as Scratch<Decimal<P, S>>>::rows_bytes(&self.short)
    }
}

/// Reads decimals.
#[derive(Debug)]
pub enum DecimalPayload<'a, const P: u8, const S: u8> {
    /// Up to 18 digits.
    Short(IntPayload<'a, Decimal<P, S>>),
    /// More.
    Long(FixedPayload<'a, Decimal<P, S>, 16>),
}

impl<'a, const P: u8, const S: u8> Payload<'a, Decimal<P, S>> for DecimalPayload<'a, P, S> {
    fn allows(low: u8, presence: u8, optional: bool) -> bool {
        if P <= MAX_VARINT_DIGITS {
            IntPayload::<Decimal<P, S>>::allows(low, presence, optional)
        } else {
            FixedPayload::<Decimal<P, S>, 16>::allows(low, presence, optional)
        }
    }

    fn open(r: &mut Reader<'a>, head: Head, default: Option<&Decimal<P, S>>) -> Result<Self, DecodeError> {
        if P <= MAX_VARINT_DIGITS {
            IntPayload::open(r, head, default).map(Self::Short)
        } else {
            FixedPayload::open(r, head, default).map(Self::Long)
        }
    }

    fn pull(&mut self) -> Option<Decimal<P, S>> {
        match self {
            Self::Short(short) => short.pull(),
            Self::Long(long) => long.pull(),
        }
    }

    fn zero() -> Option<Decimal<P, S>> {
        Decimal::from_unscaled(0)
    }
}
