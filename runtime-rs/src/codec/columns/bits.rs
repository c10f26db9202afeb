//! Columns of bools: bits, or numbers where they are optional.

use super::pack::Packed;
use super::{Head, IntScratch, Payload, Place, Plan, Presence, Scratch, pack_bits};
use crate::codec::reader::Reader;
use crate::codec::writer::Writer;
use crate::error::{DecodeError, ErrorCode};

/// Collects bools.
#[derive(Debug, Default)]
pub struct BitScratch {
    bits: Vec<bool>,
    numbers: IntScratch<u8>,
    optional: bool,
}

impl Scratch<bool> for BitScratch {
    fn clear(&mut self) {
        self.bits.clear();
    }

    #[inline]
    fn extend<'v, I>(&mut self, values: I, _: Place)
    where
        I: Iterator<Item = &'v bool> + Clone,
    {
        self.bits.extend(values);
    }

    fn sparse(&mut self, default: Option<&bool>, _: &mut Vec<u8>) -> Presence {
        if default == Some(&true) {
            self.bits.iter_mut().for_each(|bit| *bit = !*bit);
        }
        if self.bits.iter().any(|bit| *bit) { Presence::All } else { Presence::None }
    }

    fn plan(&mut self, optional: bool) -> Plan {
        self.optional = optional;
        if !optional {
            return Plan { low: 0, bytes: self.bits.len().div_ceil(8), weight: 0, inline: 0 };
        }
        let numbers = self.numbers.values_mut();
        numbers.clear();
        numbers.extend(self.bits.iter().map(|bit| u8::from(*bit)));
        self.numbers.pack()
    }

    fn write(&self, w: &mut Writer) {
        if self.optional {
            return self.numbers.write_packed(w);
        }
        pack_bits(&mut w.buf, &self.bits);
    }
}

/// Reads bools.
#[derive(Debug)]
pub enum BitPayload<'a> {
    /// One bit each.
    Bits {
        /// The bits.
        bytes: &'a [u8],
        /// Which one is next.
        at: usize,
        /// Whether they are inverted.
        inverted: bool,
    },
    /// The numbers of `bool?`.
    #[doc(hidden)]
    Numbers(Numbers<'a>),
}

/// Numbers 0 and 1.
#[derive(Debug)]
pub struct Numbers<'a>(Packed<'a>);

impl<'a> Payload<'a, bool> for BitPayload<'a> {
    fn allows(low: u8, presence: u8, optional: bool) -> bool {
        if optional { Packed::allows(low) } else { low == 0 && presence == 1 }
    }

    fn open(r: &mut Reader<'a>, head: Head, default: Option<&bool>) -> Result<Self, DecodeError> {
        let Head { low, k, start, optional } = head;
        if optional {
            let numbers = Packed::open(r, low, k, start, (0_u8, 1), ErrorCode::Bool)?;
            return Ok(Self::Numbers(Numbers(numbers)));
        }
        Ok(Self::Bits { bytes: r.bitmap(k, start)?, at: 0, inverted: default == Some(&true) })
    }

    #[inline(always)]
    fn pull(&mut self) -> Option<bool> {
        match self {
            Self::Bits { bytes, at, inverted } => {
                let i = *at;
                *at += 1;
                bytes.get(i / 8).map(|byte| (byte >> (i % 8) & 1 == 1) != *inverted)
            }
            Self::Numbers(numbers) => Some(numbers.0.next() == 1),
        }
    }

    fn zero() -> Option<bool> {
        Some(false)
    }
}
