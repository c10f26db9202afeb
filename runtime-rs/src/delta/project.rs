//! Projections: what of a value and of its changes is left for readers who see only some of its fields.
//!
//! For every value `a` and every patch `d` that fits it, projecting what `d` makes of `a` gives what the projection of
//! `d` makes of the projection of `a`. A patch that touches nothing of the projection becomes an empty one.

use indexmap::IndexMap;

use super::{Change, Delta, List, ListOp, ListPatch, Map, MapPatch, Never};
use crate::codec::{Key, Value};

/// A value with some of the fields of an `S`; generated code implements it for the types of views.
pub trait Project<S: Delta>: Delta {
    /// What is left of a value.
    fn project(source: &S) -> Self;

    /// What is left of a change.
    fn project_patch(patch: &S::Patch) -> Self::Patch;
}

impl<T: Delta> Change<T> {
    /// What is left of it in a projection.
    pub fn project<P: Project<T>>(&self) -> Change<P> {
        match self {
            Self::Keep => Change::Keep,
            Self::Set(value) => Change::Set(P::project(value)),
            Self::Patch(patch) => Change::from_patch(P::project_patch(patch)),
        }
    }
}

impl<S: Delta, P: Project<S>> Project<List<S>> for List<P> {
    fn project(source: &List<S>) -> Self {
        source.iter().map(P::project).collect()
    }

    fn project_patch(patch: &ListPatch<S>) -> ListPatch<P> {
        let op = |op: &ListOp<S>| match op {
            ListOp::Splice { at, removed, inserted } => {
                let inserted = inserted.iter().map(P::project).collect();
                Some(ListOp::Splice { at: *at, removed: *removed, inserted })
            }
            ListOp::Patch { at, patch } => {
                let patch = P::project_patch(patch);
                (!P::is_empty(&patch)).then_some(ListOp::Patch { at: *at, patch })
            }
        };
        ListPatch { ops: patch.ops().iter().filter_map(op).collect() }
    }
}

impl<K: Key, S: Delta, P: Project<S>> Project<Map<K, S>> for Map<K, P> {
    fn project(source: &Map<K, S>) -> Self {
        source.iter().map(|(key, value)| (key.clone(), P::project(value))).collect()
    }

    fn project_patch(patch: &MapPatch<K, S>) -> MapPatch<K, P> {
        let patched = patch.patches().map(|(key, patch)| (key.clone(), P::project_patch(patch)));
        MapPatch {
            removed: patch.removed().cloned().collect(),
            set: patch.entries().map(|(key, value)| (key.clone(), P::project(value))).collect(),
            patched: patched.filter(|(_, patch)| !P::is_empty(patch)).collect(),
        }
    }
}

impl<S: Delta, P: Project<S>> Project<Option<S>> for Option<P> {
    fn project(source: &Option<S>) -> Self {
        source.as_ref().map(P::project)
    }

    fn project_patch(patch: &S::Patch) -> P::Patch {
        P::project_patch(patch)
    }
}

impl<S: Delta, P: Project<S>> Project<Box<S>> for Box<P> {
    fn project(source: &Box<S>) -> Self {
        Self::new(P::project(source))
    }

    fn project_patch(patch: &Box<S::Patch>) -> Box<P::Patch> {
        Box::new(P::project_patch(patch))
    }
}

impl<S: Delta, P: Project<S>> Project<Vec<S>> for Vec<P> {
    fn project(source: &Vec<S>) -> Self {
        source.iter().map(P::project).collect()
    }

    fn project_patch(patch: &Never) -> Never {
        *patch
    }
}

impl<K: Key, S: Value + Delta, P: Project<S>> Project<IndexMap<K, S>> for IndexMap<K, P> {
    fn project(source: &IndexMap<K, S>) -> Self {
        source.iter().map(|(key, value)| (key.clone(), P::project(value))).collect()
    }

    fn project_patch(patch: &Never) -> Never {
        *patch
    }
}
