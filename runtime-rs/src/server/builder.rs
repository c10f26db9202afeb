//! A server to be.

use std::fmt;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::ToSocketAddrs;

use super::assets::Assets;
use super::ctx::Principal;
use super::dispatch::BoxFuture;
use super::family::Family;
use super::listener::BoundServer;
use super::origin::Origins;
use super::seat::Registry;
use crate::error::Refused;
use crate::protocol::limits::Limits;
use crate::protocol::unit::Unit;

/// Where the websocket is, unless [`Server::socket_path`] says otherwise.
const SOCKET_PATH: &str = "/socket";

/// Looks at a client's token.
type Authenticate = Arc<dyn Fn(Option<String>) -> BoxFuture<'static, Result<Principal, Refused>> + Send + Sync>;

/// A server to be.
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// let server = restream::Server::new().assets("web/dist").bind("127.0.0.1:8080").await?;
/// println!("http://{}", server.local_addr());
/// server.run().await
/// # }
/// ```
#[must_use]
pub struct Server {
    registry: Registry,
    limits: Limits,
    authenticate: Authenticate,
    origins: Origins,
    assets: Option<PathBuf>,
    socket_path: String,
}

/// What the tasks of a server share.
pub(super) struct Shared {
    pub(super) registry: Registry,
    pub(super) limits: Arc<Limits>,
    pub(super) authenticate: Authenticate,
    pub(super) origins: Origins,
    pub(super) assets: Option<Assets>,
    pub(super) socket_path: String,
}

impl Server {
    /// A server without units that welcomes everybody from its own page.
    pub fn new() -> Self {
        Self {
            registry: Registry::new(),
            limits: Limits::default(),
            authenticate: Arc::new(|_| Box::pin(async { Ok(Principal::default()) })),
            origins: Origins::default(),
            assets: None,
            socket_path: SOCKET_PATH.to_owned(),
        }
    }

    /// Serves a unit and its views. Of two families of the same unit the later one is served.
    ///
    /// The handlers that one connection has called take turns in that connection's task: work that blocks or computes for
    /// long belongs in `tokio::task::spawn_blocking`.
    pub fn serve<U: Unit>(mut self, family: &Family<U>) -> Self {
        self.registry.extend(family.units().into_iter().map(|unit| (unit.info().name, unit)));
        self
    }

    /// Sets what the server allows.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Asks the application who a client is, given the token of its hello. A refusal ends the connection for good,
    /// unless it is `unavailable`, `busy` or `internal`.
    pub fn authenticate<F, A>(mut self, authenticate: F) -> Self
    where
        F: Fn(Option<String>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Principal, Refused>> + Send + 'static,
    {
        self.authenticate = Arc::new(move |token| Box::pin(authenticate(token)));
        self
    }

    /// Lets pages of exactly these origins, such as `https://example.com`, open the socket. Without it only a page
    /// of the same scheme, host and port may. Programs that send no `Origin` always may.
    pub fn origins<O: Into<String>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        self.origins = Origins::only(origins.into_iter().map(Into::into));
        self
    }

    /// Serves the files of a folder; `/` is its `index.html`.
    pub fn assets(mut self, folder: impl Into<PathBuf>) -> Self {
        self.assets = Some(folder.into());
        self
    }

    /// Sets the path of the websocket; `/socket` unless set.
    pub fn socket_path(mut self, path: impl Into<String>) -> Self {
        self.socket_path = path.into();
        self
    }

    /// Binds an address; port 0 takes a free one. Clients are served while [`BoundServer::run`] runs.
    ///
    /// # Errors
    /// The address cannot be bound, or the folder of the assets is not there.
    pub async fn bind(self, address: impl ToSocketAddrs) -> io::Result<BoundServer> {
        let assets = match self.assets {
            Some(folder) => Some(Assets::open(folder).await?),
            None => None,
        };
        for family in self.registry.values() {
            family.set_linger(self.limits.linger);
        }
        let shared = Shared {
            registry: self.registry,
            limits: Arc::new(self.limits),
            authenticate: self.authenticate,
            origins: self.origins,
            assets,
            socket_path: self.socket_path,
        };
        BoundServer::bind(Arc::new(shared), address).await
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units: Vec<_> = self.registry.keys().collect();
        f.debug_struct("Server").field("units", &units).field("limits", &self.limits).finish_non_exhaustive()
    }
}
