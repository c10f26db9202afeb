//! The delta of a `partials` struct: slot count, two bits of operation per id, operands in id order.
//!
//! Source: docs/wire-format.md, section 6.

use std::ops::RangeInclusive;

use super::{Change, Delta};
use crate::codec::{DecodeError, ErrorCode, Reader, Shape, Writer};

const OP_CLEAR: u8 = 1;
const OP_SET: u8 = 2;
const OP_PATCH: u8 = 3;

/// A struct's delta under construction.
#[derive(Clone, Copy, Debug)]
pub struct OpsMark {
    start: usize,
    ops_at: usize,
    operands_at: usize,
}

impl Writer {
    /// Begins the delta of a struct; `slots` is the highest id ever declared.
    pub fn ops(&mut self, slots: u32) -> OpsMark {
        let start = self.len();
        self.varint(u64::from(slots));
        let ops_at = self.zeros(slots.div_ceil(4) as usize);
        OpsMark { start, ops_at, operands_at: self.len() }
    }

    /// Ends it; returns false, with nothing left written, if there was no operation.
    pub fn end_ops(&mut self, ops: OpsMark) -> bool {
        let any = self.as_slice()[ops.ops_at..ops.operands_at].iter().any(|byte| *byte != 0);
        if !any {
            self.truncate(ops.start);
        }
        any
    }

    fn set_op(&mut self, ops: OpsMark, id: u32, op: u8) {
        self.set_bits(ops.ops_at + (id - 1) as usize / 4, op << (2 * ((id - 1) % 4)));
    }

    fn patch_op<T: Delta>(&mut self, ops: OpsMark, id: u32, patch: &T::Patch) {
        if self.nested_if(|w| T::encode_patch(patch, w)) {
            self.set_op(ops, id, OP_PATCH);
        }
    }

    /// What happens to field `id`; `is_default` tells whether a value is the field's default.
    pub fn change<T: Delta>(&mut self, ops: OpsMark, id: u32, change: &Change<T>, is_default: impl FnOnce(&T) -> bool) {
        match change {
            Change::Keep => {}
            Change::Set(value) if is_default(value) => self.set_op(ops, id, OP_CLEAR),
            Change::Set(value) => {
                self.set_op(ops, id, OP_SET);
                value.encode_field(self);
            }
            Change::Patch(patch) => self.patch_op::<T>(ops, id, patch),
        }
    }

    /// What happens to the `bool` field `id`.
    pub fn change_bool(&mut self, ops: OpsMark, id: u32, change: &Change<bool>, default: bool) {
        match change {
            Change::Keep => {}
            Change::Set(value) => self.set_op(ops, id, if *value == default { OP_CLEAR } else { OP_SET }),
            Change::Patch(never) => match *never {},
        }
    }

    /// What happens to the `T?` field `id`.
    pub fn change_opt<T: Delta>(&mut self, ops: OpsMark, id: u32, change: &Change<Option<T>>) {
        match change {
            Change::Keep => {}
            Change::Set(None) => self.set_op(ops, id, OP_CLEAR),
            Change::Set(Some(value)) => {
                self.set_op(ops, id, OP_SET);
                value.encode_optional(self);
            }
            Change::Patch(patch) => self.patch_op::<T>(ops, id, patch),
        }
    }

    /// What happens to the `bool?` field `id`.
    pub fn change_opt_bool(&mut self, ops: OpsMark, id: u32, change: &Change<Option<bool>>) {
        match change {
            Change::Keep => {}
            Change::Set(None) => self.set_op(ops, id, OP_CLEAR),
            Change::Set(Some(value)) => {
                self.set_op(ops, id, OP_SET);
                self.varint(u64::from(*value));
            }
            Change::Patch(never) => match *never {},
        }
    }
}

/// What stands in front of a delta's operands.
#[derive(Clone, Copy, Debug)]
pub struct OpsHeader<'a> {
    slots: u32,
    ops: &'a [u8],
    start: usize,
}

impl OpsHeader<'_> {
    /// The writer's highest id.
    pub fn slots(&self) -> u32 {
        self.slots
    }

    /// The operation for field `id`: 0 keep, 1 clear, 2 set, 3 patch; 0 for ids that the writer did not have.
    pub fn op(&self, id: u32) -> u8 {
        let at = id.wrapping_sub(1);
        self.ops.get(at as usize / 4).map_or(0, |byte| byte >> (2 * (at % 4)) & 3)
    }
}

impl<'a> Reader<'a> {
    /// Begins the delta of a struct.
    /// # Errors
    /// [`ErrorCode::Slots`], [`ErrorCode::Padding`], [`ErrorCode::Truncated`].
    pub fn ops(&mut self) -> Result<OpsHeader<'a>, DecodeError> {
        let start = self.offset();
        let (slots, ops) = self.slots_and_bits(2)?;
        Ok(OpsHeader { slots, ops, start })
    }

    /// Refuses a delta that changes one of `ids`, which nobody ever used.
    /// # Errors
    /// [`ErrorCode::Slots`].
    pub fn refuse_ops(&self, ops: &OpsHeader<'a>, mut ids: RangeInclusive<u32>) -> Result<(), DecodeError> {
        if ids.any(|id| ops.op(id) != 0) { Err(self.error_at(ops.start, ErrorCode::Slots)) } else { Ok(()) }
    }

    /// Ends it for a reader whose highest id is `own_slots`: what a newer writer added is dropped.
    /// # Errors
    /// [`ErrorCode::Length`] or, at top level, [`ErrorCode::Trailing`] if a writer that knew no more ids left bytes.
    pub fn end_ops(&mut self, ops: &OpsHeader<'a>, own_slots: u32) -> Result<(), DecodeError> {
        self.end_slots(ops.slots, own_slots, ops.start)
    }

    fn patch_op<T: Delta>(&mut self, ops: &OpsHeader<'a>) -> Result<T::Patch, DecodeError> {
        if !T::HAS_PATCH {
            return Err(self.error_at(ops.start, ErrorCode::Op));
        }
        self.nested(T::decode_patch)
    }

    /// What happens to field `id`, whose default is what `default` gives.
    /// # Errors
    /// [`ErrorCode::Op`] for a patch of a type without patches, and what the operand's type refuses.
    pub fn change<T: Delta>(
        &mut self,
        ops: &OpsHeader<'a>,
        id: u32,
        default: impl FnOnce() -> T,
    ) -> Result<Change<T>, DecodeError> {
        match ops.op(id) {
            OP_CLEAR => Ok(Change::Set(default())),
            OP_SET => T::decode_field(self).map(Change::Set),
            OP_PATCH => self.patch_op::<T>(ops).map(Change::Patch),
            _ => Ok(Change::Keep),
        }
    }

    /// What happens to the `bool` field `id`.
    /// # Errors
    /// [`ErrorCode::Op`] for a patch.
    pub fn change_bool(&mut self, ops: &OpsHeader<'a>, id: u32, default: bool) -> Result<Change<bool>, DecodeError> {
        match ops.op(id) {
            OP_CLEAR => Ok(Change::Set(default)),
            OP_SET => Ok(Change::Set(!default)),
            OP_PATCH => Err(self.error_at(ops.start, ErrorCode::Op)),
            _ => Ok(Change::Keep),
        }
    }

    /// What happens to the `T?` field `id`.
    /// # Errors
    /// As [`change`](Self::change).
    pub fn change_opt<T: Delta>(&mut self, ops: &OpsHeader<'a>, id: u32) -> Result<Change<Option<T>>, DecodeError> {
        match ops.op(id) {
            OP_CLEAR => Ok(Change::Set(None)),
            OP_SET => T::decode_optional(self).map(|value| Change::Set(Some(value))),
            OP_PATCH => self.patch_op::<T>(ops).map(Change::Patch),
            _ => Ok(Change::Keep),
        }
    }

    /// What happens to the `bool?` field `id`.
    /// # Errors
    /// [`ErrorCode::Op`] for a patch, [`ErrorCode::Bool`].
    pub fn change_opt_bool(&mut self, ops: &OpsHeader<'a>, id: u32) -> Result<Change<Option<bool>>, DecodeError> {
        match ops.op(id) {
            OP_CLEAR => Ok(Change::Set(None)),
            OP_SET => self.bool_varint().map(|value| Change::Set(Some(value))),
            OP_PATCH => Err(self.error_at(ops.start, ErrorCode::Op)),
            _ => Ok(Change::Keep),
        }
    }

    /// Passes over what happens to the retired field `id`.
    /// # Errors
    /// [`ErrorCode::Op`] for a patch of a shape without patches, and what skipping refuses.
    pub fn skip_change(&mut self, ops: &OpsHeader<'a>, id: u32, shape: Shape) -> Result<(), DecodeError> {
        match (ops.op(id), shape) {
            (OP_SET, shape) => self.skip(shape),
            (OP_PATCH, Shape::Len) => self.skip(Shape::Len),
            (OP_PATCH, _) => Err(self.error_at(ops.start, ErrorCode::Op)),
            _ => Ok(()),
        }
    }
}
