//! A bound server: it accepts sockets until it shuts down.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream, ToSocketAddrs, lookup_host};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::admission::{Admission, Full};
use super::builder::Shared;
use super::connection::Stage;
use super::http::HttpSocket;

/// Bytes of the kernel's send buffer: what a client that does not read costs at most beside its queue.
const SEND_BUFFER_BYTES: u32 = 64 << 10;
/// Sockets that may wait to be accepted.
const BACKLOG: u32 = 1_024;
/// How long to wait when the process has no file handle left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Connections of this process are told apart by these.
static LAST_CONNECTION: AtomicU64 = AtomicU64::new(0);

/// A server with an address. Dropping it cuts all its connections.
pub struct BoundServer {
    /// Until the shutdown.
    listener: Mutex<Option<Arc<TcpListener>>>,
    address: SocketAddr,
    shared: Arc<Shared>,
    admission: Arc<Admission>,
    stage: watch::Sender<Stage>,
}

impl BoundServer {
    pub(super) async fn bind(shared: Arc<Shared>, address: impl ToSocketAddrs) -> io::Result<Self> {
        let listener = listen(address).await?;
        let address = listener.local_addr()?;
        let admission = Arc::new(Admission::new(shared.limits.clone()));
        let listener = Mutex::new(Some(Arc::new(listener)));
        Ok(Self { listener, address, shared, admission, stage: watch::Sender::new(Stage::Serving) })
    }

    /// The address with the port that was taken.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Accepts clients until [`shutdown`](Self::shutdown). Dropping the future stops accepting; clients that are
    /// connected go on.
    ///
    /// # Errors
    /// The listening socket broke.
    pub async fn run(&self) -> io::Result<()> {
        let mut stage = self.stage.subscribe();
        let Some(listener) = self.lock_listener().clone() else { return Ok(()) };
        while *stage.borrow_and_update() == Stage::Serving {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    // A copy that has seen no shutdown: one that begins meanwhile is news to the connection.
                    Ok((tcp, peer)) => self.accept(tcp, peer, stage.clone()),
                    Err(error) if is_passing(&error) => {
                        tracing::warn!(%error, "cannot accept for now");
                        sleep(ACCEPT_PAUSE).await;
                    }
                    Err(error) => return Err(error),
                },
                _ = stage.changed() => {}
            }
        }
        Ok(())
    }

    /// Says goodbye to all clients, with a time after which they may come back, and waits until they are gone or
    /// [`Limits::shutdown_timeout`](crate::Limits::shutdown_timeout) is over; those left are cut when the server is
    /// dropped. The port is free as soon as [`run`](Self::run) has ended.
    pub async fn shutdown(&self) {
        self.lock_listener().take();
        self.stage.send_replace(Stage::Leaving);
        if timeout(self.shared.limits.shutdown_timeout, self.stage.closed()).await.is_err() {
            tracing::warn!("some connections did not take their goodbye in time");
        }
    }

    fn lock_listener(&self) -> MutexGuard<'_, Option<Arc<TcpListener>>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn accept(&self, tcp: TcpStream, peer: SocketAddr, stage: watch::Receiver<Stage>) {
        let places = self.admission.enter(peer.ip()).and_then(|place| Ok((place, self.admission.greet()?)));
        let (place, handshake) = match places {
            Ok(places) => places,
            Err(full) => return turn_away(&tcp, peer, full),
        };
        // Small frames are not held back for larger ones; if that cannot be had, they are served all the same.
        let _ = tcp.set_nodelay(true);
        let id = LAST_CONNECTION.fetch_add(1, Ordering::Relaxed) + 1;
        let (shared, admission) = (self.shared.clone(), self.admission.clone());
        tokio::spawn(HttpSocket { shared, admission, place, id, stage }.run(tcp, handshake));
    }
}

/// Listens at the first address that can be bound. Accepted sockets inherit the buffer size.
async fn listen(address: impl ToSocketAddrs) -> io::Result<TcpListener> {
    let mut last_error = io::Error::new(io::ErrorKind::InvalidInput, "no address to bind");
    for address in lookup_host(address).await? {
        match listen_at(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => last_error = io::Error::new(error.kind(), format!("cannot bind {address}: {error}")),
        }
    }
    Err(last_error)
}

fn listen_at(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Answers without reading: what is refused must not cost a task.
fn turn_away(tcp: &TcpStream, peer: SocketAddr, full: Full) {
    let status = match full {
        Full::Server => "503 Service Unavailable",
        Full::Address => "429 Too Many Requests",
    };
    tracing::warn!(%peer, status, "turned a socket away");
    let reply = format!("HTTP/1.1 {status}\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    // A fresh socket has room for a line; if not, closing says enough.
    let _ = tcp.try_write(reply.as_bytes());
}

/// Errors of one peer or of a passing shortage.
fn is_passing(error: &io::Error) -> bool {
    const OUT_OF_FILES: [i32; 2] = [23, 24];
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
            | io::ErrorKind::OutOfMemory
    ) || error.raw_os_error().is_some_and(|code| OUT_OF_FILES.contains(&code))
}

impl fmt::Debug for BoundServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundServer").field("address", &self.address).finish_non_exhaustive()
    }
}
