//! Where a client keeps the value of a store.

use std::any::Any;

use crate::error::DecodeError;

/// The value of one store as a client holds it.
pub trait Replica: Any + Send {
    /// Replaces the value by a snapshot.
    ///
    /// # Errors
    /// What is wrong with the row; the value stays as it was.
    fn reset(&mut self, row: &[u8]) -> Result<(), DecodeError>;

    /// Moves the value by a delta.
    ///
    /// # Errors
    /// What is wrong with the delta or why it does not fit; the value is not shown any more then.
    fn apply(&mut self, delta: &[u8]) -> Result<(), DecodeError>;
}

/// A service has no value.
impl Replica for () {
    fn reset(&mut self, _: &[u8]) -> Result<(), DecodeError> {
        Ok(())
    }

    fn apply(&mut self, _: &[u8]) -> Result<(), DecodeError> {
        Ok(())
    }
}
