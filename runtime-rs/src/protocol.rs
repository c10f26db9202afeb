//! The session protocol of `docs/protocol.md`: frames and the two state machines.
//!
//! Nothing here does IO or reads a clock: messages, times and requests go in, messages and actions come out. A time is
//! a [`Duration`](std::time::Duration) since a moment that the caller chose and keeps.

pub mod client;
pub mod envelope;
pub mod frames;
#[doc(hidden)]
#[allow(missing_docs, clippy::all)]
pub mod generated;
pub mod limits;
mod seen;
pub mod server;
pub mod unit;
pub mod window;

/// The only protocol version there is.
pub const PROTOCOL_VERSION: u32 = 1;
/// The websocket subprotocol that both sides name in the handshake.
pub const SUBPROTOCOL: &str = "restream.v1";
/// A goodbye's number is added to this to make the status of the websocket close that follows.
pub const CLOSE_BASE: u16 = 4000;
/// The first bytes of a unit's digest that `open` carries.
pub const DIGEST_BYTES: usize = 8;

#[cfg(test)]
mod tests;
