//! Scalars as values. Source: docs/wire-format.md, section 3.

use bytes::Bytes;
use num_bigint::BigInt;
use uuid::Uuid;

use super::reader::Reader;
use super::value::{Key, Value};
use super::writer::Writer;
use crate::error::{DecodeError, ErrorCode};
use crate::scalar::{Decimal, Duration, Timestamp};

macro_rules! integers {
    ($($ty:ident: $raw:ident($wide:ident);)*) => {$(
        impl Value for $ty {
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
    ($($ty:ident)*) => {$(
        impl Value for $ty {
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
    )*};
}
floats! { f32 f64 }

/// A bool outside of a row: one byte.
impl Value for bool {
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
    fn encode(&self, w: &mut Writer) {
        w.str(self);
    }

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
impl Key for String {}

impl Value for Bytes {
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

impl Value for Uuid {
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
impl Key for Uuid {}

impl Value for Timestamp {
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

impl Value for Duration {
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

impl<const P: u8, const S: u8> Value for Decimal<P, S> {
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

/// A decimal with more digits has the shape `fixed16`.
const MAX_VARINT_DIGITS: u8 = 18;

impl Value for BigInt {
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
