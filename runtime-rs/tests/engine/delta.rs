//! Deltas: what drafts record, what diffs find, and that both lead every replica to the same state.

mod lists;
mod maps;
mod props;
mod sets;
mod structs;

use restream::Level;
use restream::delta::{Delta, Partial, decode_patch, encode_patch};

/// What a draft records, settled and pruned as a commit does; the state itself is changed too.
fn recorded<T: Partial>(state: &mut T, f: impl FnOnce(&mut T::Draft<'_>)) -> T::Patch {
    let old = state.clone();
    let mut patch = T::Patch::default();
    f(&mut T::draft(state, Some(&mut patch)));
    state.settle(&mut patch);
    T::prune(&mut patch, &old, state);
    replays::<T>(&old, &patch, state);
    patch
}

/// The patch leads from `old` to `new`, also after a journey over the wire.
fn replays<T: Delta>(old: &T, patch: &T::Patch, new: &T) {
    let mut replica = old.clone();
    assert_eq!(replica.apply(patch), Ok(()));
    assert_eq!(&replica, new);
    match encode_patch::<T>(patch, Level::MAX) {
        None => assert!(T::is_empty(patch)),
        Some(bytes) => assert_eq!(decode_patch::<T>(&bytes).as_ref(), Ok(patch)),
    }
}

fn n_bytes<T: Delta>(patch: &T::Patch) -> usize {
    encode_patch::<T>(patch, Level::MAX).map_or(0, |bytes| bytes.len())
}
