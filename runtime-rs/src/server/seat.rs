//! What a connection has of an instance, whatever the unit's types are.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use tokio::runtime::Handle;

use super::ctx::{Ctx, Principal};
use super::dispatch::BoxFuture;
use super::family::{Family, Shelf};
use super::inbox::Inbox;
use super::instance::Instance;
use super::outcome::Fault;
use super::streams::{Hook, Listened, Listener, Runs};
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
    fn listen(&self, event: u32, key: &Bytes) -> Option<u32>;

    /// Listens no more.
    fn unlisten(&self, event: u32, key: Bytes);

    /// Listens to nothing any more.
    fn unlisten_all(&self);
}

struct SeatOf<U: Unit> {
    shelf: Arc<Shelf<U>>,
    instance: Instance<U>,
    /// Which of the unit's views it is a seat at, if it is not one at the unit itself.
    view: Option<usize>,
    level: Level,
    caller: Caller,
    listens: Mutex<BTreeSet<Listened>>,
    runtime: Handle,
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
        self.clone().seat(caller, key, None)
    }
}

/// A view of the units of a [`Family`]: seats at the same instances, which show a part of their state.
struct ViewFamily<U: Unit> {
    family: Family<U>,
    /// Its place in [`Unit::VIEWS`].
    view: usize,
}

impl<U: Unit> AnyFamily for ViewFamily<U> {
    fn info(&self) -> &'static UnitInfo {
        U::VIEWS[self.view].info
    }

    /// The store's own word counts.
    fn set_linger(&self, _: Duration) {}

    fn join(&self, caller: Caller, key: Bytes) -> BoxFuture<'static, Result<Arc<dyn Seat>, OpenRefusal>> {
        self.family.clone().seat(caller, key, Some(self.view))
    }
}

impl<U: Unit> Family<U> {
    /// The unit and its views, as a server registers them.
    pub(super) fn units(&self) -> Vec<Arc<dyn AnyFamily>> {
        let views = (0..U::VIEWS.len()).map(|view| ViewFamily { family: self.clone(), view });
        let views = views.map(|view| Arc::new(view) as Arc<dyn AnyFamily>);
        std::iter::once(Arc::new(self.clone()) as Arc<dyn AnyFamily>).chain(views).collect()
    }

    fn seat(
        self,
        caller: Caller,
        key: Bytes,
        view: Option<usize>,
    ) -> BoxFuture<'static, Result<Arc<dyn Seat>, OpenRefusal>> {
        Box::pin(async move {
            let info = info::<U>(view);
            let key: U::Key = decode(&key)
                .map_err(|error| refusal(info, OpenCode::InvalidKey, format!("the key does not decode: {error}")))?;
            let invalid = |violation: Violation| refusal(info, OpenCode::InvalidKey, violation.to_string());
            key.check_row(&Path::root()).map_err(invalid)?;
            let level = self.level(&caller, &key, info).await?;
            let instance = self.open(&key).await.map_err(|refused| refused_open(info, refused))?;
            let watch = instance.wake_on_commit(&caller.inbox);
            let shelf = self.0;
            let seat = SeatOf {
                shelf,
                instance,
                view,
                level,
                caller,
                listens: Mutex::default(),
                runtime: Handle::current(),
                _watch: watch,
            };
            Ok(Arc::new(seat) as Arc<dyn Seat>)
        })
    }

    /// The caller's level, if it may open the unit or the view at all.
    async fn level(&self, caller: &Caller, key: &U::Key, info: &UnitInfo) -> Result<Level, OpenRefusal> {
        let ctx = ctx_of(caller, Level(0));
        let level = AssertUnwindSafe(async { self.0.dispatch.level(&ctx, key).await }).catch_unwind().await;
        let level = level.map_err(|_| {
            tracing::error!(unit = U::INFO.name, "the handler panicked while it looked up a level");
            refusal(info, OpenCode::Internal, "the handler failed".to_owned())
        })?;
        if level < info.access {
            return Err(refusal(info, OpenCode::Denied, "the caller's level is too low".to_owned()));
        }
        Ok(level)
    }
}

/// What is known of the unit, or of one of its views.
fn info<U: Unit>(view: Option<usize>) -> &'static UnitInfo {
    view.and_then(|view| U::VIEWS.get(view)).map_or(U::INFO, |projection| projection.info)
}

impl<U: Unit> SeatOf<U> {
    fn info(&self) -> &'static UnitInfo {
        info::<U>(self.view)
    }
}

impl<U: Unit> Seat for SeatOf<U> {
    fn target(&self) -> Target {
        Target {
            instance: self.instance.id() + self.view.map_or(0, |view| 1 + view as u64),
            digest: Bytes::copy_from_slice(&self.info().short_digest()),
            view: self.instance.view(self.level, self.view.and_then(|view| U::VIEWS.get(view))),
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
            let info = self.info().method(method, kind).ok_or_else(Fault::unimplemented)?;
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

    fn listen(&self, event: u32, key: &Bytes) -> Option<u32> {
        self.info().event(event).filter(|info| self.level >= info.access)?;
        if !self.shelf.dispatch.is_event_key(event, key) {
            return None;
        }
        let listened = (event, key.clone());
        self.listens.lock().unwrap_or_else(PoisonError::into_inner).insert(listened.clone());
        let listener = Listener { level: self.level, inbox: self.caller.inbox.clone() };
        let (stream, runs) = self.instance.streams().listen(listened, self.caller.connection, listener);
        self.run_hooks(runs);
        Some(stream)
    }

    fn unlisten(&self, event: u32, key: Bytes) {
        let listened = (event, key);
        if self.listens.lock().unwrap_or_else(PoisonError::into_inner).remove(&listened) {
            self.leave(listened);
        }
    }

    fn unlisten_all(&self) {
        let listens = std::mem::take(&mut *self.listens.lock().unwrap_or_else(PoisonError::into_inner));
        listens.into_iter().for_each(|listened| self.leave(listened));
    }
}

impl<U: Unit> SeatOf<U> {
    fn leave(&self, listened: Listened) {
        let runs = self.instance.streams().unlisten(listened, self.caller.connection);
        self.run_hooks(runs);
    }

    /// Tells the handler who comes and goes: one after the other, in a task of its own, because a handler may take its
    /// time and a connection may not.
    fn run_hooks(&self, runs: Runs) {
        if runs == Runs::Elsewhere {
            return;
        }
        let (shelf, instance) = (self.shelf.clone(), self.instance.clone());
        self.runtime.spawn(async move {
            while let Some(Hook { event, key, is_first }) = instance.streams().next_hook() {
                let told = async { shelf.dispatch.listened(instance.clone(), event, &key, is_first).await };
                if AssertUnwindSafe(told).catch_unwind().await.is_err() {
                    tracing::error!(unit = U::INFO.name, event, "the handler panicked when told who listens");
                }
            }
        });
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
