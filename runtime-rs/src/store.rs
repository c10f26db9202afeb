//! Room 3: a store is a log, and everybody who reads it is a cursor into it.
//!
//! [`Store`] holds a state, changes it in commits and keeps the newest deltas. A [`View`] is what readers of one access
//! level see of it, encoded once for all of them; a reader is nothing but the version it holds. Nothing here waits, does
//! IO or knows what a connection is.

mod instance;
mod limits;
mod log;
mod measure;
mod source;
mod view;
mod wake;
mod watch;

pub use self::instance::Store;
pub use self::limits::StoreLimits;
pub use self::source::{Frame, ResetReason, Resume, Source, Step, View, ViewNumber};
pub use self::wake::{CommitGuard, Wake};
pub use self::watch::{Seen, Watch};
