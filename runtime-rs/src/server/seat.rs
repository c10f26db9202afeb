//! What a connection has of an instance, whatever the unit's types are.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;

use super::ctx::{Ctx, Principal};
use super::dispatch::BoxFuture;
use super::family::{Family, Shelf};
use super::inbox::Inbox;
use super::instance::Instance;
use super::outcome::Fault;
use crate::Level;
use crate::codec::check::{Path, Violation};
use crate::codec::{Row, decode};
use crate::error::{RefusalCode, Refused};
use crate::protocol::generated::session::v1::OpenCode;
use crate::protocol::server::{OpenRefusal, Target};
use crate::protocol::unit::{MethodKind, Unit, UnitInfo};
use crate::store::CommitGuard;

/// The units of a server, by full name.
pub(super) type Registry = BTreeMap<&'static str, Arc<dyn AnyFamily>>;

/// Somebody who wants a seat.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) principal: Arc<Principal>,
    pub(super) connection: u64,
    pub(super) inbox: Arc<Inbox>,
}

/// A [`Family`] without its types.
pub(super) trait AnyFamily: Send + Sync {
    /// The unit.
    fn info(&self) -> &'static UnitInfo;

    /// How long an instance stays open without users.
    fn set_linger(&self, linger: Duration);

    /// Finds out the caller's level and opens the instance of this key.
    fn join(&self, caller: Caller, key: Bytes) -> BoxFuture<'static, Result<Arc<dyn Seat>, OpenRefusal>>;
}

/// One connection's place at one instance. Dropping it gives the place up, event streams included.
pub(super) trait Seat: Send + Sync {
    /// What the protocol core needs to know.
    fn target(&self) -> Target;

    /// A caller with this seat's level, to be completed for each call.
    fn ctx(&self) -> Ctx;

    /// Calls a method, if the level allows it.
    fn call(
        self: Arc<Self>,
        ctx: Ctx,
        kind: MethodKind,
        method: u32,
        args: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Fault>>;

    /// Listens to an event, if there is one and the level allows it.
    fn listen(&self, event: u32) -> Option<u32>;

    /// Listens no more.
    fn unlisten(&self, event: u32);

    /// Listens to nothing any more.
    fn unlisten_all(&self);
}

struct SeatOf<U: Unit> {
    shelf: Arc<Shelf<U>>,
    instance: Instance<U>,
    level: Level,
    caller: Caller,
    listens: Mutex<BTreeSet<u32>>,
    /// Wakes the connection after each commit.
    _watch: CommitGuard,
}

impl<U: Unit> AnyFamily for Family<U> {
    fn info(&self) -> &'static UnitInfo {
        U::INFO
    }

    fn set_linger(&self, linger: Duration) {
        Family::set_linger(self, linger);
    }

    fn join(&self, caller: Caller, key: Bytes) -> BoxFuture<'static, Result<Arc<dyn Seat>, OpenRefusal>> {
        let family = self.clone();
        Box::pin(async move {
            let key: U::Key = decode(&key)
                .map_err(|error| refusal(U::INFO, OpenCode::InvalidKey, format!("the key does not decode: {error}")))?;
            let invalid = |violation: Violation| refusal(U::INFO, OpenCode::InvalidKey, violation.to_string());
            key.check_row(&Path::root()).map_err(invalid)?;
            let level = family.level(&caller, &key).await?;
            let instance = family.open(&key).await.map_err(|refused| refused_open(U::INFO, refused))?;
            let watch = instance.wake_on_commit(&caller.inbox);
            let shelf = family.0;
            let seat = SeatOf { shelf, instance, level, caller, listens: Mutex::default(), _watch: watch };
            Ok(Arc::new(seat) as Arc<dyn Seat>)
        })
    }
}

impl<U: Unit> Family<U> {
    /// The caller's level, if it may open the unit at all.
    async fn level(&self, caller: &Caller, key: &U::Key) -> Result<Level, OpenRefusal> {
        let ctx = ctx_of(caller, Level(0));
        let level = AssertUnwindSafe(async { self.0.dispatch.level(&ctx, key).await }).catch_unwind().await;
        let level = level.map_err(|_| {
            tracing::error!(unit = U::INFO.name, "the handler panicked while it looked up a level");
            refusal(U::INFO, OpenCode::Internal, "the handler failed".to_owned())
        })?;
        if level < U::INFO.access {
            return Err(refusal(U::INFO, OpenCode::Denied, "the caller's level is too low".to_owned()));
        }
        Ok(level)
    }
}

impl<U: Unit> Seat for SeatOf<U> {
    fn target(&self) -> Target {
        Target {
            instance: self.instance.id(),
            digest: Bytes::copy_from_slice(&U::INFO.short_digest()),
            view: self.instance.view(self.level),
        }
    }

    fn ctx(&self) -> Ctx {
        ctx_of(&self.caller, self.level)
    }

    fn call(
        self: Arc<Self>,
        ctx: Ctx,
        kind: MethodKind,
        method: u32,
        args: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Fault>> {
        Box::pin(async move {
            let info = U::INFO.method(method, kind).ok_or_else(Fault::unimplemented)?;
            if self.level < info.access {
                return Err(Fault::denied());
            }
            let call = async { self.shelf.dispatch.call(&ctx, self.instance.clone(), method, &args).await };
            AssertUnwindSafe(call).catch_unwind().await.unwrap_or_else(|_| {
                tracing::error!(unit = U::INFO.name, method = info.name, "the handler panicked");
                Err(Fault::panicked())
            })
        })
    }

    fn listen(&self, event: u32) -> Option<u32> {
        U::INFO.event(event).filter(|info| self.level >= info.access)?;
        self.listens.lock().unwrap_or_else(PoisonError::into_inner).insert(event);
        Some(self.instance.streams().listen(event, self.caller.connection, self.caller.inbox.clone()))
    }

    fn unlisten(&self, event: u32) {
        if self.listens.lock().unwrap_or_else(PoisonError::into_inner).remove(&event) {
            self.instance.streams().unlisten(event, self.caller.connection);
        }
    }

    fn unlisten_all(&self) {
        let listens = std::mem::take(&mut *self.listens.lock().unwrap_or_else(PoisonError::into_inner));
        listens.iter().for_each(|event| self.instance.streams().unlisten(*event, self.caller.connection));
    }
}

impl<U: Unit> Drop for SeatOf<U> {
    fn drop(&mut self) {
        self.unlisten_all();
    }
}

fn ctx_of(caller: &Caller, level: Level) -> Ctx {
    let (principal, connection) = (caller.principal.clone(), caller.connection);
    Ctx { principal, level, connection, deadline: None, idempotency_key: None, over: None, pipe: None }
}

/// A refusal that names the server's digest of the unit.
pub(super) fn refusal(info: &UnitInfo, code: OpenCode, message: String) -> OpenRefusal {
    OpenRefusal { code, message, digest: Some(Bytes::copy_from_slice(&info.short_digest())) }
}

fn refused_open(info: &UnitInfo, refused: Refused) -> OpenRefusal {
    let code = match refused.code {
        RefusalCode::Denied => OpenCode::Denied,
        RefusalCode::NotFound => OpenCode::NotFound,
        RefusalCode::Invalid => OpenCode::InvalidKey,
        RefusalCode::Unavailable | RefusalCode::Busy => OpenCode::Unavailable,
        RefusalCode::Internal
        | RefusalCode::TooLarge
        | RefusalCode::Elements
        | RefusalCode::Depth
        | RefusalCode::Constraint => OpenCode::Internal,
    };
    refusal(info, code, refused.message)
}
