//! A server in the background and blocking clients: a test waits for what must come, with a limit.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use restream::protocol::client::{ClientCore, Handle, Update};
use restream::protocol::envelope::{Frame, MessageBuilder, split};
use restream::protocol::frames::{ClientFrame, ServerFrame};
use restream::protocol::generated::session::v1::{GoodbyeCode, Hello, Open, Ping};
use restream::{BoundServer, Bytes, Family, Limits, Principal, Refused, Server, Unit};
use tokio::runtime::Runtime;
use tungstenite::client::IntoClientRequest;
use tungstenite::protocol::{Message, WebSocket};

use crate::unit::{Auth, BoardKey, BoardUnit, Probe, boards};

/// Longer than anything here takes; a test that waits for it has failed.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// A running server with boards.
pub(crate) struct TestServer {
    pub(crate) boards: Family<BoardUnit>,
    pub(crate) probe: Arc<Probe>,
    pub(crate) bound: Arc<BoundServer>,
    pub(crate) runtime: Runtime,
}

impl TestServer {
    pub(crate) fn start() -> Self {
        Self::with(Limits::default(), |server| server)
    }

    pub(crate) fn limited(limits: Limits) -> Self {
        Self::with(limits, |server| server)
    }

    pub(crate) fn with(limits: Limits, configure: impl FnOnce(Server) -> Server) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), limits, configure)
    }

    pub(crate) fn at(address: SocketAddr, limits: Limits, configure: impl FnOnce(Server) -> Server) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let probe = Arc::new(Probe::default());
        let boards = boards(&probe);
        let server = Server::new().serve(&boards).serve(&Family::new(Auth)).limits(limits).authenticate(authenticate);
        let bound = Arc::new(runtime.block_on(configure(server).bind(address)).unwrap());
        let running = bound.clone();
        runtime.spawn(async move { running.run().await.unwrap() });
        Self { boards, probe, bound, runtime }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.bound.local_addr()
    }

    /// A connection whose hello is still to be said.
    pub(crate) fn raw(&self) -> RawClient {
        RawClient::connect(self.address())
    }

    /// A connection that has been welcomed.
    pub(crate) fn welcomed(&self) -> RawClient {
        let mut client = self.raw();
        client.send(&[hello(None)]);
        assert!(matches!(client.frame(), ServerFrame::Welcome(_)));
        client
    }

    pub(crate) fn client(&self, token: Option<&str>) -> Client {
        let mut client = Client::new(token);
        client.connect(self.address());
        client
    }

    /// Waits until the server's side of something is as it should be.
    pub(crate) fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let since = Instant::now();
        while !is_so() {
            assert!(since.elapsed() < LONG, "never: {what}");
            std::thread::yield_now();
        }
    }
}

async fn authenticate(token: Option<String>) -> Result<Principal, Refused> {
    match token.as_deref() {
        Some("bad") => Err(Refused::denied("who?")),
        Some("panic") => panic!("a bug in `authenticate`"),
        Some("never") => std::future::pending().await,
        Some(name) => Ok(Principal::new(name)),
        None => Ok(Principal::default()),
    }
}

pub(crate) fn hello(token: Option<&str>) -> ClientFrame {
    Hello { protocol: 1, token: token.map(str::to_owned), client: "test".to_owned() }.into()
}

pub(crate) fn open_board(ch: u32, game: &str) -> ClientFrame {
    let key = restream::codec::encode(&BoardKey { game: game.to_owned() });
    let digest = Bytes::copy_from_slice(&BoardUnit::INFO.short_digest());
    Open { ch, name: BoardUnit::INFO.name.to_owned(), digest, key }.into()
}

/// A websocket whose every frame a test decides.
pub(crate) struct RawClient {
    pub(crate) ws: WebSocket<TcpStream>,
    frames: std::collections::VecDeque<ServerFrame>,
}

impl RawClient {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::over(address, TcpStream::connect(address).unwrap())
    }

    /// A client whose kernel holds little of what it does not read.
    pub(crate) fn with_small_buffer(server: &TestServer) -> Self {
        let tcp = server.runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.set_recv_buffer_size(8 << 10).unwrap();
            socket.connect(server.address()).await.unwrap().into_std().unwrap()
        });
        tcp.set_nonblocking(false).unwrap();
        Self::over(server.address(), tcp)
    }

    fn over(address: SocketAddr, tcp: TcpStream) -> Self {
        tcp.set_read_timeout(Some(LONG)).unwrap();
        tcp.set_write_timeout(Some(LONG)).unwrap();
        let mut request = format!("ws://{address}/socket").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "restream.v1".parse().unwrap());
        let (ws, _) = tungstenite::client(request, tcp).unwrap();
        Self { ws, frames: Default::default() }
    }

    /// Sends frames as one message.
    pub(crate) fn send(&mut self, frames: &[ClientFrame]) {
        let mut message = MessageBuilder::new();
        frames.iter().for_each(|frame| message.push(&frame.encode()));
        self.send_bytes(message.finish().unwrap());
    }

    pub(crate) fn send_bytes(&mut self, message: Bytes) {
        self.ws.send(Message::Binary(message)).unwrap();
    }

    /// Bytes below the websocket.
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.ws.get_mut().write_all(bytes).unwrap();
    }

    /// The next control frame.
    pub(crate) fn frame(&mut self) -> ServerFrame {
        self.next().expect("the server closed the socket")
    }

    fn next(&mut self) -> Option<ServerFrame> {
        while self.frames.is_empty() {
            let message = match self.ws.read() {
                Ok(Message::Binary(message)) => message,
                Ok(Message::Close(_)) | Err(tungstenite::Error::ConnectionClosed) => return None,
                Ok(_) => continue,
                Err(error) => panic!("{error}"),
            };
            for frame in split(&message).unwrap() {
                if let Frame::Control { kind, body } = frame {
                    self.frames.push_back(ServerFrame::decode(kind, body).unwrap());
                }
            }
        }
        self.frames.pop_front()
    }

    /// Waits for the goodbye, and for the close that repeats its code.
    pub(crate) fn goodbye(&mut self) -> GoodbyeCode {
        loop {
            if let ServerFrame::Goodbye(goodbye) = self.frame() {
                let close = loop {
                    match self.ws.read().unwrap() {
                        Message::Close(close) => break close.unwrap(),
                        // The websocket's own answers may come at any time.
                        Message::Pong(_) => {}
                        other => panic!("{other:?} after the goodbye"),
                    }
                };
                assert_eq!(u16::from(close.code), 4_000 + u16::from(goodbye.code.number()));
                return goodbye.code;
            }
        }
    }

    /// Shows that the connection is alive, after everything sent before.
    pub(crate) fn assert_alive(&mut self) {
        self.send(&[Ping { n: 4_711 }.into()]);
        loop {
            match self.frame() {
                ServerFrame::Pong(pong) if pong.n == 4_711 => return,
                ServerFrame::Goodbye(goodbye) => panic!("{goodbye:?}"),
                _ => {}
            }
        }
    }
}

/// The client core over a blocking socket.
pub(crate) struct Client {
    pub(crate) core: ClientCore,
    socket: Option<RawClient>,
    token: Option<String>,
    since: Instant,
    pub(crate) updates: Vec<Update>,
}

impl Deref for Client {
    type Target = ClientCore;

    fn deref(&self) -> &ClientCore {
        &self.core
    }
}

impl Client {
    pub(crate) fn new(token: Option<&str>) -> Self {
        let core = ClientCore::new("rust test", 1);
        Self { core, socket: None, token: token.map(str::to_owned), since: Instant::now(), updates: Vec::new() }
    }

    pub(crate) fn now(&self) -> Duration {
        self.since.elapsed()
    }

    pub(crate) fn connect_as(&mut self, token: Option<&str>, address: SocketAddr) {
        self.token = token.map(str::to_owned);
        self.connect(address);
    }

    pub(crate) fn connect(&mut self, address: SocketAddr) {
        self.core.connect(self.token.clone());
        self.socket = Some(RawClient::connect(address));
        self.core.connected(self.since.elapsed());
    }

    /// Cuts the socket without a word.
    pub(crate) fn cut(&mut self) {
        self.socket = None;
        self.core.disconnected(self.since.elapsed());
    }

    /// A subscribed board.
    pub(crate) fn board(&mut self, game: &str) -> Handle {
        let handle = self.core.open_unit::<BoardUnit>(&BoardKey { game: game.to_owned() });
        self.core.subscribe(handle);
        handle
    }

    pub(crate) fn call(&mut self, handle: Handle, method: u32, args: &impl restream::codec::Row) -> u32 {
        let now = self.now();
        self.core.call_with(now, handle, method, args, LONG)
    }

    /// Writes what there is, reads one message.
    pub(crate) fn step(&mut self) {
        let socket = self.socket.as_mut().expect("not connected");
        while let Some(message) = self.core.poll_message() {
            socket.send_bytes(message);
        }
        match socket.ws.read() {
            Ok(Message::Binary(message)) => self.core.receive(self.since.elapsed(), &message),
            Ok(Message::Close(_)) | Err(tungstenite::Error::ConnectionClosed) => self.cut(),
            Err(tungstenite::Error::Protocol(_)) => self.cut(),
            Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::ConnectionReset => self.cut(),
            Ok(_) => {}
            Err(error) => panic!("{error}"),
        }
        self.updates.extend(std::iter::from_fn(|| self.core.poll_update()));
    }

    /// Goes on until something is so.
    pub(crate) fn until(&mut self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        self.updates.extend(std::iter::from_fn(|| self.core.poll_update()));
        let since = Instant::now();
        while !is_so(self) {
            assert!(since.elapsed() < LONG, "never: {what}; {:?}", self.updates.last());
            self.step();
        }
    }

    /// Waits for the answer of a call.
    pub(crate) fn reply(&mut self, call: u32) -> Result<Bytes, restream::protocol::client::CallError> {
        let of = |update: &Update| match update {
            Update::Reply { call: id, result } if *id == call => Some(result.clone()),
            _ => None,
        };
        self.until("an answer", |client| client.updates.iter().any(|update| of(update).is_some()));
        self.updates.iter().find_map(of).unwrap()
    }

    /// Waits until the board is current.
    pub(crate) fn ready(&mut self, handle: Handle) {
        self.until("ready", |client| client.status(handle) == restream::protocol::client::Status::Ready);
    }
}

/// An HTTP exchange by hand: what is sent, and everything that comes until the server closes.
pub(crate) fn http(address: SocketAddr, request: &str) -> String {
    let mut tcp = TcpStream::connect(address).unwrap();
    tcp.set_read_timeout(Some(LONG)).unwrap();
    tcp.write_all(request.as_bytes()).unwrap();
    let mut reply = Vec::new();
    // A reset after the answer is as good as a close.
    let _ = tcp.read_to_end(&mut reply);
    String::from_utf8_lossy(&reply).into_owned()
}
