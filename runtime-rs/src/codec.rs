//! Room 1: values to bytes and back, as docs/wire-format.md says. Knows nothing of stores.
//!
//! Types implement [`Value`] (anything that can be a field or an element), [`Row`] (structs) or [`Union`]; generated code
//! does so with straight-line calls of [`Writer`] and [`Reader`], where all loops, limits and checks live.

pub mod check;
pub mod columns;
mod containers;
mod level;
mod limits;
mod numbers;
mod reader;
mod rows;
mod scalars;
mod value;
mod writer;

use bytes::Bytes;

pub(crate) use self::containers::{
    decode_entries, decode_keyed, decode_list, decode_members, encode_entries, encode_list, encode_members,
};
pub use self::level::Level;
pub use self::limits::{MAX_DEPTH, MAX_ELEMENTS, MAX_SLOTS};
pub use self::reader::{Reader, Shape, decode_with};
pub use self::rows::{RowHeader, RowMark};
pub use self::value::{Key, Row, Union, UnknownCase, Value};
pub use self::writer::Writer;
pub use crate::error::{DecodeError, ErrorCode};

/// Encodes a struct for a reader who may see everything.
///
/// ```
/// assert_eq!(&restream::codec::encode(&())[..], [0x01]);
/// ```
pub fn encode<T: Row>(value: &T) -> Bytes {
    encode_at(value, Level::MAX)
}

/// Encodes a struct for a reader of this level.
pub fn encode_at<T: Row>(value: &T, level: Level) -> Bytes {
    let mut w = Writer::with_level(level);
    value.encode_row(&mut w);
    w.into_bytes()
}

/// Encodes a struct into a writer that is used again and again, and returns the message.
///
/// ```
/// # use restream::codec::Writer;
/// let mut w = Writer::new();
/// assert_eq!(restream::codec::encode_into(&(), &mut w), [0x01]);
/// assert_eq!(restream::codec::encode_into(&(), &mut w), [0x01]);
/// ```
pub fn encode_into<'w, T: Row>(value: &T, w: &'w mut Writer) -> &'w [u8] {
    w.clear();
    value.encode_row(w);
    w.as_slice()
}

/// Whether these bytes are what encoding the value they stand for gives: equal values have equal bytes then.
pub fn is_canonical<T: Row>(bytes: &[u8]) -> bool {
    decode::<T>(bytes).is_ok_and(|value| encode(&value) == bytes)
}

/// Decodes a struct from a whole message.
/// # Errors
/// Whatever the format refuses, with the offset of the offending value.
#[inline]
pub fn decode<T: Row>(message: &[u8]) -> Result<T, DecodeError> {
    decode_with(message, T::decode_row)
}

/// Encodes a union or error as a whole message: `[case id][payload row]`.
pub fn encode_case<T: Union>(value: &T) -> Bytes {
    encode_case_at(value, Level::MAX)
}

/// Encodes a union or error as a whole message for a reader of this level.
pub fn encode_case_at<T: Union>(value: &T, level: Level) -> Bytes {
    let mut w = Writer::with_level(level);
    value.encode_case(&mut w);
    w.into_bytes()
}

/// Decodes a union or error from a whole message.
/// # Errors
/// Whatever the format refuses, with the offset of the offending value.
pub fn decode_case<T: Union>(message: &[u8]) -> Result<T, DecodeError> {
    decode_with(message, T::decode_case)
}
