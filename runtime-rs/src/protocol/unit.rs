//! What generated code tells the runtime about a store or a service.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use super::DIGEST_BYTES;
use crate::Level;
use crate::codec::columns::{Layout, RowsPayload, RowsScratch};
use crate::codec::{DecodeError, Reader, Row, Value, Writer};
use crate::delta::{Change, Delta, Mismatch, Partial, Project};
use crate::store::{Store, View, ViewNumber};

/// A store or a service as the runtime sees it. Generated code implements it; applications do not.
pub trait Unit: Copy + fmt::Debug + Send + Sync + 'static {
    /// What names an instance; `()` for a unit without a key.
    type Key: Row + Clone + fmt::Debug + PartialEq + Eq + Hash + Send + Sync + 'static;
    /// The state of an instance; `()` for a service.
    type State: Partial + Row;
    /// Names, digests and levels.
    const INFO: &'static UnitInfo;
    /// The views of the state; they are served with the store.
    const VIEWS: &'static [Projection<Self::State>] = &[];
}

/// Names, digests and levels of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitInfo {
    /// Full name with its package.
    pub name: &'static str,
    /// Digest of everything that travels.
    pub digest: [u8; 16],
    /// Digests of earlier releases that can still be served, newest first.
    pub ancestors: &'static [[u8; 16]],
    /// The level that opening needs.
    pub access: Level,
    /// The rpcs and sends.
    pub methods: &'static [MethodInfo],
    /// The events.
    pub events: &'static [EventInfo],
}

/// A view of a store with the state `S`: a unit of its own, which shows a part of that state.
pub struct Projection<S: Partial + Row> {
    pub(crate) info: &'static UnitInfo,
    pub(crate) view: MakeView<S>,
}

/// Gives the view of a store at a level, with a number from the third argument if it is a new one.
type MakeView<S> = fn(&Store<S>, Level, &dyn Fn() -> Box<dyn ViewNumber>) -> Arc<dyn View>;

impl<S: Partial + Row> Projection<S> {
    /// The view that is the unit `V`.
    #[must_use]
    pub const fn of<V: Unit<State: Project<S>>>() -> Self {
        Self { info: V::INFO, view: |store, level, number| store.projection::<V::State>(level, number) }
    }
}

impl<S: Partial + Row> fmt::Debug for Projection<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Projection").field(&self.info.name).finish()
    }
}

/// An rpc or a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodInfo {
    /// What travels.
    pub id: u32,
    /// The name in the schema.
    pub name: &'static str,
    /// Whether there is an answer, and of what kind.
    pub kind: MethodKind,
    /// The level that calling needs.
    pub access: Level,
}

/// Whether a method has an answer, and of what kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodKind {
    /// It has one.
    Rpc,
    /// It has one, and items travel besides: of the answer, of the caller or both.
    Stream,
    /// It has none.
    Send,
}

/// An event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventInfo {
    /// What travels.
    pub id: u32,
    /// The name in the schema.
    pub name: &'static str,
    /// The level that listening needs.
    pub access: Level,
}

impl UnitInfo {
    /// The bytes of the digest that `open` carries.
    #[must_use]
    pub fn short_digest(&self) -> [u8; DIGEST_BYTES] {
        shorten(&self.digest)
    }

    /// Whether `digest`, shortened, is this unit's or that of an ancestor.
    #[must_use]
    pub fn speaks(&self, digest: &[u8]) -> bool {
        std::iter::once(&self.digest).chain(self.ancestors).any(|known| shorten(known) == digest)
    }

    /// The method with this id and kind.
    #[must_use]
    pub fn method(&self, id: u32, kind: MethodKind) -> Option<&'static MethodInfo> {
        self.methods.iter().find(|method| method.id == id && method.kind == kind)
    }

    /// The event with this id.
    #[must_use]
    pub fn event(&self, id: u32) -> Option<&'static EventInfo> {
        self.events.iter().find(|event| event.id == id)
    }
}

fn shorten(digest: &[u8; 16]) -> [u8; DIGEST_BYTES] {
    let mut short = [0; DIGEST_BYTES];
    short.copy_from_slice(&digest[..DIGEST_BYTES]);
    short
}

/// The state of a service: there is none.
impl Value for () {
    type Scratch = RowsScratch;
    type Payload<'a> = RowsPayload<()>;

    const LAYOUT: Layout = Layout::Rows;

    fn encode(&self, _: &mut Writer) {}

    fn decode(_: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(())
    }

    fn is_default(&self) -> bool {
        true
    }
}

impl Delta for () {
    type Patch = ();

    fn is_empty((): &()) -> bool {
        true
    }

    fn apply(&mut self, (): &()) -> Result<(), Mismatch> {
        Ok(())
    }

    fn diff(&self, (): &Self) -> Change<Self> {
        Change::Keep
    }

    fn settle(&self, (): &mut ()) {}

    fn prune((): &mut (), (): &Self, (): &Self) {}

    fn encode_patch((): &(), _: &mut Writer) -> bool {
        false
    }

    fn decode_patch(_: &mut Reader<'_>) -> Result<(), DecodeError> {
        Ok(())
    }
}

impl Partial for () {
    type Draft<'a> = ();

    fn draft<'a>((): &'a mut Self, _: Option<&'a mut ()>) {}
}
