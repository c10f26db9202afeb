//! The encoder: a growing buffer and the level of the reader it is for.

use std::any::Any;

use bytes::Bytes;

use super::columns::Place;
use super::level::Level;
use super::limits::{MAX_DEPTH, MAX_ELEMENTS, highest_weight};
use crate::error::ErrorCode;

/// Writes one message.
///
/// Fields with a minimum access level are written only if the writer's level [`sees`](Self::sees) them.
#[derive(Debug)]
pub struct Writer {
    pub(super) buf: Vec<u8>,
    level: Level,
    depth: u32,
    deepest: u32,
    elements: u64,
    weight: u64,
    /// Columns that were used and can be used again, one for each type of element.
    columns: Vec<Box<dyn Any + Send>>,
}

/// Room for a typical small message, so that it does not grow byte by byte.
const FIRST_BYTES: usize = 64;

/// Where the length or count of something under construction stands.
const PLACEHOLDER: u8 = 0;

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// A writer for a reader who may see everything.
    pub fn new() -> Self {
        Self::with_level(Level::MAX)
    }

    /// A writer for a reader of this level.
    pub fn with_level(level: Level) -> Self {
        Self {
            buf: Vec::with_capacity(FIRST_BYTES),
            level,
            depth: 0,
            deepest: 0,
            elements: 0,
            weight: 0,
            columns: Vec::new(),
        }
    }

    /// Forgets what was written, but keeps its memory for the next message.
    pub fn clear(&mut self) {
        self.buf.clear();
        self.depth = 0;
        self.deepest = 0;
        self.elements = 0;
        self.weight = 0;
    }

    /// The level of the reader.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Whether the reader may see what asks for `required`.
    pub fn sees(&self, required: Level) -> bool {
        self.level >= required
    }

    /// Number of bytes written.
    pub fn len(&self) -> usize {
        self.buf.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.buf.is_empty()
    }

    /// How many elements a decoder would take from its budget.
    pub fn elements(&self) -> u64 {
        self.elements
    }

    /// The limit, if any, because of which decoders would refuse what was written.
    ///
    /// What lies deeper than the limit is not written at all, so check this before using the bytes of values whose depth the schema does not bound.
    pub fn exceeded(&self) -> Option<ErrorCode> {
        if self.deepest > MAX_DEPTH {
            Some(ErrorCode::Depth)
        } else if self.elements > MAX_ELEMENTS || self.weight > highest_weight(self.buf.len()) {
            Some(ErrorCode::Elements)
        } else {
            None
        }
    }

    /// The message.
    pub fn into_bytes(self) -> Bytes {
        Bytes::from(self.buf)
    }

    /// The bytes written so far.
    pub fn as_slice(&self) -> &[u8] {
        &self.buf
    }

    /// One byte as it is.
    #[inline]
    pub fn byte(&mut self, value: u8) {
        self.buf.push(value);
    }

    /// Bytes as they are, without a length.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.buf.extend_from_slice(bytes);
    }

    /// A prefix varint, 1 to 9 bytes. Source: docs/wire-format.md, section 2.
    #[inline]
    pub fn varint(&mut self, value: u64) {
        if value < 128 {
            return self.buf.push((value as u8) << 1 | 1);
        }
        let bits = 64 - value.leading_zeros();
        if bits > 56 {
            self.buf.push(0);
            return self.buf.extend_from_slice(&value.to_le_bytes());
        }
        let n = bits.div_ceil(7);
        let end = self.buf.len() + n as usize;
        // Eight bytes are cheaper than the right number of them.
        self.buf.extend_from_slice(&((value << 1 | 1) << (n - 1)).to_le_bytes());
        self.buf.truncate(end);
    }

    /// A signed number as a zigzag varint.
    #[inline]
    pub fn zigzag(&mut self, value: i64) {
        self.varint((value << 1 ^ value >> 63) as u64);
    }

    /// An f32; every NaN becomes the one pattern `7fc00000`.
    #[inline]
    pub fn f32(&mut self, value: f32) {
        let bits = if value.is_nan() { F32_NAN } else { value.to_bits() };
        self.raw(&bits.to_le_bytes());
    }

    /// An f64; every NaN becomes the one pattern `7ff8000000000000`.
    #[inline]
    pub fn f64(&mut self, value: f64) {
        let bits = if value.is_nan() { F64_NAN } else { value.to_bits() };
        self.raw(&bits.to_le_bytes());
    }

    /// Varint length and bytes.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.raw(bytes);
    }

    /// A string: varint length in bytes and UTF-8.
    #[inline]
    pub fn str(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// What `f` writes, with its byte length in front.
    pub fn nested(&mut self, f: impl FnOnce(&mut Self)) {
        self.nested_if(|w| {
            f(w);
            true
        });
    }

    /// Like [`nested`](Self::nested), but leaves nothing behind if `f` returns false, which is then returned.
    pub fn nested_if(&mut self, f: impl FnOnce(&mut Self) -> bool) -> bool {
        let start = self.buf.len();
        self.buf.push(PLACEHOLDER);
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        // Beyond the limit nothing is written, so that no value, however deep, exhausts the stack.
        let keep = self.depth > MAX_DEPTH || f(self);
        self.depth -= 1;
        if keep {
            self.fill(start, (self.buf.len() - start - 1) as u64);
        } else {
            self.buf.truncate(start);
        }
        keep
    }

    /// A count and what `f` writes, which returns that count. The count goes into the element budget.
    pub(crate) fn counted(&mut self, f: impl FnOnce(&mut Self) -> usize) -> usize {
        let start = self.buf.len();
        self.buf.push(PLACEHOLDER);
        let count = f(self);
        self.elements += count as u64;
        self.fill(start, count as u64);
        count
    }

    pub(crate) fn count_elements(&mut self, cost: u64) {
        self.elements += cost;
    }

    /// Counts what the elements of a container unfold into.
    pub(crate) fn weigh(&mut self, weight: u64) {
        self.weight += weight;
    }

    /// The count of a container and whether it is in columns.
    pub(crate) fn head(&mut self, count: usize, columns: bool) {
        let count = count as u64;
        self.varint(count << 1 | u64::from(columns));
    }

    /// Writes a byte length and, one length deeper, what `f` writes, which is that long.
    pub(crate) fn block(&mut self, bytes: usize, f: impl FnOnce(&mut Self)) {
        self.varint(bytes as u64);
        let end = self.buf.len() + bytes;
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        f(self);
        self.depth -= 1;
        debug_assert_eq!(self.buf.len(), end, "columns are as long as planned");
    }

    /// A container of `count` elements in columns, which `f` writes and which are `bytes` long.
    pub(super) fn columns(&mut self, count: usize, bytes: usize, f: impl FnOnce(&mut Self)) {
        let head = (count as u64) << 1 | 1;
        self.block(varint_len(head) + bytes, |w| {
            w.varint(head);
            f(w);
        });
    }

    /// Where the next values stand.
    pub(crate) fn place(&self) -> Place {
        Place { level: self.level, depth: self.depth }
    }

    /// Writes as if this were a part of another message.
    pub(super) fn stand_in(&mut self, place: Place) {
        self.level = place.level;
        self.depth = place.depth;
    }

    /// Appends what another writer has written as a part of this message.
    pub(super) fn append(&mut self, part: &Self) {
        self.buf.extend_from_slice(&part.buf);
        self.deepest = self.deepest.max(part.deepest);
        self.elements += part.elements;
        self.weight += part.weight;
    }

    /// Takes the column for this type of elements, or a new one.
    pub(super) fn take_column<C: Any + Default + Send>(&mut self) -> Box<C> {
        let at = self.columns.iter().position(|column| column.is::<C>());
        let column = at.and_then(|at| self.columns.swap_remove(at).downcast::<C>().ok());
        column.unwrap_or_default()
    }

    /// Keeps a column for the next container of this type.
    pub(super) fn keep_column<C: Any + Default + Send>(&mut self, column: Box<C>) {
        self.columns.push(column);
    }

    /// Takes back everything behind the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.buf.truncate(len);
    }

    /// Reserves `n` zero bytes and returns where they begin.
    pub(crate) fn zeros(&mut self, n: usize) -> usize {
        let at = self.buf.len();
        self.buf.resize(at + n, 0);
        at
    }

    pub(crate) fn set_bits(&mut self, at: usize, bits: u8) {
        self.buf[at] |= bits;
    }

    /// Puts a varint where one placeholder byte stands.
    fn fill(&mut self, at: usize, value: u64) {
        let (bytes, n) = varint_bytes(value);
        if n == 1 {
            self.buf[at] = bytes[0];
        } else {
            self.buf.splice(at..=at, bytes[..n].iter().copied());
        }
    }
}

pub(super) const F32_NAN: u32 = 0x7fc0_0000;
pub(super) const F64_NAN: u64 = 0x7ff8_0000_0000_0000;

/// How long a varint is.
#[inline]
pub(super) fn varint_len(value: u64) -> usize {
    match (64 - (value | 1).leading_zeros()).div_ceil(7) {
        n @ 1..=8 => n as usize,
        _ => 9,
    }
}

/// The bytes of a varint and how many of them count.
#[inline]
fn varint_bytes(value: u64) -> ([u8; 9], usize) {
    let mut bytes = [0; 9];
    let bits = 64 - (value | 1).leading_zeros();
    if bits > 56 {
        bytes[1..].copy_from_slice(&value.to_le_bytes());
        return (bytes, 9);
    }
    let n = bits.div_ceil(7);
    bytes[..8].copy_from_slice(&((value << 1 | 1) << (n - 1)).to_le_bytes());
    (bytes, n as usize)
}
