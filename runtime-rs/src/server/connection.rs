//! One connection: its protocol core, what it asked for, and its socket, in one task.

use std::collections::BTreeMap;
use std::io;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{AbortHandle, Abortable};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::watch;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until, timeout};

use super::builder::Shared;
use super::ctx::Principal;
use super::dispatch::BoxFuture;
use super::inbox::Inbox;
use super::items::CallPipe;
use super::outcome::Fault;
use super::seat::{Caller, Seat, refusal};
use super::socket::{Received, Socket};
use crate::error::{RefusalCode, Refused};
use crate::protocol::generated::session::v1::{CallCode, GoodbyeCode, OpenCode};
use crate::protocol::server::{Ending, OpenRefusal, Outcome, Request, ServerCore};
use crate::protocol::unit::MethodKind;

/// Messages that are handled before others get their turn, and their bytes.
const MESSAGES_PER_TURN: usize = 64;
const BYTES_PER_TURN: usize = 64 << 10;

/// What every task of a server is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Serving,
    /// Say goodbye; clients may come back after this.
    Leaving,
}

/// A connection from its handshake to its end.
pub(super) struct Connection {
    shared: Arc<Shared>,
    core: ServerCore,
    /// The core's times count from here.
    origin: Instant,
    caller: Caller,
    seats: BTreeMap<u32, Arc<dyn Seat>>,
    /// Everything that the application is at for this connection, in the order it began.
    work: FuturesUnordered<BoxFuture<'static, Done>>,
    calls: BTreeMap<u32, AbortHandle>,
    /// Tungstenite may hold messages of which the socket knows nothing.
    may_hold_input: bool,
    /// Given back once the client is welcome.
    handshake: Option<super::admission::Handshake>,
}

/// A call as its caller made it.
struct Called {
    method: u32,
    args: Bytes,
    due: Option<Duration>,
    key: Option<String>,
    streams: bool,
}

/// What the application is done with.
enum Done {
    Authenticated(Result<Principal, Refused>),
    Opened(u32, Result<Arc<dyn Seat>, OpenRefusal>),
    Called(u32, Outcome),
    GivenUp,
    Sent,
}

impl Connection {
    pub(super) fn new(shared: Arc<Shared>, id: u64, accepted: Instant, handshake: super::admission::Handshake) -> Self {
        let limits = shared.limits.clone();
        let inbox = Arc::new(Inbox::new(limits.hard_queue_bytes));
        let core = ServerCore::new(limits, Duration::ZERO, accepted.elapsed());
        Self {
            shared,
            core,
            origin: accepted,
            caller: Caller { principal: Arc::default(), connection: id, inbox },
            seats: BTreeMap::new(),
            work: FuturesUnordered::new(),
            calls: BTreeMap::new(),
            may_hold_input: true,
            handshake: Some(handshake),
        }
    }

    /// Serves the client until one of the two sides ends it.
    pub(super) async fn run(mut self, mut socket: Socket, mut stage: watch::Receiver<Stage>) {
        let ending = match self.serve(&mut socket, &mut stage).await {
            Ok(()) => self.core.ending().cloned(),
            Err(error) => {
                tracing::debug!(connection = self.caller.connection, %error, "the socket is gone");
                None
            }
        };
        // Handlers are dropped before the peer is waited for.
        self.work.clear();
        self.seats.clear();
        if let Some(Ending { code, message }) = ending {
            tracing::debug!(connection = self.caller.connection, ?code, message, "the connection ends");
            socket.close(code, &message).await;
        }
    }

    /// Ok: what there was to say is out. Err: nothing can be said any more.
    async fn serve(&mut self, socket: &mut Socket, stage: &mut watch::Receiver<Stage>) -> io::Result<()> {
        loop {
            self.take_events();
            self.take_requests();
            self.write(socket)?;
            if self.core.ending().is_some() && socket.is_flushed() {
                return Ok(());
            }
            let wants_input = self.core.wants_input() && socket.takes_pongs();
            let has_input = self.may_hold_input;
            let input = async {
                if !has_input {
                    return socket.readable().await;
                }
                // A client that always has more to say must not keep the thread for itself.
                yield_now().await;
                Ok(())
            };
            let due = self.due(socket);
            let timer = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            let inbox = self.caller.inbox.clone();
            tokio::select! {
                ready = input, if wants_input => { ready?; self.read(socket)?; }
                ready = socket.writable(), if !socket.is_flushed() => { ready?; socket.flush().map_err(io::Error::other)?; }
                Some(done) = self.work.next() => self.done(done),
                () = inbox.notified() => {}
                () = pin!(timer) => self.check_time(socket)?,
                changed = stage.changed() => match changed {
                    Ok(()) => self.core.goodbye(GoodbyeCode::Shutdown, "the server is going down", Some(retry_after())),
                    Err(_) => return Err(io::Error::other("the server is gone")),
                },
            }
        }
    }

    fn now(&self) -> Duration {
        self.origin.elapsed()
    }

    fn due(&self, socket: &Socket) -> Option<Instant> {
        let core = self.core.deadline().map(|due| self.origin + due);
        let stall = (!socket.is_flushed()).then(|| socket.progress_at() + self.shared.limits.stall_timeout);
        core.into_iter().chain(stall).min()
    }

    fn check_time(&mut self, socket: &Socket) -> io::Result<()> {
        if !socket.is_flushed() && socket.progress_at().elapsed() >= self.shared.limits.stall_timeout {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the socket took no byte for too long"));
        }
        self.core.tick(self.now());
        Ok(())
    }

    fn read(&mut self, socket: &mut Socket) -> io::Result<()> {
        let mut n_bytes = 0;
        for _ in 0..MESSAGES_PER_TURN {
            if n_bytes >= BYTES_PER_TURN || !self.core.wants_input() || !socket.takes_pongs() {
                return Ok(());
            }
            let now = self.now();
            self.may_hold_input = true;
            match socket.receive() {
                Received::Message(message) => {
                    n_bytes += message.len();
                    self.core.receive(now, &message);
                }
                Received::Control => {
                    self.core.note_heard(now);
                }
                Received::Nothing => {
                    self.may_hold_input = false;
                    return Ok(());
                }
                Received::Closed => {
                    // The answer to a close frame, if that is what came; the peer may be gone already.
                    let _ = socket.flush();
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Received::Broken(code, why) => self.core.goodbye(code, why, None),
            }
            self.take_requests();
        }
        Ok(())
    }

    fn write(&mut self, socket: &mut Socket) -> io::Result<()> {
        while socket.is_flushed() {
            let Some(message) = self.core.poll_message() else { return Ok(()) };
            socket.send(message).map_err(io::Error::other)?;
        }
        Ok(())
    }

    fn take_events(&mut self) {
        match self.caller.inbox.take() {
            Some(events) => events.into_iter().for_each(|frame| self.core.event(frame)),
            None => self.core.goodbye(GoodbyeCode::Slow, "events piled up", None),
        }
    }

    fn take_requests(&mut self) {
        while let Some(request) = self.core.poll_request() {
            match request {
                Request::Authenticate { token, client } => {
                    tracing::debug!(connection = self.caller.connection, client, "hello");
                    let authenticate = self.shared.authenticate.clone();
                    let answer = AssertUnwindSafe(async move { authenticate(token).await }).catch_unwind();
                    self.work.push(Box::pin(async {
                        Done::Authenticated(answer.await.unwrap_or_else(|_| {
                            tracing::error!("`authenticate` panicked");
                            Err(Refused::internal("the server failed to look at the token"))
                        }))
                    }));
                }
                Request::Open { ch, name, digest, key } => self.open(ch, &name, &digest, key),
                Request::Close { ch } => {
                    // Calls that still run keep the seat, but not what it listens to: the instance may be open again.
                    if let Some(seat) = self.seats.remove(&ch) {
                        seat.unlisten_all();
                    }
                    self.take_events();
                }
                Request::Call { ch, id, method, args, due, key, streams } => {
                    self.call(ch, id, Called { method, args, due, key, streams });
                }
                Request::Cancel { id } => {
                    if let Some(call) = self.calls.remove(&id) {
                        call.abort();
                    }
                }
                Request::Send { ch, method, args } => self.send(ch, method, args),
                Request::Listen { ch, event, key } => {
                    let stream = self.seats.get(&ch).and_then(|seat| seat.listen(event, &key));
                    self.core.listening(ch, event, key, stream);
                }
                Request::Unlisten { ch, event, key } => {
                    if let Some(seat) = self.seats.get(&ch) {
                        seat.unlisten(event, key);
                    }
                    // The number of the stream may be another's next: what was sent under it goes first.
                    self.take_events();
                }
            }
        }
    }

    fn open(&mut self, ch: u32, name: &str, digest: &[u8], key: Bytes) {
        let refused = match self.shared.registry.get(name) {
            None => {
                OpenRefusal { code: OpenCode::UnknownUnit, message: "there is no such unit".to_owned(), digest: None }
            }
            Some(family) if !family.info().speaks(digest) => {
                refusal(family.info(), OpenCode::Diverged, "the two sides were made from different schemas".to_owned())
            }
            Some(family) => {
                let joining = timeout(self.shared.limits.open_deadline, family.join(self.caller.clone(), key));
                let info = family.info();
                self.work.push(Box::pin(async move {
                    let late = |_| Err(refusal(info, OpenCode::Unavailable, "not opened in time".to_owned()));
                    Done::Opened(ch, joining.await.unwrap_or_else(late))
                }));
                return;
            }
        };
        self.core.opened(ch, Err(refused));
    }

    fn call(&mut self, ch: u32, id: u32, called: Called) {
        let Called { method, args, due, key, streams } = called;
        let Some(seat) = self.seats.get(&ch).cloned() else {
            return self.core.finished(id, outcome(Err(Fault::unimplemented())));
        };
        let (alive, over) = watch::channel(());
        let mut ctx = seat.ctx();
        (ctx.deadline, ctx.idempotency_key, ctx.over) = (due.map(|due| self.origin + due), key, Some(over));
        let kind = if streams { MethodKind::Stream } else { MethodKind::Rpc };
        if streams {
            let pipe = Arc::new(CallPipe::new(&self.shared.limits, self.caller.inbox.clone()));
            ctx.pipe = Some(pipe.clone());
            self.core.stream(id, pipe);
        }
        let (abort, registration) = AbortHandle::new_pair();
        self.calls.insert(id, abort);
        let call = Abortable::new(seat.call(ctx, kind, method, args), registration);
        self.work.push(Box::pin(async move {
            let _alive = alive;
            call.await.map_or(Done::GivenUp, |result| Done::Called(id, outcome(result)))
        }));
    }

    fn send(&mut self, ch: u32, method: u32, args: Bytes) {
        let Some(seat) = self.seats.get(&ch).cloned() else { return self.core.sent() };
        let ctx = seat.ctx();
        let limit = self.shared.limits.call_deadline;
        self.work.push(Box::pin(async move {
            let result = timeout(limit, seat.call(ctx, MethodKind::Send, method, args)).await;
            if let Ok(Err(fault)) = result {
                tracing::debug!(method, ?fault, "a send failed");
            }
            Done::Sent
        }));
    }

    fn done(&mut self, done: Done) {
        match done {
            Done::Authenticated(Ok(principal)) => {
                self.caller.principal = Arc::new(principal);
                self.handshake = None;
                self.core.authenticated(self.now(), Ok(()));
            }
            Done::Authenticated(Err(refused)) => {
                // Only a refusal is final; what the server cannot tell now it may tell the client later.
                let code = match refused.code {
                    RefusalCode::Internal => GoodbyeCode::Internal,
                    RefusalCode::Unavailable | RefusalCode::Busy => GoodbyeCode::Overloaded,
                    _ => GoodbyeCode::Unauthenticated,
                };
                let ending = Ending { code, message: refused.message };
                self.core.authenticated(self.now(), Err(ending));
            }
            Done::Opened(ch, Ok(seat)) => {
                // The seat is there before the frames that waited for it ask for it.
                self.seats.insert(ch, seat.clone());
                if !self.core.opened(ch, Ok(seat.target())) {
                    self.seats.remove(&ch);
                }
            }
            Done::Opened(ch, Err(refused)) => {
                self.core.opened(ch, Err(refused));
            }
            Done::Called(id, outcome) => {
                self.calls.remove(&id);
                self.core.finished(id, outcome);
            }
            Done::GivenUp => {}
            Done::Sent => self.core.sent(),
        }
    }
}

fn outcome(result: Result<Bytes, Fault>) -> Outcome {
    match result {
        Ok(body) => Outcome::Done(body),
        Err(Fault::Declared(body)) => Outcome::Declared(body),
        Err(Fault::Violated(violation)) => Outcome::Violated(violation),
        Err(Fault::Failed { code, message }) => Outcome::Failed { code: call_code(code), message },
    }
}

/// The code as it travels: its position in the closed list.
fn call_code(code: crate::error::CallCode) -> CallCode {
    let number = crate::error::CallCode::ALL.iter().position(|known| *known == code).unwrap_or(0);
    CallCode::from_number(u8::try_from(number).unwrap_or(0))
}

/// Spreads the clients that come back after a shutdown over two seconds.
fn retry_after() -> Duration {
    let spread_ms = getrandom::u32().unwrap_or(0) % 1_500;
    Duration::from_millis(500 + u64::from(spread_ms))
}
