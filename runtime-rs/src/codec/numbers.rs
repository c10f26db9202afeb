//! Reading numbers.

use super::reader::Reader;
use super::writer::{F32_NAN, F64_NAN};
use crate::error::{DecodeError, ErrorCode};

impl Reader<'_> {
    /// A prefix varint. Source: docs/wire-format.md, section 2.
    /// # Errors
    /// [`ErrorCode::Truncated`], [`ErrorCode::Overlong`] for a form that is not the shortest.
    #[inline(always)]
    pub fn varint(&mut self) -> Result<u64, DecodeError> {
        let Some(bytes) = self.buf.get(self.pos..self.pos + 8) else { return self.long_varint() };
        let word = u64::from_le_bytes(bytes.try_into().unwrap_or_default());
        let n = (word | 1 << 8).trailing_zeros() as usize + 1;
        if n > 8 || n > self.end - self.pos {
            return self.long_varint();
        }
        let value = word << (64 - 8 * n) >> (64 - 7 * n);
        // One byte less holds 7 bits less.
        if n > 1 && value >> (7 * (n - 1)) == 0 {
            return self.long_varint();
        }
        self.pos += n;
        Ok(value)
    }

    /// The same for every number and fault, wherever it stands.
    #[inline(never)]
    fn long_varint(&mut self) -> Result<u64, DecodeError> {
        let start = self.pos;
        let Some(&first) = self.buf.get(start) else { return Err(self.error(ErrorCode::Truncated)) };
        let n = first.trailing_zeros() as usize + 1;
        if n > self.end - start {
            return Err(self.error(ErrorCode::Truncated));
        }
        let value = if n == 9 { self.load(start + 1) } else { self.load(start) << (64 - 8 * n) >> (64 - 7 * n) };
        // One byte less holds 7 bits less.
        if value >> (7 * (n - 1)) == 0 && n > 1 {
            return Err(self.error(ErrorCode::Overlong));
        }
        self.pos = start + n;
        Ok(value)
    }

    /// Eight bytes from `at`; behind the end of the message they count as zero.
    #[inline]
    fn load(&self, at: usize) -> u64 {
        if let Some(bytes) = self.buf.get(at..at + 8) {
            return u64::from_le_bytes(bytes.try_into().unwrap_or_default());
        }
        let behind = at + 8 - self.buf.len();
        match self.buf.last_chunk::<8>() {
            // The last eight bytes, without those in front of `at`.
            Some(last) if behind < 8 => u64::from_le_bytes(*last) >> (8 * behind),
            _ => self.buf.iter().skip(at).rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        }
    }

    /// A signed number from a zigzag varint.
    /// # Errors
    /// As [`varint`](Self::varint).
    #[inline]
    pub fn zigzag(&mut self) -> Result<i64, DecodeError> {
        self.varint().map(|v| (v >> 1) as i64 ^ -((v & 1) as i64))
    }

    /// A varint that must be 0 or 1: the operand of a `bool?` field.
    /// # Errors
    /// [`ErrorCode::Bool`] for another number.
    pub fn bool_varint(&mut self) -> Result<bool, DecodeError> {
        let start = self.pos;
        match self.varint()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.error_at(start, ErrorCode::Bool)),
        }
    }

    /// An f32.
    /// # Errors
    /// [`ErrorCode::Nan`] for a NaN that is not the one pattern.
    #[inline]
    pub fn f32(&mut self) -> Result<f32, DecodeError> {
        let start = self.pos;
        let value = f32::from_le_bytes(self.array()?);
        if value.is_nan() && value.to_bits() != F32_NAN {
            return Err(self.error_at(start, ErrorCode::Nan));
        }
        Ok(value)
    }

    /// An f64.
    /// # Errors
    /// [`ErrorCode::Nan`] for a NaN that is not the one pattern.
    #[inline]
    pub fn f64(&mut self) -> Result<f64, DecodeError> {
        let start = self.pos;
        let value = f64::from_le_bytes(self.array()?);
        if value.is_nan() && value.to_bits() != F64_NAN {
            return Err(self.error_at(start, ErrorCode::Nan));
        }
        Ok(value)
    }
}

macro_rules! integers {
    ($($name:ident: $raw:ident;)*) => {
        impl Reader<'_> {$(
            #[doc = concat!("A `", stringify!($name), "` from a varint.")]
            /// # Errors
            /// [`ErrorCode::Range`] if the number does not fit.
            #[inline]
            pub fn $name(&mut self) -> Result<$name, DecodeError> {
                let start = self.pos;
                let value = self.$raw()?;
                $name::try_from(value).map_err(|_| self.error_at(start, ErrorCode::Range))
            }
        )*}
    };
}
integers! {
    u8: varint;
    u16: varint;
    u32: varint;
    i8: zigzag;
    i16: zigzag;
    i32: zigzag;
}

impl Reader<'_> {
    /// A `u64` from a varint.
    /// # Errors
    /// As [`varint`](Self::varint).
    #[inline]
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        self.varint()
    }

    /// An `i64` from a zigzag varint.
    /// # Errors
    /// As [`varint`](Self::varint).
    #[inline]
    pub fn i64(&mut self) -> Result<i64, DecodeError> {
        self.zigzag()
    }
}
