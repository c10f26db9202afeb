//! What a decoder refuses whatever the type says, and the memory it may use before it knows that a message is good.
//!
//! Source: docs/wire-format.md, section 7.

/// Most nested byte lengths (structs, unions, containers, deltas) in one message.
pub const MAX_DEPTH: u32 = 64;

/// Most elements of lists and maps in one message.
pub const MAX_ELEMENTS: u64 = 1_000_000;

/// Highest slot count of a row.
pub const MAX_SLOTS: u32 = 4_096;

/// Bytes of a list of plain numbers that count as one element.
pub(crate) const NUMERIC_BLOCK_BYTES: u64 = 64;

/// What may unfold from a message of `len` bytes, in the units of the format's section 7.
pub(crate) const fn highest_weight(len: usize) -> u64 {
    (len as u64).saturating_mul(64).saturating_add(1 << 20)
}

/// Bytes that a message of `len` bytes may make the decoder allocate before it has been read to its end without an error.
pub(crate) const fn unproven_memory(len: usize) -> usize {
    len.saturating_mul(2).saturating_add(1 << 20)
}

/// The highest count that may stand in front of `remaining` bytes.
pub(crate) const fn highest_count(remaining: usize) -> u64 {
    (remaining as u64).saturating_mul(64).saturating_add(1_024)
}

/// What a list of `count` elements in `content_bytes` bytes takes from the element budget.
pub(crate) const fn element_cost(count: u64, content_bytes: usize, numeric: bool) -> u64 {
    if numeric { (content_bytes as u64).div_ceil(NUMERIC_BLOCK_BYTES) } else { count }
}

/// Elements of a column of plain numbers that count as one.
const NUMERIC_COLUMN_BLOCK: u64 = 64;

/// What a list of `count` elements in a column takes from the element budget.
pub(crate) const fn column_cost(count: u64, numeric: bool) -> u64 {
    if numeric { count.div_ceil(NUMERIC_COLUMN_BLOCK) } else { count }
}
