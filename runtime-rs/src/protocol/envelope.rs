//! The envelope: how frames lie in a websocket message, and how a frame begins.
//!
//! Source: docs/protocol.md, "Envelope".

use bytes::Bytes;

use crate::codec::Reader;

/// The kind of the frame that holds other frames.
const BATCH: u64 = 0;
/// How many low bits of `from` a delta frame carries as a check.
const CHECK_BITS: u32 = 7;
/// Mask of the low bits of `from` that a delta frame carries.
pub const CHECK_MASK: u64 = (1 << CHECK_BITS) - 1;

/// One frame of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A control frame: its kind and its body, a row.
    Control {
        /// The number of the kind.
        kind: u32,
        /// The row.
        body: &'a [u8],
    },
    /// A step of a view.
    Delta {
        /// The number of the view.
        view: u32,
        /// How many versions the step spans; at least 1.
        steps: u64,
        /// The low 7 bits of the version that it starts from.
        check: u64,
        /// The delta.
        body: &'a [u8],
    },
}

/// Why a message is not made of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed frame: {0}")]
pub struct Malformed(pub &'static str);

/// The frames of a message, in order.
///
/// # Errors
/// [`Malformed`] if the message is empty, a length leaves it, or a batch is empty or holds a batch.
pub fn split(message: &[u8]) -> Result<Vec<Frame<'_>>, Malformed> {
    let (head, rest) = varint(message)?;
    if head != BATCH << 1 {
        return Ok(vec![frame(message)?]);
    }
    let mut frames = Vec::new();
    let mut rest = rest;
    while !rest.is_empty() {
        let (length, after) = varint(rest)?;
        let length = usize::try_from(length).map_err(|_| Malformed("length"))?;
        let (inner, after) = after.split_at_checked(length).ok_or(Malformed("length"))?;
        frames.push(frame(inner)?);
        rest = after;
    }
    if frames.is_empty() { Err(Malformed("empty batch")) } else { Ok(frames) }
}

fn frame(bytes: &[u8]) -> Result<Frame<'_>, Malformed> {
    let (head, body) = varint(bytes)?;
    let number = u32::try_from(head >> 1).map_err(|_| Malformed("number"))?;
    if head & 1 == 0 {
        return if u64::from(number) == BATCH {
            Err(Malformed("batch in a batch"))
        } else {
            Ok(Frame::Control { kind: number, body })
        };
    }
    let (step, body) = varint(body)?;
    let (steps, check) = (step >> CHECK_BITS, step & CHECK_MASK);
    if steps == 0 { Err(Malformed("no step")) } else { Ok(Frame::Delta { view: number, steps, check, body }) }
}

fn varint(bytes: &[u8]) -> Result<(u64, &[u8]), Malformed> {
    let mut reader = Reader::new(bytes);
    let value = reader.varint().map_err(|_| Malformed("varint"))?;
    Ok((value, &bytes[reader.offset()..]))
}

/// A control frame: its kind, then its body.
#[must_use]
pub fn control_frame(kind: u32, body: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(body.len() + 2);
    put_varint(&mut frame, u64::from(kind) << 1);
    frame.extend_from_slice(body);
    frame.into()
}

/// A delta frame. Its header takes 3 to 5 bytes, more only for large steps and numbers.
#[must_use]
pub fn delta_frame(view: u32, from: u64, to: u64, delta: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(delta.len() + 8);
    put_varint(&mut frame, (u64::from(view) << 1) | 1);
    put_varint(&mut frame, (to.saturating_sub(from) << CHECK_BITS) | (from & CHECK_MASK));
    frame.extend_from_slice(delta);
    frame.into()
}

/// Appends a prefix varint.
///
/// Source: docs/wire-format.md, section 2.
fn put_varint(out: &mut Vec<u8>, value: u64) {
    let n = varint_len(value);
    if n == 9 {
        out.push(0);
        out.extend_from_slice(&value.to_le_bytes());
    } else {
        let bits = (value << n) | (1 << (n - 1));
        out.extend_from_slice(&bits.to_le_bytes()[..n]);
    }
}

fn varint_len(value: u64) -> usize {
    let bits = (64 - value.leading_zeros()).max(1) as usize;
    bits.div_ceil(7).min(9)
}

/// Collects frames into one message: a single frame stands alone, several make a batch.
#[derive(Debug, Default)]
pub struct MessageBuilder {
    buffer: Vec<u8>,
    n_frames: usize,
    first_at: usize,
}

impl MessageBuilder {
    /// An empty message.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes collected so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Whether there is no frame yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n_frames == 0
    }

    /// What the message would grow by with a frame of `n_bytes`.
    #[must_use]
    pub fn cost(n_bytes: usize) -> usize {
        n_bytes + varint_len(n_bytes as u64)
    }

    /// Appends a frame.
    pub fn push(&mut self, frame: &[u8]) {
        if self.buffer.is_empty() {
            put_varint(&mut self.buffer, BATCH << 1);
        }
        put_varint(&mut self.buffer, frame.len() as u64);
        if self.n_frames == 0 {
            self.first_at = self.buffer.len();
        }
        self.buffer.extend_from_slice(frame);
        self.n_frames += 1;
    }

    /// The message, or `None` without a frame.
    #[must_use]
    pub fn finish(self) -> Option<Bytes> {
        let message = Bytes::from(self.buffer);
        match self.n_frames {
            0 => None,
            1 => Some(message.slice(self.first_at..)),
            _ => Some(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_take_the_shortest_form() {
        for (value, hex) in [
            (0, vec![1]),
            (1, vec![3]),
            (127, vec![0xff]),
            (128, vec![2, 2]),
            (16383, vec![0xfe, 0xff]),
            (16384, vec![4, 0, 2]),
            (u64::MAX, vec![0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ] {
            let mut out = Vec::new();
            put_varint(&mut out, value);
            assert_eq!(out, hex, "{value}");
            assert_eq!(varint(&out), Ok((value, &[][..])));
        }
        for shift in 0..64 {
            let mut out = Vec::new();
            put_varint(&mut out, 1 << shift);
            assert_eq!(out.len(), varint_len(1 << shift));
            assert_eq!(varint(&out), Ok((1 << shift, &[][..])));
        }
    }

    #[test]
    fn one_frame_stands_alone_and_two_make_a_batch() {
        let mut one = MessageBuilder::new();
        one.push(&control_frame(21, b"x"));
        let one = one.finish().unwrap();
        assert_eq!(one, control_frame(21, b"x"));
        assert_eq!(split(&one), Ok(vec![Frame::Control { kind: 21, body: b"x" }]));

        let mut two = MessageBuilder::new();
        two.push(&control_frame(21, b"x"));
        two.push(&delta_frame(5, 300, 302, b"delta"));
        let two = two.finish().unwrap();
        let delta = Frame::Delta { view: 5, steps: 2, check: 300 & 127, body: b"delta" };
        assert_eq!(split(&two), Ok(vec![Frame::Control { kind: 21, body: b"x" }, delta]));
        assert_eq!(MessageBuilder::new().finish(), None);
    }

    #[test]
    fn a_delta_header_takes_three_to_five_bytes() {
        assert_eq!(delta_frame(1, 0, 1, &[]).len(), 3);
        assert_eq!(delta_frame(63, 5, 6, &[]).len(), 3);
        assert_eq!(delta_frame(8_000, u64::MAX - 1, u64::MAX, &[]).len(), 4);
        assert_eq!(delta_frame(1_000_000, 1, 5_000, &[]).len(), 6);
    }

    #[test]
    fn what_is_not_a_message_is_refused() {
        let nested = [0x01, 0x03, 0x01, 0x03, 0x05];
        let cases: [(&[u8], &str); 7] = [
            (&[], "varint"),
            (&[0x00, 1], "varint"),
            (&[0x01], "empty batch"),
            (&[0x01, 0x05, 0x05], "length"),
            (&nested, "batch in a batch"),
            (&[0x07], "varint"),
            (&[0x07, 0x01], "no step"),
        ];
        for (bytes, why) in cases {
            assert_eq!(split(bytes), Err(Malformed(why)), "{bytes:x?}");
        }
    }
}
