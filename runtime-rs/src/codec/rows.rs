//! The row of a `fields` or `partials` struct: slot count, presence bitmap, values in id order.
//!
//! Source: docs/wire-format.md, section 5.

use std::ops::RangeInclusive;

use super::limits::MAX_SLOTS;
use super::reader::Reader;
use super::writer::Writer;
use crate::error::{DecodeError, ErrorCode};

/// A row under construction.
#[derive(Clone, Copy, Debug)]
pub struct RowMark {
    bitmap_at: usize,
    slots: u32,
    /// The bits of the first 64 ids, until the row is finished.
    bits: u64,
}

impl RowMark {
    /// Marks the field `id`, at most 64, as present (for a `bool`: as the opposite of its default). Its value follows.
    #[inline]
    pub fn set(&mut self, id: u32) {
        self.bits |= 1 << ((id - 1) & 63);
    }
}

impl Writer {
    /// Begins a row; `slots` is the highest id ever declared.
    #[inline]
    pub fn row(&mut self, slots: u32) -> RowMark {
        let bitmap_bytes = slots.div_ceil(8) as usize;
        let start = self.buf.len();
        if slots <= 64 {
            // A fixed number of bytes is cheaper than the right one.
            self.buf.extend_from_slice(&[(slots as u8) << 1 | 1, 0, 0, 0, 0, 0, 0, 0, 0]);
            self.buf.truncate(start + 1 + bitmap_bytes);
            return RowMark { bitmap_at: start + 1, slots, bits: 0 };
        }
        self.varint(u64::from(slots));
        RowMark { bitmap_at: self.zeros(bitmap_bytes), slots, bits: 0 }
    }

    /// Writes which fields of a row were [`set`](RowMark::set).
    #[inline]
    pub fn finish_row(&mut self, row: RowMark) {
        let n = (row.slots.div_ceil(8) as usize).min(8);
        if let Some(bitmap) = self.buf.get_mut(row.bitmap_at..row.bitmap_at + n) {
            for (byte, bits) in bitmap.iter_mut().zip(row.bits.to_le_bytes()) {
                *byte |= bits;
            }
        }
    }

    /// Marks the field `id` as present (for a `bool`: as the opposite of its default). Its value follows.
    #[inline]
    pub fn present(&mut self, row: RowMark, id: u32) {
        self.set_bits(row.bitmap_at + (id - 1) as usize / 8, 1 << ((id - 1) % 8));
    }
}

/// What stands in front of a row's values.
#[derive(Clone, Copy, Debug)]
pub struct RowHeader<'a> {
    slots: u32,
    /// The first 64 bits of the bitmap.
    head: u64,
    bitmap: &'a [u8],
    start: usize,
}

impl RowHeader<'_> {
    /// The writer's highest id.
    pub fn slots(&self) -> u32 {
        self.slots
    }

    /// Whether the bit of field `id` is set; false for ids the writer did not have.
    #[inline]
    pub fn has(&self, id: u32) -> bool {
        match id {
            1..=64 => self.head >> (id - 1) & 1 == 1,
            0 => false,
            _ => self.bitmap.get((id - 1) as usize / 8).is_some_and(|byte| byte >> ((id - 1) % 8) & 1 == 1),
        }
    }
}

impl<'a> Reader<'a> {
    /// Begins a row.
    /// # Errors
    /// [`ErrorCode::Slots`], [`ErrorCode::Padding`], [`ErrorCode::Truncated`].
    #[inline(always)]
    pub fn row(&mut self) -> Result<RowHeader<'a>, DecodeError> {
        let start = self.offset();
        // Up to 64 slots, and enough of the message behind them: one load.
        if let Some([count, bits @ ..]) = self.buf.get(start..start + 9) {
            let slots = u32::from(count >> 1);
            let bitmap_bytes = slots.div_ceil(8) as usize;
            if count & 1 == 1 && (1..=64).contains(&slots) && bitmap_bytes < self.end - start {
                let word = u64::from_le_bytes(bits.try_into().unwrap_or_default());
                let head = word & u64::MAX >> (64 - 8 * bitmap_bytes);
                if slots == 64 || head >> slots == 0 {
                    self.pos = start + 1 + bitmap_bytes;
                    return Ok(RowHeader { slots, head, bitmap: &[], start });
                }
            }
        }
        self.long_row(start)
    }

    fn long_row(&mut self, start: usize) -> Result<RowHeader<'a>, DecodeError> {
        let (slots, bitmap) = self.slots_and_bits(1)?;
        let mut head = [0; 8];
        let n = bitmap.len().min(8);
        head[..n].copy_from_slice(&bitmap[..n]);
        Ok(RowHeader { slots, head: u64::from_le_bytes(head), bitmap, start })
    }

    /// Begins the row of a case's payload. Nothing at all, from a writer that knew the case without payload, is a row of
    /// defaults.
    /// # Errors
    /// As [`Reader::row`].
    pub fn case_row(&mut self) -> Result<RowHeader<'a>, DecodeError> {
        if self.at_end() {
            return Ok(RowHeader { slots: 0, head: 0, bitmap: &[], start: self.offset() });
        }
        self.row()
    }

    /// Refuses a row that has a field among `ids`, which nobody ever used.
    /// # Errors
    /// [`ErrorCode::Slots`].
    pub fn refuse_ids(&self, row: &RowHeader<'a>, mut ids: RangeInclusive<u32>) -> Result<(), DecodeError> {
        if ids.any(|id| row.has(id)) { Err(self.error_at(row.start, ErrorCode::Slots)) } else { Ok(()) }
    }

    /// Ends a row for a reader whose highest id is `own_slots`: what a newer writer added is dropped.
    /// # Errors
    /// [`ErrorCode::Length`] or, at top level, [`ErrorCode::Trailing`] if a writer that knew no more ids left bytes.
    #[inline]
    pub fn end_row(&mut self, row: &RowHeader<'a>, own_slots: u32) -> Result<(), DecodeError> {
        self.end_slots(row.slots, own_slots, row.start)
    }

    pub(crate) fn end_slots(&mut self, slots: u32, own_slots: u32, start: usize) -> Result<(), DecodeError> {
        if slots > own_slots {
            self.rest();
        }
        self.expect_end(start)
    }

    /// A slot count and `bits` bits for each slot, whose padding must be zero.
    pub(crate) fn slots_and_bits(&mut self, bits: u32) -> Result<(u32, &'a [u8]), DecodeError> {
        let start = self.offset();
        let slots = self.varint()?;
        if slots > u64::from(MAX_SLOTS) {
            return Err(self.error_at(start, ErrorCode::Slots));
        }
        let bitmap = self.bitmap(slots as usize * bits as usize, start)?;
        Ok((slots as u32, bitmap))
    }

    /// A bitmap of `n_bits` that belongs to the value at `start`.
    pub(crate) fn bitmap(&mut self, n_bits: usize, start: usize) -> Result<&'a [u8], DecodeError> {
        let bitmap = self.take(n_bits.div_ceil(8), start)?;
        match (bitmap.last(), n_bits % 8) {
            (Some(last), used @ 1..) if last >> used != 0 => Err(self.error_at(start, ErrorCode::Padding)),
            _ => Ok(bitmap),
        }
    }
}
