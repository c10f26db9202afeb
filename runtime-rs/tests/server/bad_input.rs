//! Clients that break the rules: a coded refusal each within the documented time, and nobody else is disturbed.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use restream::protocol::client::Update;
use restream::protocol::envelope::control_frame;
use restream::protocol::frames::{ClientFrame, ServerFrame};
use restream::protocol::generated::session::v1::{
    Call, CallCode, GoodbyeCode, Hello, OpenCode, Ping, Subscribe, Welcome,
};
use restream::{Bytes, Limits};
use tungstenite::protocol::Message;

use crate::harness::{Client, LONG, TestServer, hello, http, open_board};
use crate::unit::{Cell, NOTE, PLACE_TOKEN, SERVER_TIME, Text};

/// A client that keeps to the rules, before and after somebody else did not.
struct Bystander(Client, restream::protocol::client::Handle, u8);

impl Bystander {
    fn of(server: &TestServer) -> Self {
        let mut client = server.client(Some("ann"));
        let board = client.board("bystander");
        client.core.listen(board, SERVER_TIME, Bytes::new());
        client.ready(board);
        Self(client, board, 0)
    }

    /// Calls, deltas and events go on, on the same connection.
    fn assert_undisturbed(&mut self, server: &TestServer) {
        let Self(client, board, cell) = self;
        let call = client.call(*board, PLACE_TOKEN, &Cell { cell: *cell });
        client.reply(call).unwrap();
        *cell += 1;
        assert_eq!(client.version(*board).unwrap().1, u64::from(*cell));
        client.updates.clear();
        server.boards.emit_all(SERVER_TIME, &Text::default());
        client.until("an event", |client| client.updates.iter().any(|u| matches!(u, Update::Event { .. })));
        assert!(!client.updates.iter().any(|update| matches!(update, Update::Link(_))), "the link was lost");
    }
}

#[test]
fn what_may_not_come_first_is_refused_with_its_code() {
    let server = TestServer::start();
    let mut bystander = Bystander::of(&server);
    let version = |protocol| Hello { protocol, token: None, client: String::new() };
    let huge = Hello { protocol: 1, token: Some("x".repeat(9 << 10)), client: String::new() };
    let cases: [(&str, Bytes, GoodbyeCode); 8] = [
        ("garbage", Bytes::from_static(&[0xff; 100]), GoodbyeCode::Protocol),
        ("an empty message", Bytes::new(), GoodbyeCode::Protocol),
        ("a newer version", ClientFrame::from(version(2)).encode(), GoodbyeCode::Version),
        ("no version", ClientFrame::from(version(0)).encode(), GoodbyeCode::Version),
        ("another frame", open_board(1, "one").encode(), GoodbyeCode::Protocol),
        ("a huge hello", ClientFrame::from(huge).encode(), GoodbyeCode::TooLarge),
        ("a bad token", hello(Some("bad")).encode(), GoodbyeCode::Unauthenticated),
        ("a token that makes the application panic", hello(Some("panic")).encode(), GoodbyeCode::Internal),
    ];
    for (name, message, code) in cases {
        let mut client = server.raw();
        client.send_bytes(message);
        assert_eq!(client.goodbye(), code, "{name}");
        bystander.assert_undisturbed(&server);
    }
}

#[test]
fn what_the_protocol_does_not_allow_is_refused_with_its_code() {
    let server = TestServer::start();
    let mut bystander = Bystander::of(&server);
    let wait = |id| ClientFrame::from(Call { ch: 1, id, method: crate::unit::WAIT, ..Call::default() });
    let subscribe = || ClientFrame::from(Subscribe { ch: 1, ..Subscribe::default() });
    let cases: [(&str, Vec<Bytes>); 7] = [
        ("an unknown kind", vec![control_frame(77, &[])]),
        ("a server's frame", vec![ServerFrame::from(Welcome::default()).encode()]),
        ("a delta", vec![Bytes::from_static(&[0x07, 0x02, 0x02, 0x01])]),
        ("a second hello", vec![hello(None).encode()]),
        ("a channel in use", vec![open_board(1, "one").encode(), open_board(1, "two").encode()]),
        ("a call id in use", vec![open_board(1, "one").encode(), wait(1).encode(), wait(1).encode()]),
        ("a second subscription", vec![open_board(1, "one").encode(), subscribe().encode(), subscribe().encode()]),
    ];
    for (name, messages) in cases {
        let mut client = server.welcomed();
        messages.into_iter().for_each(|message| client.send_bytes(message));
        assert_eq!(client.goodbye(), GoodbyeCode::Protocol, "{name}");
        bystander.assert_undisturbed(&server);
    }
}

#[test]
fn what_is_not_a_binary_message_is_refused() {
    let server = TestServer::start();
    let mut bystander = Bystander::of(&server);
    let mut text = server.welcomed();
    text.ws.send(Message::Text("{\"hello\":1}".into())).unwrap();
    assert_eq!(text.goodbye(), GoodbyeCode::Protocol);

    let mut unmasked = server.welcomed();
    unmasked.send_raw(&[0x82, 0x01, 0x05]);
    assert_eq!(unmasked.goodbye(), GoodbyeCode::Protocol);

    let mut reserved = server.welcomed();
    reserved.send_raw(&[0xf2, 0x80, 0, 0, 0, 0]);
    assert_eq!(reserved.goodbye(), GoodbyeCode::Protocol);
    bystander.assert_undisturbed(&server);
}

#[test]
fn messages_over_the_limit_are_too_large() {
    let server = TestServer::start();
    let mut bystander = Bystander::of(&server);
    for mut client in [server.raw(), server.welcomed()] {
        // The server answers before it has read all of it; the rest may meet a closed socket.
        let _ = client.ws.send(Message::Binary(vec![0; 1 << 20].into()));
        assert_eq!(client.goodbye(), GoodbyeCode::TooLarge);
    }
    // One frame that says it is huge: nothing is waited for or reserved.
    let mut claims = server.welcomed();
    claims.send_raw(&[0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4]);
    assert_eq!(claims.goodbye(), GoodbyeCode::TooLarge);

    let mut fragments = server.welcomed();
    fragments.send_raw(&[0x02, 0x80, 0, 0, 0, 0]);
    for _ in 0..64 {
        fragments.send_raw(&[0x00, 0x80, 0, 0, 0, 0]);
    }
    assert_eq!(fragments.goodbye(), GoodbyeCode::TooLarge);
    bystander.assert_undisturbed(&server);
}

#[test]
fn who_says_nothing_is_closed_in_time() {
    let limits = Limits { handshake_timeout: Duration::from_millis(200), ..Limits::default() };
    let server = TestServer::limited(limits);
    let mut bystander = Bystander::of(&server);
    let since = Instant::now();

    let mut silent = server.raw();
    assert_eq!(silent.goodbye(), GoodbyeCode::Timeout);
    let mut undecided = server.raw();
    undecided.send(&[hello(Some("never"))]);
    assert_eq!(undecided.goodbye(), GoodbyeCode::Timeout);

    // Not even an HTTP request, or only the beginning of one.
    for beginning in ["", "GET /socket HT"] {
        let mut tcp = TcpStream::connect(server.address()).unwrap();
        tcp.set_read_timeout(Some(LONG)).unwrap();
        tcp.write_all(beginning.as_bytes()).unwrap();
        let mut rest = Vec::new();
        let _ = tcp.read_to_end(&mut rest);
    }
    assert!(since.elapsed() < LONG / 2);
    bystander.assert_undisturbed(&server);
}

#[test]
fn a_slow_drip_does_not_extend_the_time() {
    let limits = Limits { handshake_timeout: Duration::from_millis(300), message_burst: 1 << 30, ..Limits::default() };
    let server = TestServer::limited(limits);
    let mut client = server.raw();
    client.ws.get_mut().set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let since = Instant::now();
    // A ping now and then is no hello.
    let closed = loop {
        assert!(since.elapsed() < LONG, "never closed");
        let _ = client.ws.send(Message::Ping(Bytes::new()));
        match client.ws.read() {
            Ok(Message::Binary(message)) => break message,
            Ok(_) => {}
            Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => panic!("{error}"),
        }
    };
    let goodbye = restream::protocol::envelope::split(&closed).unwrap();
    assert!(matches!(goodbye[..], [restream::protocol::envelope::Frame::Control { kind: 23, .. }]));
    assert!(since.elapsed() >= Duration::from_millis(200));
}

#[test]
fn opens_that_cannot_be_are_refused_and_the_connection_goes_on() {
    let server = TestServer::start();
    let mut client = server.welcomed();
    let open = |change: fn(&mut restream::protocol::generated::session::v1::Open)| {
        let ClientFrame::Open(mut open) = open_board(1, "one") else { unreachable!() };
        change(&mut open);
        ClientFrame::from(open)
    };
    let cases = [
        (open(|open| open.name = "game.board.v1.Bored".to_owned()), OpenCode::UnknownUnit),
        (open(|open| open.digest = vec![9; 8].into()), OpenCode::Diverged),
        (open(|open| open.digest = Bytes::new()), OpenCode::Diverged),
        (open(|open| open.key = vec![0xff, 1, 2].into()), OpenCode::InvalidKey),
        (open(|open| open.key = vec![1; 2_000].into()), OpenCode::InvalidKey),
        (open_board(1, "nowhere"), OpenCode::NotFound),
        (open_board(1, "panic"), OpenCode::Internal),
    ];
    for (frame, code) in cases {
        client.send(&[frame]);
        let ServerFrame::Refused(refused) = client.frame() else { panic!("not refused") };
        assert_eq!((refused.ch, refused.code), (1, code));
        let knows_unit = code != OpenCode::UnknownUnit;
        assert_eq!(refused.digest.is_some(), knows_unit && refused.message != "a key of more than 1024 bytes");
    }
    client.send(&[open(|open| open.digest = vec![2; 8].into())]);
    assert!(matches!(client.frame(), ServerFrame::Opened(_)), "an ancestor's digest is served");
    client.assert_alive();
}

#[test]
fn a_channel_that_is_not_open_answers_calls_and_drops_the_rest() {
    let server = TestServer::start();
    let mut client = server.welcomed();
    let call = Call { ch: 8, id: 3, method: NOTE, ..Call::default() };
    client.send(&[Subscribe { ch: 8, ..Subscribe::default() }.into(), call.into()]);
    let ServerFrame::Failure(failure) = client.frame() else { panic!("no failure") };
    assert_eq!((failure.id, failure.code), (3, CallCode::Unavailable));
    client.assert_alive();
}

#[test]
fn limits_of_a_connection_have_their_codes() {
    let limits = Limits { max_calls: 2, max_channels: 2, max_listens: 1, ..Limits::default() };
    let server = TestServer::limited(limits);
    let mut client = server.welcomed();
    client.send(&[open_board(1, "one"), open_board(2, "two"), open_board(3, "three")]);
    let mut frames: Vec<ServerFrame> = (0..3).map(|_| client.frame()).collect();
    let at = frames.iter().position(|frame| matches!(frame, ServerFrame::Refused(_))).unwrap();
    assert!(matches!(frames.remove(at), ServerFrame::Refused(r) if (r.ch, r.code) == (3, OpenCode::TooMany)));
    assert!(frames.iter().all(|frame| matches!(frame, ServerFrame::Opened(_))));
    let wait = |id| ClientFrame::from(Call { ch: 1, id, method: crate::unit::WAIT, ..Call::default() });
    client.send(&[wait(1), wait(2), wait(3)]);
    assert!(matches!(client.frame(), ServerFrame::Failure(f) if (f.id, f.code) == (3, CallCode::Busy)));
    let listen = |ch| {
        ClientFrame::from(restream::protocol::generated::session::v1::Listen {
            ch,
            event: SERVER_TIME,
            key: Bytes::new(),
        })
    };
    client.send(&[listen(1), listen(2)]);
    for _ in 0..2 {
        let ServerFrame::Listening(listening) = client.frame() else { panic!() };
        assert_eq!(listening.denied, listening.ch == 2);
    }
    client.assert_alive();
}

#[test]
fn messages_over_the_rate_end_the_connection() {
    let server = TestServer::limited(Limits { message_burst: 20, messages_per_second: 1, ..Limits::default() });
    let mut pings = server.welcomed();
    (0..30).for_each(|n| pings.send(&[Ping { n }.into()]));
    assert_eq!(pings.goodbye(), GoodbyeCode::Rate);
    let mut controls = server.welcomed();
    (0..30).for_each(|_| controls.ws.send(Message::Ping(Bytes::new())).unwrap());
    assert_eq!(controls.goodbye(), GoodbyeCode::Rate);
}

#[test]
fn silence_ends_the_connection_and_noise_does_not() {
    let server = TestServer::limited(Limits {
        silence_timeout: Duration::from_millis(300),
        message_burst: 1 << 30,
        ..Limits::default()
    });
    let mut silent = server.welcomed();
    let mut noisy = server.welcomed();
    let since = Instant::now();
    while since.elapsed() < Duration::from_millis(700) {
        noisy.assert_alive();
    }
    assert_eq!(silent.goodbye(), GoodbyeCode::Timeout);
    noisy.assert_alive();
}

#[test]
fn sockets_beyond_the_limits_are_turned_away() {
    let limits = Limits { max_handshakes: 2, ..Limits::default() };
    let server = TestServer::limited(limits);
    let _welcomed = server.welcomed();
    let (first, _second) = (server.raw(), server.raw());
    assert!(http(server.address(), "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 503 "));
    drop(first);
    server.until("the place is free", || {
        !http(server.address(), "GET / HTTP/1.1\r\nconnection: close\r\n\r\n").starts_with("HTTP/1.1 503 ")
    });

    let limits = Limits { max_connections_per_address: 1, ..Limits::default() };
    let server = TestServer::limited(limits);
    let mut only = server.welcomed();
    assert!(http(server.address(), "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 429 "));
    only.assert_alive();
    drop(only);
    server.until("the place is free", || {
        let tcp = http(server.address(), "GET / HTTP/1.1\r\nconnection: close\r\n\r\n");
        tcp.starts_with("HTTP/1.1 404 ")
    });
}
