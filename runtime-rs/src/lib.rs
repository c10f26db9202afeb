//! The ReStream runtime: stores whose changes stream to readers as typed deltas.
//!
//! Generated code and applications use the names at the crate root; the modules are the rooms behind them.

// Values and errors.
pub mod codec;
pub mod delta;
pub mod error;
pub mod scalar;

// Stores.
pub mod store;

// The session protocol and the server.
pub mod protocol;
pub mod server;

/// Includes the module tree that `restream-build` has made in a build script, from `OUT_DIR` or, with a name, from the
/// folder of that name in there.
///
/// ```ignore
/// mod schema {
///     restream::include_schema!();
/// }
/// ```
#[macro_export]
macro_rules! include_schema {
    () => {
        $crate::include_schema!("restream");
    };
    ($dir:literal) => {
        ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/", $dir, "/mod.rs"));
    };
}

pub use bytes::Bytes;
pub use indexmap::{IndexMap, IndexSet};
pub use num_bigint::BigInt;
pub use uuid::Uuid;

pub use crate::codec::check;
pub use crate::codec::{Level, UnknownCase};
pub use crate::delta::{
    ArrayDraft, ArrayPatch, Change, List, ListDraft, ListPatch, Map, MapDraft, MapPatch, Mismatch, Path, Set, SetDraft,
    SetPatch,
};
pub use crate::error::{CallCode, DecodeError, ErrorCode, GoodbyeCode, OpenCode, RefusalCode, Refused};
pub use crate::protocol::limits::Limits;
pub use crate::protocol::unit::{EventInfo, MethodInfo, MethodKind, Projection, Unit, UnitInfo};
pub use crate::scalar::{Decimal, Duration, Timestamp};
#[cfg(feature = "http")]
pub use crate::server::{BoundServer, Server};
pub use crate::server::{BoxFuture, Ctx, Dispatch, Fail, Family, Fault, Instance, Principal, Sink, Source};
