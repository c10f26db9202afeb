//! Who may connect: how many in all, from one address, and without having said who they are.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::protocol::limits::Limits;

/// Counts sockets.
#[derive(Debug)]
pub(super) struct Admission {
    limits: Arc<Limits>,
    sockets: Mutex<Sockets>,
    n_handshakes: AtomicUsize,
}

#[derive(Debug, Default)]
struct Sockets {
    n_all: usize,
    by_address: BTreeMap<IpAddr, usize>,
}

/// Why a socket is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// No room for anybody.
    Server,
    /// Too many from this address.
    Address,
}

/// A place for a socket, given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    admission: Arc<Admission>,
    address: IpAddr,
}

/// A place among those who have not said who they are.
#[derive(Debug)]
pub(super) struct Handshake(Arc<Admission>);

impl Admission {
    pub(super) fn new(limits: Arc<Limits>) -> Self {
        Self { limits, sockets: Mutex::default(), n_handshakes: AtomicUsize::new(0) }
    }

    /// A place for a socket from `address`.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr) -> Result<Place, Full> {
        let address = network(address);
        let mut sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        if sockets.n_all >= self.limits.max_connections {
            return Err(Full::Server);
        }
        let n_here = sockets.by_address.entry(address).or_default();
        if *n_here >= self.limits.max_connections_per_address {
            return Err(Full::Address);
        }
        *n_here += 1;
        sockets.n_all += 1;
        Ok(Place { admission: self.clone(), address })
    }

    /// A place for somebody who has not said who it is yet.
    pub(super) fn greet(self: &Arc<Self>) -> Result<Handshake, Full> {
        let n_before = self.n_handshakes.fetch_add(1, Ordering::Relaxed);
        let handshake = Handshake(self.clone());
        if n_before < self.limits.max_handshakes { Ok(handshake) } else { Err(Full::Server) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut sockets = self.admission.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        sockets.n_all -= 1;
        if let Some(n_here) = sockets.by_address.get_mut(&self.address) {
            *n_here -= 1;
            if *n_here == 0 {
                sockets.by_address.remove(&self.address);
            }
        }
    }
}

impl Drop for Handshake {
    fn drop(&mut self) {
        self.0.n_handshakes.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What counts as one address: in IPv6 a whole /64, which one host may own.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_per_address_and_in_all() {
        let limits = Limits { max_connections: 3, max_connections_per_address: 2, ..Limits::default() };
        let admission = Arc::new(Admission::new(Arc::new(limits)));
        let enter = |address: &str| admission.enter(address.parse().unwrap());
        let first = enter("10.0.0.1").unwrap();
        let _second = enter("::ffff:10.0.0.1").unwrap();
        assert_eq!(enter("10.0.0.1").unwrap_err(), Full::Address);
        let _third = enter("2001:db8::1").unwrap();
        assert_eq!(enter("2001:db8:1::1").unwrap_err(), Full::Server);
        drop(first);
        let _fourth = enter("2001:db8::ffff:ffff:ffff:ffff").unwrap();
        assert_eq!(enter("10.0.0.1").unwrap_err(), Full::Server);
    }

    #[test]
    fn handshakes_are_counted() {
        let admission = Arc::new(Admission::new(Arc::new(Limits { max_handshakes: 1, ..Limits::default() })));
        let first = admission.greet().unwrap();
        assert_eq!(admission.greet().unwrap_err(), Full::Server);
        drop(first);
        assert!(admission.greet().is_ok());
    }
}
