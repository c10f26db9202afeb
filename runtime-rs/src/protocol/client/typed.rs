//! The typed face of the client core.

use std::any::Any;
use std::time::Duration;

use bytes::Bytes;

use super::{ClientCore, Handle, Replica};
use crate::codec::{Row, decode, encode};
use crate::delta::{Delta, Partial, decode_patch};
use crate::error::{DecodeError, ErrorCode};
use crate::protocol::unit::Unit;

/// The value of a store whose type is known.
#[derive(Debug)]
struct Typed<S>(Option<S>);

impl<S: Partial + Row> Replica for Typed<S> {
    fn reset(&mut self, row: &[u8]) -> Result<(), DecodeError> {
        self.0 = Some(decode(row)?);
        Ok(())
    }

    fn apply(&mut self, delta: &[u8]) -> Result<(), DecodeError> {
        const MISMATCH: DecodeError = DecodeError { code: ErrorCode::Mismatch, offset: 0 };
        let patch = decode_patch::<S>(delta)?;
        // On a clone, which shares structure: a patch that does not fit must not leave half of itself behind.
        let mut value = self.0.clone().ok_or(MISMATCH)?;
        Delta::apply(&mut value, &patch).map_err(|_| MISMATCH)?;
        self.0 = Some(value);
        Ok(())
    }
}

impl ClientCore {
    /// Opens an instance of a store, or a service.
    pub fn open_unit<U: Unit>(&mut self, key: &U::Key) -> Handle {
        self.open(U::INFO, encode(key), Box::new(Typed::<U::State>(None)))
    }

    /// The value of a store that [`open_unit`](Self::open_unit) opened, once it has one.
    #[must_use]
    pub fn value<U: Unit>(&self, handle: Handle) -> Option<&U::State> {
        let replica: &dyn Any = self.replica(handle)?;
        replica.downcast_ref::<Typed<U::State>>()?.0.as_ref()
    }

    /// Calls a method with its arguments.
    pub fn call_with(
        &mut self,
        now: Duration,
        handle: Handle,
        method: u32,
        args: &impl Row,
        deadline: Duration,
    ) -> u32 {
        let args: Bytes = encode(args);
        self.call(now, handle, method, args, deadline)
    }
}
