//! Slow readers, restarts, shutdowns, and the life of instances.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use restream::Limits;
use restream::protocol::client::{Link, Status, Update};
use restream::protocol::frames::{ClientFrame, ServerFrame};
use restream::protocol::generated::session::v1::{Call, Close, GoodbyeCode, Subscribe};

use crate::harness::{LONG, RawClient, TestServer, hello, open_board};
use crate::sample::{Mark, Player};
use crate::unit::{ANSWER_BYTES, BoardKey, BoardUnit, Cell, NOTE, PLACE_TOKEN, SERVER_TIME, Size, Text};

fn key(game: &str) -> BoardKey {
    BoardKey { game: game.to_owned() }
}

#[test]
fn a_killed_server_comes_back_with_a_new_epoch_and_the_client_goes_on() {
    let server = TestServer::start();
    let address = server.address();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    let call = ann.call(board, PLACE_TOKEN, &Cell { cell: 4 });
    ann.reply(call).unwrap();
    let (epoch, _) = ann.version(board).unwrap();
    drop(server);
    ann.until("the loss is noticed", |ann| matches!(ann.link(), Link::Waiting));
    assert_eq!(ann.status(board), Status::Reconnecting);
    assert_eq!(ann.value::<BoardUnit>(board).unwrap().cells[4], Mark::X, "the old value is still shown");

    let _server = TestServer::at(address, Limits::default(), |server| server);
    ann.connect(address);
    ann.ready(board);
    assert_ne!(ann.version(board).unwrap().0, epoch);
    assert_eq!(ann.value::<BoardUnit>(board).unwrap().cells[4], Mark::Empty);
}

#[test]
fn a_client_that_comes_back_resumes() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    ann.ready(board);
    let instance = server.boards.get(&key("one")).unwrap();
    ann.cut();
    for hp in 0..50 {
        instance.update(|b| b.set_home(Player { hp, ..Player::default() })).unwrap();
    }
    ann.updates.clear();
    ann.connect(server.address());
    ann.until("the newest version", |ann| ann.version(board).unwrap().1 == instance.version());
    assert_eq!(ann.value::<BoardUnit>(board).unwrap().home.hp, 49);
    assert_eq!(ann.version(board).unwrap().0, instance.epoch());
}

#[test]
fn a_client_that_comes_back_with_another_level_starts_anew() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    ann.ready(board);
    let secret = |client: &crate::harness::Client| client.value::<BoardUnit>(board).unwrap().secret.clone();
    for (token, expected) in [("admin", Some("the secret")), ("ann", None)] {
        ann.cut();
        ann.connect_as(Some(token), server.address());
        ann.ready(board);
        assert_eq!(secret(&ann).as_deref(), expected, "as {token}");
    }
}

#[test]
fn a_shutdown_says_goodbye_and_when_to_come_back() {
    let server = TestServer::start();
    let mut client = server.welcomed();
    client.send(&[open_board(1, "one")]);
    assert!(matches!(client.frame(), ServerFrame::Opened(_)));
    let bound = server.bound.clone();
    let leaving = server.runtime.spawn(async move { bound.shutdown().await });
    let ServerFrame::Goodbye(goodbye) = client.frame() else { panic!() };
    assert_eq!(goodbye.code, GoodbyeCode::Shutdown);
    assert!((500..2_000).contains(&goodbye.retry_after_ms.unwrap()));
    drop(client);
    server.runtime.block_on(async { tokio::time::timeout(LONG, leaving).await }).unwrap().unwrap();
    server.until("the port is free", || std::net::TcpStream::connect(server.address()).is_err());
}

#[test]
fn a_shutdown_waits_only_so_long_for_who_does_not_read() {
    let server = TestServer::limited(Limits { shutdown_timeout: Duration::from_millis(200), ..Limits::default() });
    let mut stalled = RawClient::with_small_buffer(&server);
    let subscribe = Subscribe { ch: 1, ..Subscribe::default() };
    stalled.send(&[hello(None), open_board(1, "one"), subscribe.into()]);
    server.until("it is open", || server.boards.get(&key("one")).is_some());
    let instance = server.boards.get(&key("one")).unwrap();
    // More than the kernel takes for it.
    instance.update(|b| b.set_home(Player { name: "x".repeat(8 << 20), ..Player::default() })).unwrap();
    let since = Instant::now();
    server.runtime.block_on(server.bound.shutdown());
    assert!(since.elapsed() >= Duration::from_millis(200), "the stalled one was not waited for");
    assert!(since.elapsed() < LONG / 2);
}

#[test]
fn a_close_without_a_goodbye_is_answered() {
    let server = TestServer::start();
    let mut client = server.welcomed();
    client.ws.close(None).unwrap();
    assert!(matches!(client.ws.read(), Ok(tungstenite::Message::Close(_))));
    assert!(matches!(client.ws.read(), Err(tungstenite::Error::ConnectionClosed)));
}

/// Reads nothing, on a board whose state changes all the time.
#[test]
fn a_reader_that_stops_reading_disturbs_nobody_and_ends() {
    let (stall_timeout, linger) = (Duration::from_millis(300), Duration::ZERO);
    let limits = Limits { stall_timeout, linger, ..Limits::default() };
    let server = TestServer::limited(limits);
    let mut stalled = RawClient::with_small_buffer(&server);
    let subscribe = Subscribe { ch: 1, ..Subscribe::default() };
    stalled.send(&[hello(None), open_board(1, "one"), open_board(2, "of the stalled one"), subscribe.into()]);
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    ann.ready(board);
    let instance = server.boards.get(&key("one")).unwrap();
    let mut slowest = Duration::ZERO;
    for n in 0..200_u16 {
        let name = n.to_string().repeat(30_000 / n.to_string().len());
        instance.update(|b| b.set_home(Player { name, hp: n, ..Player::default() })).unwrap();
        let begun = Instant::now();
        ann.until("the change", |ann| ann.value::<BoardUnit>(board).unwrap().home.hp == n);
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < LONG / 4, "{slowest:?} for one change");
    // Its handlers and instances are let go while it still does not read.
    server.until("it is cut", || *server.probe.closed.lock().unwrap() == ["of the stalled one"]);
    let ended = loop {
        match stalled.ws.read() {
            Ok(tungstenite::Message::Binary(_)) => {}
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert!(!matches!(&ended, tungstenite::Error::Io(e) if e.kind() == std::io::ErrorKind::WouldBlock), "{ended:?}");
}

#[test]
fn events_that_nobody_takes_end_that_connection_only() {
    let limits = Limits { hard_queue_bytes: 100 << 10, ..Limits::default() };
    let server = TestServer::limited(limits);
    let mut stalled = server.welcomed();
    let listen =
        restream::protocol::generated::session::v1::Listen { ch: 1, event: SERVER_TIME, key: restream::Bytes::new() };
    stalled.send(&[open_board(1, "one"), listen.into()]);
    assert!(matches!(stalled.frame(), ServerFrame::Opened(_)));
    assert!(matches!(stalled.frame(), ServerFrame::Listening(_)));
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    ann.ready(board);
    let event = Text { value: "x".repeat(60 << 10) };
    for _ in 0..400 {
        server.boards.emit_all(SERVER_TIME, &event);
    }
    let call = ann.call(board, NOTE, &Text::default());
    ann.reply(call).unwrap();
    assert_eq!(stalled.goodbye(), GoodbyeCode::Slow);
}

#[test]
fn answers_that_nobody_takes_stop_the_reading() {
    let server =
        TestServer::limited(Limits { messages_per_second: 100_000, message_burst: 100_000, ..Limits::default() });
    let mut greedy = server.welcomed();
    greedy.send(&[open_board(1, "one")]);
    assert!(matches!(greedy.frame(), ServerFrame::Opened(_)));
    greedy.ws.get_mut().set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let args = restream::codec::encode(&Size { bytes: 60 << 10 });
    let padding = "x".repeat(30 << 10);
    let call = |id| {
        let (args, key) = (args.clone(), Some(padding.clone()));
        ClientFrame::from(Call { ch: 1, id, method: ANSWER_BYTES, args, key, ..Call::default() })
    };
    let mut n_sent = 0;
    // More than kernels hold: only a server that goes on reading takes them all.
    while n_sent < 3_000 && greedy.ws.send(tungstenite::Message::Binary(call(n_sent).encode())).is_ok() {
        n_sent += 1;
    }
    assert!(n_sent < 3_000, "every request was read, and none of the answers");
}

#[test]
fn opens_of_one_key_share_one_answer() {
    let server = TestServer::start();
    let mut clients: Vec<_> = (0..8).map(|_| server.welcomed()).collect();
    clients.iter_mut().for_each(|client| client.send(&[open_board(1, "slow")]));
    clients.iter_mut().for_each(|client| client.assert_alive());
    assert_eq!(server.probe.n_opened.load(Ordering::Relaxed), 1);
    server.probe.slow_open.add_permits(1);
    for client in &mut clients {
        assert!(matches!(client.frame(), ServerFrame::Opened(_)));
    }
    assert_eq!(server.probe.n_opened.load(Ordering::Relaxed), 1);
}

#[test]
fn an_open_that_takes_too_long_is_unavailable() {
    let server = TestServer::limited(Limits { open_deadline: Duration::from_millis(50), ..Limits::default() });
    let mut client = server.welcomed();
    client.send(&[open_board(1, "slow")]);
    let ServerFrame::Refused(refused) = client.frame() else { panic!() };
    assert_eq!(refused.code, restream::protocol::generated::session::v1::OpenCode::Unavailable);
    client.assert_alive();
}

#[test]
fn an_instance_closes_a_while_after_its_last_user_and_opens_anew() {
    let server = TestServer::limited(Limits { linger: Duration::from_millis(100), ..Limits::default() });
    let (mut first, mut second) = (server.welcomed(), server.welcomed());
    for client in [&mut first, &mut second] {
        client.send(&[open_board(1, "one")]);
        assert!(matches!(client.frame(), ServerFrame::Opened(_)));
    }
    let epoch = server.boards.get(&key("one")).unwrap().epoch();
    drop(first);
    second.send(&[Close { ch: 1 }.into()]);
    second.assert_alive();
    server.until("it is closed", || *server.probe.closed.lock().unwrap() == ["one"]);
    assert!(server.boards.get(&key("one")).is_none());
    second.send(&[open_board(2, "one")]);
    assert!(matches!(second.frame(), ServerFrame::Opened(_)));
    assert_ne!(server.boards.get(&key("one")).unwrap().epoch(), epoch);
    assert_eq!(server.probe.n_opened.load(Ordering::Relaxed), 2);
}

#[test]
fn an_instance_in_use_stays_open() {
    let server = TestServer::limited(Limits { linger: Duration::from_millis(30), ..Limits::default() });
    let held = server.runtime.block_on(server.boards.open(&key("held"))).unwrap();
    drop(server.runtime.block_on(server.boards.open(&key("dropped"))).unwrap());
    let mut reader = server.welcomed();
    reader.send(&[open_board(1, "read")]);
    assert!(matches!(reader.frame(), ServerFrame::Opened(_)));
    server.until("the unused one is closed", || *server.probe.closed.lock().unwrap() == ["dropped"]);
    assert_eq!(server.boards.get(&key("held")).unwrap().epoch(), held.epoch());
    assert!(server.boards.get(&key("read")).is_some());
    drop(held);
    server.until("the other one too", || *server.probe.closed.lock().unwrap() == ["dropped", "held"]);
}

#[test]
fn many_clients_converge_under_a_storm_of_commits_and_lost_links() {
    let server = TestServer::start();
    let instance = server.runtime.block_on(server.boards.open(&key("one"))).unwrap();
    let mut clients: Vec<_> = (0..6).map(|_| server.client(None)).collect();
    let handles: Vec<_> = clients.iter_mut().map(|client| client.board("one")).collect();
    let writer = {
        let instance = instance.clone();
        std::thread::spawn(move || {
            for n in 0..2_000_u16 {
                let name = format!("p{}", n % 50);
                instance
                    .update(|b| {
                        b.players_mut().insert(name, Player { hp: n, ..Player::default() });
                        b.set_open(n % 2 == 0);
                    })
                    .unwrap();
            }
        })
    };
    for round in 0..5 {
        for (at, client) in clients.iter_mut().enumerate() {
            let held = |client: &crate::harness::Client| client.version(handles[at]).map(|held| held.1);
            let before = held(client);
            client.until("progress", |client| held(client) > before || held(client) == Some(instance.version()));
            if (at + round) % 3 == 0 {
                client.cut();
                client.connect(server.address());
            }
        }
    }
    writer.join().unwrap();
    for (client, handle) in clients.iter_mut().zip(handles.iter().copied()) {
        client.until("the newest version", |client| {
            client.version(handle).is_some_and(|held| held.1 == instance.version())
        });
        let mut state = instance.snapshot();
        state.secret = None;
        assert_eq!(client.value::<BoardUnit>(handle), Some(&state));
        let mut last = None;
        for update in &client.updates {
            if let Update::State { version, .. } = update {
                assert!(last < Some(*version), "{version} after {last:?}");
                last = Some(*version);
            }
        }
    }
}
