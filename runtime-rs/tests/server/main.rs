//! The server over real sockets: the Rust client core against it, and clients that break every rule.

#[cfg(test)]
mod abuse;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod events;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod http;
#[cfg(test)]
mod life;
#[cfg(test)]
mod replica;
#[allow(unreachable_pub, dead_code)]
mod sample;
#[cfg(test)]
mod serving;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod unit;
