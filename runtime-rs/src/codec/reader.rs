//! The decoder: a position in a message, what encloses it, and how much the message may still cost.

use super::limits::{MAX_DEPTH, MAX_ELEMENTS, highest_count, highest_weight, unproven_memory};
use crate::error::{DecodeError, ErrorCode};

/// Reads one message; never panics, whatever the bytes are.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(super) buf: &'a [u8],
    pub(super) pos: usize,
    /// End of the innermost value with a length. The buffer may go on behind it.
    pub(super) end: usize,
    depth: u32,
    elements: u64,
    /// What may still unfold from the message.
    weight: u64,
    /// Bytes that may still be allocated.
    memory: usize,
    starved: bool,
    checking: bool,
}

/// How a value is delimited in a row, which is all one must know to skip it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Lives in the presence bitmap.
    Bit,
    /// A varint.
    Varint,
    /// 4 bytes.
    Fixed4,
    /// 8 bytes.
    Fixed8,
    /// 16 bytes.
    Fixed16,
    /// A varint byte length and that many bytes.
    Len,
}

/// Decodes a whole message with `f`, which must read to the end.
///
/// Until the message has been read to its end without an error, decoding allocates at most twice its size and 1 MiB. A
/// message that unfolds into more is first read once without keeping anything.
/// # Errors
/// What `f` refuses, and [`ErrorCode::Trailing`] for bytes behind the value.
#[inline]
pub fn decode_with<'a, T>(
    message: &'a [u8],
    mut f: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    let mut frugal = Reader { memory: unproven_memory(message.len()), ..Reader::new(message) };
    let result = frugal.whole(&mut f);
    if !frugal.starved {
        return result;
    }
    drop(result);
    check_and_decode(message, f)
}

#[cold]
fn check_and_decode<'a, T>(
    message: &'a [u8],
    mut f: impl FnMut(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    Reader { checking: true, ..Reader::new(message) }.whole(&mut f)?;
    Reader::new(message).whole(&mut f)
}

impl<'a> Reader<'a> {
    /// A reader at the start of a message. Prefer [`decode_with`], which also bounds memory.
    pub fn new(message: &'a [u8]) -> Self {
        Self {
            buf: message,
            pos: 0,
            end: message.len(),
            depth: 0,
            elements: MAX_ELEMENTS,
            weight: highest_weight(message.len()),
            memory: usize::MAX,
            starved: false,
            checking: false,
        }
    }

    #[inline]
    fn whole<T>(&mut self, f: &mut impl FnMut(&mut Self) -> Result<T, DecodeError>) -> Result<T, DecodeError> {
        let value = f(self)?;
        self.expect_end(self.pos)?;
        Ok(value)
    }

    /// Bytes read so far.
    pub fn offset(&self) -> usize {
        self.pos
    }

    /// Bytes left in the innermost value with a length.
    pub fn remaining(&self) -> usize {
        self.end - self.pos
    }

    /// Whether the innermost value with a length has been read to its end.
    pub fn at_end(&self) -> bool {
        self.pos == self.end
    }

    /// An error for the value that begins at `offset`.
    #[cold]
    pub fn error_at(&self, offset: usize, code: ErrorCode) -> DecodeError {
        DecodeError { code, offset }
    }

    /// An error for the value that begins here.
    #[cold]
    pub fn error(&self, code: ErrorCode) -> DecodeError {
        self.error_at(self.pos, code)
    }

    /// The next `n` bytes of the value that begins at `start`.
    #[inline(always)]
    pub(crate) fn take(&mut self, n: usize, start: usize) -> Result<&'a [u8], DecodeError> {
        if n > self.end - self.pos {
            return Err(self.error_at(start, ErrorCode::Truncated));
        }
        let bytes = &self.buf[self.pos..self.pos + n];
        self.pos += n;
        Ok(bytes)
    }

    /// The next `N` bytes.
    /// # Errors
    /// [`ErrorCode::Truncated`].
    #[inline(always)]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let start = self.pos;
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.take(N, start)?);
        Ok(bytes)
    }

    /// One byte as it is.
    /// # Errors
    /// [`ErrorCode::Truncated`].
    #[inline]
    pub fn byte(&mut self) -> Result<u8, DecodeError> {
        self.array().map(|[byte]| byte)
    }

    /// Varint length and that many bytes.
    /// # Errors
    /// [`ErrorCode::Truncated`] if they are not all there.
    #[inline(always)]
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let start = self.pos;
        let n = self.varint()?;
        self.take(usize::try_from(n).unwrap_or(usize::MAX), start)
    }

    /// A string.
    /// # Errors
    /// [`ErrorCode::Utf8`].
    #[inline]
    pub fn str(&mut self) -> Result<&'a str, DecodeError> {
        let start = self.pos;
        std::str::from_utf8(self.bytes()?).map_err(|_| self.error_at(start, ErrorCode::Utf8))
    }

    /// Everything up to the end of the innermost value with a length.
    pub fn rest(&mut self) -> &'a [u8] {
        let bytes = &self.buf[self.pos..self.end];
        self.pos = self.end;
        bytes
    }

    /// A value with its byte length in front; `f` sees only the bytes of that value and must read all of them.
    /// # Errors
    /// [`ErrorCode::Truncated`] if the length reaches beyond what encloses it, [`ErrorCode::Depth`], [`ErrorCode::Length`] if `f` leaves bytes.
    pub fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T, DecodeError>) -> Result<T, DecodeError> {
        self.nested_at(self.pos, f)
    }

    /// Like [`nested`](Self::nested), as part of the value that begins at `start`.
    #[inline]
    pub(super) fn nested_at<T>(
        &mut self,
        start: usize,
        f: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let outer_end = self.enter(start)?;
        if self.depth == MAX_DEPTH {
            return Err(self.error_at(start, ErrorCode::Depth));
        }
        self.depth += 1;
        let value = f(self)?;
        self.expect_end(start)?;
        self.depth -= 1;
        self.end = outer_end;
        Ok(value)
    }

    /// Like [`nested_at`](Self::nested_at), but its length does not count against the depth.
    pub(super) fn span_at<T>(
        &mut self,
        start: usize,
        f: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let outer_end = self.enter(start)?;
        let value = f(self)?;
        if !self.at_end() {
            return Err(self.error_at(start, ErrorCode::Length));
        }
        self.end = outer_end;
        Ok(value)
    }

    /// Reads a byte length and narrows what may be read to it; returns where what encloses it ends.
    fn enter(&mut self, start: usize) -> Result<usize, DecodeError> {
        let n = self.varint()?;
        if n > self.remaining() as u64 {
            return Err(self.error_at(start, ErrorCode::Truncated));
        }
        Ok(std::mem::replace(&mut self.end, self.pos + n as usize))
    }

    /// Refuses bytes that are left in the value that begins at `start`.
    pub(super) fn expect_end(&self, start: usize) -> Result<(), DecodeError> {
        match (self.at_end(), self.depth) {
            (true, _) => Ok(()),
            (false, 0) => Err(self.error(ErrorCode::Trailing)),
            (false, _) => Err(self.error_at(start, ErrorCode::Length)),
        }
    }

    /// Passes over a value of this shape.
    /// # Errors
    /// [`ErrorCode::Truncated`], [`ErrorCode::Overlong`], [`ErrorCode::Depth`].
    pub fn skip(&mut self, shape: Shape) -> Result<(), DecodeError> {
        let start = self.pos;
        match shape {
            Shape::Bit => Ok(()),
            Shape::Varint => self.varint().map(drop),
            Shape::Fixed4 => self.take(4, start).map(drop),
            Shape::Fixed8 => self.take(8, start).map(drop),
            Shape::Fixed16 => self.take(16, start).map(drop),
            Shape::Len => self.nested(|r| {
                r.rest();
                Ok(())
            }),
        }
    }

    /// The count of a part of a delta.
    /// # Errors
    /// As [`admit`](Self::admit).
    pub(crate) fn count(&mut self) -> Result<usize, DecodeError> {
        let start = self.pos;
        let count = self.varint()?;
        self.admit(count, start, count, 0)
    }

    /// The count of a container and whether it is in columns.
    pub(crate) fn head(&mut self) -> Result<(u64, bool), DecodeError> {
        let head = self.varint()?;
        Ok((head >> 1, head & 1 == 1))
    }

    /// Checks a count, which stands at `start`, against what is left, and takes its cost from the element budget and what
    /// its elements weigh, each `weight`, from what may unfold.
    /// # Errors
    /// [`ErrorCode::Count`], [`ErrorCode::Elements`].
    pub(crate) fn admit(&mut self, count: u64, start: usize, cost: u64, weight: u64) -> Result<usize, DecodeError> {
        if count > highest_count(self.remaining()) {
            return Err(self.error_at(start, ErrorCode::Count));
        }
        self.spend(cost, start)?;
        self.weigh(count.saturating_mul(weight), start)?;
        usize::try_from(count).map_err(|_| self.error_at(start, ErrorCode::Count))
    }

    /// Takes what the value at `start` costs from the element budget.
    /// # Errors
    /// [`ErrorCode::Elements`].
    pub(super) fn spend(&mut self, cost: u64, start: usize) -> Result<(), DecodeError> {
        match self.elements.checked_sub(cost) {
            Some(left) => self.elements = left,
            None => return Err(self.error_at(start, ErrorCode::Elements)),
        }
        Ok(())
    }

    /// Takes from what may unfold.
    pub(super) fn weigh(&mut self, weight: u64, start: usize) -> Result<(), DecodeError> {
        match self.weight.checked_sub(weight) {
            Some(left) => self.weight = left,
            None => return Err(self.error_at(start, ErrorCode::Elements)),
        }
        Ok(())
    }

    /// The message from here to its end, whatever encloses what is read.
    #[inline]
    pub(super) fn behind(&self) -> &'a [u8] {
        &self.buf[self.pos..]
    }

    /// Asks for memory. While the message is only being checked nothing is kept, so nothing is counted.
    /// # Errors
    /// When the share of a message that may still turn out to be bad is used up; [`decode_with`] then checks the message first.
    #[inline]
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), DecodeError> {
        if bytes > self.memory && !self.checking {
            self.starved = true;
            return Err(self.error(ErrorCode::Elements));
        }
        if !self.checking {
            self.memory -= bytes;
        }
        Ok(())
    }

    /// Whether values are only checked, not kept: containers, strings and bytes then come out empty.
    #[inline]
    pub(crate) fn is_checking(&self) -> bool {
        self.checking
    }

    /// A reader of the same message at `offset`, for a second look at something that has been read without an error.
    pub(crate) fn again_at(&self, offset: usize) -> Self {
        Self { pos: offset, checking: true, ..Reader::new(self.buf) }
    }

    /// The next bytes from `from` on, at most `n`.
    pub(crate) fn read_bytes_at_most(&self, from: usize, n: usize) -> &'a [u8] {
        &self.buf[from..self.buf.len().min(from + n)]
    }

    /// Bytes of the message that have been read.
    pub(crate) fn read_bytes(&self, from: usize, to: usize) -> &'a [u8] {
        &self.buf[from..to]
    }
}
