//! Clients that keep to the rules of the frames and still mean, or have, bad luck.

use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use restream::Limits;
use restream::protocol::envelope::MessageBuilder;
use restream::protocol::frames::{ClientFrame, ServerFrame};
use restream::protocol::generated::session::v1::{Call, Cancel, Close, Listen, Pong};
use tungstenite::protocol::{Message, WebSocket};

use crate::harness::{LONG, RawClient, TestServer, open_board};
use crate::unit::{N_WAITING, SERVER_TIME, Text, WAIT};

/// Sends websocket pings until the server closes the socket.
fn ping_until_closed(ws: &mut WebSocket<TcpStream>) {
    let since = Instant::now();
    // Only writes: what comes back is never taken.
    while ws.send(Message::Ping(vec![0; 125].into())).is_ok() {
        assert!(since.elapsed() < LONG, "the server goes on answering pings that nobody reads");
    }
}

#[test]
fn who_pings_and_never_reads_is_closed() {
    let limits = Limits { message_burst: 1 << 30, stall_timeout: Duration::from_millis(300), ..Limits::default() };
    let server = TestServer::limited(limits);
    let mut bystander = server.welcomed();
    let mut pings = RawClient::with_small_buffer(&server);
    pings.send(&[crate::harness::hello(None)]);
    ping_until_closed(&mut pings.ws);
    bystander.assert_alive();
}

#[test]
fn a_call_that_outlives_its_channel_takes_no_listener_with_it() {
    let server = TestServer::start();
    let mut client = server.welcomed();
    let call = Call { ch: 1, id: 1, method: WAIT, ..Call::default() };
    let listen = |ch| ClientFrame::from(Listen { ch, event: SERVER_TIME, key: restream::Bytes::new() });
    client.send(&[open_board(1, "one"), listen(1), call.into()]);
    assert!(matches!(client.frame(), ServerFrame::Opened(opened) if opened.ch == 1));
    assert!(matches!(client.frame(), ServerFrame::Listening(listening) if listening.ch == 1));
    server.until("the call has begun", || server.probe.waiting.available_permits() < N_WAITING);

    client.send(&[Close { ch: 1 }.into(), open_board(2, "one"), listen(2)]);
    assert!(matches!(client.frame(), ServerFrame::Opened(opened) if opened.ch == 2));
    assert!(matches!(client.frame(), ServerFrame::Listening(listening) if !listening.denied));
    client.send(&[Cancel { id: 1 }.into()]);
    assert!(matches!(client.frame(), ServerFrame::Failure(_)));
    server.until("the call has been dropped", || server.probe.waiting.available_permits() == N_WAITING);
    client.assert_alive();

    server.boards.emit_all(SERVER_TIME, &Text::default());
    assert!(matches!(client.frame(), ServerFrame::Event(_)));
}

#[test]
fn a_closed_channel_hears_no_events_although_a_call_goes_on() {
    let server = TestServer::start();
    let mut client = server.welcomed();
    let call = Call { ch: 1, id: 1, method: WAIT, ..Call::default() };
    client.send(&[
        open_board(1, "one"),
        Listen { ch: 1, event: SERVER_TIME, key: restream::Bytes::new() }.into(),
        call.into(),
    ]);
    assert!(matches!(client.frame(), ServerFrame::Opened(_)));
    assert!(matches!(client.frame(), ServerFrame::Listening(_)));
    client.send(&[Close { ch: 1 }.into()]);
    client.assert_alive();
    server.boards.emit_all(SERVER_TIME, &Text::default());
    client.send(&[Cancel { id: 1 }.into()]);
    assert!(matches!(client.frame(), ServerFrame::Failure(_)), "an event came first");
}

/// A websocket frame with a binary message of a client; written as it is, many are sent in no time.
fn masked(message: &[u8]) -> Vec<u8> {
    let n = u16::try_from(message.len()).unwrap().to_be_bytes();
    [&[0x82, 0xfe, n[0], n[1], 0, 0, 0, 0], message].concat()
}

#[test]
fn who_never_stops_talking_does_not_keep_the_threads() {
    let server = TestServer::limited(Limits { message_burst: 1 << 30, ..Limits::default() });
    let mut bystander = server.welcomed();
    // Nothing is answered, so that nothing but the talking itself holds these clients back.
    let mut message = MessageBuilder::new();
    (0..10_000).for_each(|_| message.push(&ClientFrame::from(Pong { n: 1 }).encode()));
    let talk = masked(&message.finish().unwrap());
    let is_over = Arc::new(AtomicBool::new(false));
    // One for each thread of the server, and one more.
    let talkers: Vec<_> = (0..3)
        .map(|_| {
            let (mut talker, talk, is_over) = (server.welcomed(), talk.clone(), is_over.clone());
            std::thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    talker.send_raw(&talk);
                }
            })
        })
        .collect();
    (0..10).for_each(|_| bystander.assert_alive());
    is_over.store(true, Ordering::Relaxed);
    talkers.into_iter().for_each(|talker| talker.join().unwrap());
}
