//! A websocket over a non-blocking socket: sync tungstenite, explicit buffers, everything counted.

use std::io::{self, Read, Write};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tungstenite::error::{CapacityError, Error as WsError};
use tungstenite::protocol::{CloseFrame, Message, Role, WebSocket, WebSocketConfig};

use super::meter::{Meter, TooManyFragments};
use crate::protocol::CLOSE_BASE;
use crate::protocol::generated::session::v1::GoodbyeCode;
use crate::protocol::limits::Limits;

/// What is read at a time: a larger buffer costs its size for every idle connection.
const READ_BUFFER_BYTES: usize = 4 << 10;
/// How many bytes of answers to websocket pings may wait before nothing more is read: a peer may ping and never read.
const MAX_PONG_BYTES: usize = 4 << 10;
/// What a ping answered costs beside its payload.
const PONG_HEADER_BYTES: usize = 2;
/// How long a peer that is being closed may take to read its goodbye.
const LINGER: Duration = Duration::from_secs(2);
/// How much is still read from a peer that is being closed, so that the goodbye is not lost to a reset.
const LINGER_BYTES: usize = 4 << 20;

/// One open websocket.
pub(super) struct Socket {
    ws: WebSocket<Stream>,
    is_flushed: bool,
    /// Answers to pings since everything was out for the last time.
    n_pong_bytes: usize,
}

/// What was read.
#[derive(Debug)]
pub(super) enum Received {
    /// A binary message.
    Message(Bytes),
    /// A ping or pong of the websocket itself.
    Control,
    /// Nothing more for now.
    Nothing,
    /// The peer has gone.
    Closed,
    /// The peer does not follow the rules.
    Broken(GoodbyeCode, &'static str),
}

/// The socket as tungstenite sees it.
struct Stream {
    tcp: TcpStream,
    meter: Meter,
    /// When the socket last took a byte or had nothing to take.
    progress_at: Instant,
}

impl Socket {
    /// A server's end; `read` is what came behind the handshake already.
    pub(super) fn new(tcp: TcpStream, read: &[u8], limits: &Limits) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(limits.max_message_bytes))
            .max_frame_size(Some(limits.max_message_bytes));
        let mut meter = Meter::new(limits.max_fragments);
        // Too many fragments in these bytes show when the next byte comes.
        let _ = meter.feed(read);
        let stream = Stream { tcp, meter, progress_at: Instant::now() };
        let ws = WebSocket::from_partially_read(stream, read.to_vec(), Role::Server, Some(config));
        Self { ws, is_flushed: true, n_pong_bytes: 0 }
    }

    /// Reads one message, if one is there.
    pub(super) fn receive(&mut self) -> Received {
        match self.ws.read() {
            Ok(Message::Binary(message)) => Received::Message(message),
            Ok(Message::Text(_)) => Received::Broken(GoodbyeCode::Protocol, "a text message"),
            Ok(Message::Ping(payload)) => self.answer_ping(payload.len()),
            Ok(Message::Pong(_)) => Received::Control,
            Ok(Message::Close(_) | Message::Frame(_)) => Received::Closed,
            Err(WsError::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Received::Nothing,
            Err(WsError::Io(error)) if error.get_ref().is_some_and(|inner| inner.is::<TooManyFragments>()) => {
                Received::Broken(GoodbyeCode::TooLarge, "a message in too many fragments")
            }
            Err(WsError::Capacity(CapacityError::MessageTooLong { .. })) => {
                Received::Broken(GoodbyeCode::TooLarge, "a message over the limit")
            }
            Err(WsError::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => Received::Closed,
            Err(WsError::Protocol(_) | WsError::Utf8(_) | WsError::Capacity(_)) => {
                Received::Broken(GoodbyeCode::Protocol, "not a websocket frame")
            }
            Err(_) => Received::Closed,
        }
    }

    /// The answer lies in tungstenite's buffer, which has no bound of its own.
    fn answer_ping(&mut self, n_payload_bytes: usize) -> Received {
        if self.is_flushed {
            self.ws.get_mut().progress_at = Instant::now();
        }
        self.n_pong_bytes += n_payload_bytes + PONG_HEADER_BYTES;
        if self.flush().is_err() { Received::Closed } else { Received::Control }
    }

    /// Whether the peer takes what its pings make the server write.
    pub(super) fn takes_pongs(&self) -> bool {
        self.n_pong_bytes < MAX_PONG_BYTES
    }

    /// Begins to write a message; only when the one before is out.
    ///
    /// # Errors
    /// The socket is gone.
    pub(super) fn send(&mut self, message: Bytes) -> Result<(), WsError> {
        self.ws.get_mut().progress_at = Instant::now();
        self.is_flushed = false;
        unless_blocked(self.ws.write(Message::Binary(message)))?;
        self.flush()
    }

    /// Goes on writing.
    ///
    /// # Errors
    /// The socket is gone.
    pub(super) fn flush(&mut self) -> Result<(), WsError> {
        self.is_flushed = unless_blocked(self.ws.flush())?;
        if self.is_flushed {
            self.n_pong_bytes = 0;
        }
        Ok(())
    }

    /// Whether everything is out.
    pub(super) fn is_flushed(&self) -> bool {
        self.is_flushed
    }

    /// When the socket last took a byte, or began to be given some.
    pub(super) fn progress_at(&self) -> Instant {
        self.ws.get_ref().progress_at
    }

    pub(super) async fn readable(&self) -> io::Result<()> {
        self.ws.get_ref().tcp.readable().await
    }

    pub(super) async fn writable(&self) -> io::Result<()> {
        self.ws.get_ref().tcp.writable().await
    }

    /// Closes with the status of a goodbye that is out, and waits a little for the peer to have read it.
    pub(super) async fn close(mut self, code: GoodbyeCode, reason: &str) {
        let code = (CLOSE_BASE + u16::from(code.number())).into();
        let end = reason.floor_char_boundary(reason.len().min(100));
        let frame = CloseFrame { code, reason: reason[..end].into() };
        let closing = async {
            let mut is_out = unless_blocked(self.ws.close(Some(frame))).ok()?;
            while !is_out {
                self.writable().await.ok()?;
                is_out = unless_blocked(self.ws.flush()).ok()?;
            }
            let stream = self.ws.get_mut();
            stream.tcp.shutdown().await.ok()?;
            stream.drain().await.ok()
        };
        // Whether the peer goes along or not, the socket is closed now.
        let _ = timeout(LINGER, closing).await;
    }
}

/// False instead of an error if the socket takes nothing more for now.
fn unless_blocked(result: Result<(), WsError>) -> Result<bool, WsError> {
    match result {
        Ok(()) => Ok(true),
        Err(WsError::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

impl Stream {
    /// Reads and forgets what the peer still sends, until it closes.
    async fn drain(&self) -> io::Result<()> {
        let mut buffer = [0; READ_BUFFER_BYTES];
        let mut n_left = LINGER_BYTES;
        while n_left > 0 {
            self.tcp.readable().await?;
            match self.tcp.try_read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(n) => n_left = n_left.saturating_sub(n),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.tcp.try_read(buffer)?;
        self.meter.feed(&buffer[..n]).map_err(io::Error::other)?;
        Ok(n)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.tcp.try_write(bytes)?;
        self.progress_at = Instant::now();
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
