//! The wire format: the document's tables, round trips, and hostile input.

mod columns;
mod hostile;
mod round_trips;
mod tables;

use restream::codec::{DecodeError, ErrorCode, Value, Writer, decode_with};

fn bytes_of(value: &impl Value) -> Vec<u8> {
    let mut w = Writer::new();
    value.encode(&mut w);
    assert_eq!(w.exceeded(), None);
    w.into_bytes().to_vec()
}

/// The head of `count` elements as rows.
pub(crate) fn head(count: u8) -> u8 {
    (count << 1) << 1 | 1
}

fn value_of<T: Value>(bytes: &[u8]) -> Result<T, DecodeError> {
    decode_with(bytes, T::decode)
}

fn code_of<T: Value>(bytes: &[u8]) -> ErrorCode {
    value_of::<T>(bytes).expect_err("must be refused").code
}
