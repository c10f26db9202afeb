//! Who calls.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

use super::items::CallPipe;
use crate::Level;

/// Who stands behind a connection, as the application's `authenticate` found out.
#[derive(Clone, Default)]
pub struct Principal {
    id: String,
    data: Option<Arc<dyn Any + Send + Sync>>,
}

impl Principal {
    /// A principal with the application's name for it; for logs and for handlers.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), data: None }
    }

    /// Attaches what handlers want to know of it.
    #[must_use]
    pub fn with_data<T: Any + Send + Sync>(mut self, data: T) -> Self {
        self.data = Some(Arc::new(data));
        self
    }

    /// The application's name for it; empty for somebody unknown.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What was attached, if it is a `T`.
    #[must_use]
    pub fn data<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.data.as_ref()?.downcast_ref()
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Principal").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a handler is told about its caller.
#[derive(Clone, Debug)]
pub struct Ctx {
    pub(super) principal: Arc<Principal>,
    pub(super) level: Level,
    pub(super) connection: u64,
    pub(super) deadline: Option<Instant>,
    pub(super) idempotency_key: Option<String>,
    /// Closed when the call is over.
    pub(super) over: Option<watch::Receiver<()>>,
    /// The items of a call with streams.
    pub(super) pipe: Option<Arc<CallPipe>>,
}

impl Ctx {
    /// Who calls.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The caller's level at this instance; the lowest while the level is being asked for.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// A number for the caller's connection; no other connection of this process had it. It is no credential.
    #[must_use]
    pub fn connection(&self) -> u64 {
        self.connection
    }

    /// When the call is given up.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// What the caller gave to recognise a call that it makes again.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    /// Resolves when the call is over: answered, cancelled, too late, or its connection is gone. The handler's own
    /// future is dropped then; this is for tasks that it has started.
    pub async fn cancelled(&self) {
        match &self.over {
            Some(over) => while over.clone().changed().await.is_ok() {},
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_found_by_its_type_and_not_shown() {
        let principal = Principal::new("ann").with_data(7_u32);
        assert_eq!((principal.data::<u32>(), principal.data::<u64>()), (Some(&7), None));
        assert_eq!(format!("{principal:?}"), r#"Principal { id: "ann", .. }"#);
    }
}
