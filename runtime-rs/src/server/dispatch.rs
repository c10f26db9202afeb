//! What generated code does for the runtime: it decodes arguments and calls the application's handler.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

use super::ctx::Ctx;
use super::instance::Instance;
use super::outcome::Fault;
use crate::Level;
use crate::error::Refused;
use crate::protocol::unit::Unit;

/// A future behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The application's handler of a unit as the runtime sees it. Generated code implements it.
pub trait Dispatch: Send + Sync + 'static {
    /// The store or service.
    type Unit: Unit;

    /// The state of a new instance.
    fn open<'a>(
        &'a self,
        key: &'a <Self::Unit as Unit>::Key,
    ) -> BoxFuture<'a, Result<<Self::Unit as Unit>::State, Refused>>;

    /// The level of a caller at an instance.
    fn level<'a>(&'a self, ctx: &'a Ctx, key: &'a <Self::Unit as Unit>::Key) -> BoxFuture<'a, Level>;

    /// The instance has been closed.
    fn close(&self, instance: Instance<Self::Unit>) -> BoxFuture<'_, ()>;

    /// Whether these bytes are a key of an event, in the one form that equal keys have; of an event without key: none.
    fn is_event_key(&self, event: u32, key: &[u8]) -> bool {
        let _ = event;
        key.is_empty()
    }

    /// Somebody listens to a key of an event, or nobody does any more.
    fn listened<'a>(
        &'a self,
        instance: Instance<Self::Unit>,
        event: u32,
        key: &'a [u8],
        is_first: bool,
    ) -> BoxFuture<'a, ()> {
        let _ = (instance, event, key, is_first);
        Box::pin(std::future::ready(()))
    }

    /// Calls a method with the row of its arguments; gives the row of its result, empty for none.
    fn call<'a>(
        &'a self,
        ctx: &'a Ctx,
        instance: Instance<Self::Unit>,
        method: u32,
        args: &'a [u8],
    ) -> BoxFuture<'a, Result<Bytes, Fault>>;
}
