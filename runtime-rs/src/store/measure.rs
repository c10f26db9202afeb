//! Whether readers would accept what a commit makes, without encoding the whole state each time.

use crate::codec::{ErrorCode, MAX_ELEMENTS, Row, Writer};
use crate::delta::Delta;
use crate::error::{RefusalCode, Refused};

/// An upper bound of what a snapshot for a reader who sees everything takes.
///
/// A delta holds everything that it adds, so the bound grows with the deltas; only when it reaches a limit is the state measured.
pub(super) struct Bound {
    bytes: u64,
    elements: u64,
}

/// How much the lengths and counts around a change may grow, for each byte of the delta that describes it.
const GROWTH: u64 = 4;

impl Bound {
    /// Measures a state.
    pub(super) fn of(state: &impl Row, max_bytes: usize) -> Result<Self, Refused> {
        let mut w = Writer::new();
        state.encode_row(&mut w);
        accept(&w)?;
        if w.len() > max_bytes {
            let message = format!("the state takes {} bytes, {max_bytes} are allowed", w.len());
            return Err(Refused::new(RefusalCode::TooLarge, message));
        }
        Ok(Self { bytes: w.len() as u64, elements: w.elements() })
    }

    /// The bound after `patch`, which leads to `state`, and the encoded size of the patch.
    pub(super) fn after<S: Row + Delta>(
        &self,
        patch: &S::Patch,
        state: &S,
        max_bytes: usize,
    ) -> Result<(Self, usize), Refused> {
        let mut w = Writer::new();
        S::encode_patch(patch, &mut w);
        accept(&w)?;
        let grown = Self { bytes: self.bytes + GROWTH * w.len() as u64, elements: self.elements + w.elements() };
        let fits = grown.bytes <= max_bytes as u64 && grown.elements <= MAX_ELEMENTS;
        Ok((if fits { grown } else { Self::of(state, max_bytes)? }, w.len()))
    }
}

fn accept(w: &Writer) -> Result<(), Refused> {
    match w.exceeded() {
        None => Ok(()),
        Some(ErrorCode::Depth) => Err(Refused::new(RefusalCode::Depth, "the state is nested too deeply")),
        Some(_) => Err(Refused::new(RefusalCode::Elements, "the state has too many elements")),
    }
}
