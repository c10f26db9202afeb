//! The server: units with their handlers, a page and a socket on one port.
//!
//! tokio, tungstenite and hyper live here and nowhere else. The feature `http` (default) brings [`Server`]; without it
//! there are families and instances, for programs that bring bytes to the protocol cores in their own way.

mod ctx;
mod dispatch;
mod family;
#[cfg_attr(not(feature = "http"), allow(dead_code))]
mod inbox;
mod instance;
mod items;
mod numbers;
mod outcome;
#[cfg_attr(not(feature = "http"), allow(dead_code))]
mod seat;
#[cfg_attr(not(feature = "http"), allow(dead_code))]
mod streams;

#[cfg(feature = "http")]
mod admission;
#[cfg(feature = "http")]
mod assets;
#[cfg(feature = "http")]
mod builder;
#[cfg(feature = "http")]
mod connection;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http")]
mod listener;
#[cfg(feature = "http")]
mod meter;
#[cfg(feature = "http")]
mod origin;
#[cfg(feature = "http")]
mod socket;

#[cfg(feature = "http")]
pub use self::builder::Server;
pub use self::ctx::{Ctx, Principal};
pub use self::dispatch::{BoxFuture, Dispatch};
pub use self::family::Family;
pub use self::instance::Instance;
pub use self::items::{Sink, Source};
#[cfg(feature = "http")]
pub use self::listener::BoundServer;
pub use self::outcome::{Fail, Fault};
