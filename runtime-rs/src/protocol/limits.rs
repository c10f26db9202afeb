//! What a server allows.

use std::time::Duration;

/// What a server allows: one value for everything that a peer could exhaust. What happens beyond each is in
/// `docs/protocol.md` and, in short, here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From accepting a socket to its authenticated hello, 5 s. Then: the socket is closed, with goodbye `timeout` if
    /// it is a websocket by then.
    pub handshake_timeout: Duration,
    /// Sockets that are not authenticated yet, 256. Then: HTTP status 503.
    pub max_handshakes: usize,
    /// Sockets in all, 16,384. Then: HTTP status 503.
    pub max_connections: usize,
    /// Sockets from one address, 256. Then: HTTP status 429.
    pub max_connections_per_address: usize,
    /// The head of an HTTP request, 8 KiB (not less). Then: HTTP status 431.
    pub max_http_head_bytes: usize,
    /// The headers of an HTTP request, 64. Then: HTTP status 431.
    pub max_http_headers: usize,
    /// The hello frame, 8 KiB. Then: goodbye `too_large`.
    pub max_hello_bytes: usize,
    /// A message from a client, 64 KiB. Then: goodbye `too_large`.
    pub max_message_bytes: usize,
    /// Websocket fragments of one message, 64. Then: goodbye `too_large`.
    pub max_fragments: usize,
    /// Messages of one connection per second on average, 500. Then: goodbye `rate`.
    pub messages_per_second: u32,
    /// Messages that may come at once, 1,000. Then: goodbye `rate`.
    pub message_burst: u32,
    /// Store instances and services that one connection has open, 4,096. Then: refused with `too_many`.
    pub max_channels: usize,
    /// Event streams that one connection listens to, 4,096. Then: denied.
    pub max_listens: usize,
    /// The key of an instance, 1 KiB. Then: refused with `invalid_key`.
    pub max_key_bytes: usize,
    /// Calls of one connection in flight, 128, and as many sends. Then: a call fails with `busy`, a send is dropped.
    pub max_calls: usize,
    /// Calls of one connection with streams, 32; they count as calls too. Then: a call fails with `busy`.
    pub max_streams: usize,
    /// Items that a caller may send ahead of the handler, 64. Then: goodbye `protocol`.
    pub stream_items: u32,
    /// Bytes of items that a caller may send ahead of the handler, 64 KiB and the rest of one item. Then: goodbye
    /// `protocol`.
    pub stream_bytes: u32,
    /// An item of a stream to the caller, 64 KiB. Then: sending it fails with `too_large`.
    pub max_item_bytes: usize,
    /// The result or the declared error of a call, 64 KiB. Then: it fails with `too_large`.
    pub max_result_bytes: usize,
    /// How long a call may take that names no deadline, 30 s. Then: it is dropped and fails with `deadline`.
    pub call_deadline: Duration,
    /// How long the handler may take to open an instance, 30 s. Then: refused with `unavailable`.
    pub open_deadline: Duration,
    /// Replies and events waiting for one connection, 256 KiB. Then: nothing is read from it.
    pub soft_queue_bytes: usize,
    /// Replies, events and frames that wait for an open, 1 MiB. Then: goodbye `slow` (or `rate`, for what waits for
    /// an open).
    pub hard_queue_bytes: usize,
    /// State bytes in one snapshot frame, 64 KiB.
    pub snapshot_chunk_bytes: usize,
    /// How long a socket may take no byte while there is something to write, 30 s. Then: it is closed.
    pub stall_timeout: Duration,
    /// How long nothing may come from a client, 75 s. Then: goodbye `timeout`.
    pub silence_timeout: Duration,
    /// How long an instance of a family stays open without readers, 30 s.
    pub linger: Duration,
    /// How long a shutdown waits for connections to take their last bytes, 5 s.
    pub shutdown_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake_timeout: Duration::from_secs(5),
            max_handshakes: 256,
            max_connections: 16_384,
            max_connections_per_address: 256,
            max_http_head_bytes: 8 << 10,
            max_http_headers: 64,
            max_hello_bytes: 8 << 10,
            max_message_bytes: 64 << 10,
            max_fragments: 64,
            messages_per_second: 500,
            message_burst: 1_000,
            max_channels: 4_096,
            max_listens: 4_096,
            max_key_bytes: 1 << 10,
            max_calls: 128,
            max_streams: 32,
            stream_items: 64,
            stream_bytes: 64 << 10,
            max_item_bytes: 64 << 10,
            max_result_bytes: 64 << 10,
            call_deadline: Duration::from_secs(30),
            open_deadline: Duration::from_secs(30),
            soft_queue_bytes: 256 << 10,
            hard_queue_bytes: 1 << 20,
            snapshot_chunk_bytes: 64 << 10,
            stall_timeout: Duration::from_secs(30),
            silence_timeout: Duration::from_secs(75),
            linger: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(5),
        }
    }
}
