//! The versions that an answer waits for: rows of [`Seen`], each with its length in front.

use bytes::Bytes;

use super::envelope::Malformed;
use super::generated::session::v1::Seen;
use crate::codec::{Row, Writer, decode_with};

/// What an answer carries as `seen`.
pub(super) fn encode_seen(seen: &[Seen]) -> Bytes {
    let mut w = Writer::new();
    for one in seen {
        w.nested(|w| one.encode_row(w));
    }
    w.into_bytes()
}

/// The versions that an answer names.
///
/// # Errors
/// [`Malformed`] if these bytes are not rows of [`Seen`].
pub(super) fn decode_seen(bytes: &[u8]) -> Result<Vec<Seen>, Malformed> {
    let rows = decode_with(bytes, |r| {
        let mut seen = Vec::new();
        while !r.at_end() {
            seen.push(r.nested(Seen::decode_row)?);
        }
        Ok(seen)
    });
    rows.map_err(|_| Malformed("seen"))
}
