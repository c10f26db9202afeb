//! What clients that keep to the rules get.

use restream::codec::{decode, decode_case};
use restream::protocol::client::{CallError, Status, Update};
use restream::protocol::generated::session::v1::CallCode;
use restream::{Bytes, Timestamp};

use crate::harness::{LONG, TestServer};
use crate::sample::{Mark, Move};
use crate::unit::{
    ANSWER_BYTES, AuthUnit, BoardKey, BoardUnit, Cell, HOVER, MoveError, N_WAITING, NOTE, PANIC, PLACE_TOKEN, SECRETS,
    SERVER_TIME, SPAWN, Size, Text, WAIT,
};

fn code(result: Result<Bytes, CallError>) -> CallCode {
    match result {
        Err(CallError::Failed { code, .. }) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_move_made_in_one_client_appears_in_the_other() {
    let server = TestServer::start();
    let (mut ann, mut bob) = (server.client(Some("ann")), server.client(None));
    let (board, seen) = (ann.board("one"), bob.board("one"));
    bob.ready(seen);
    let call = ann.call(board, PLACE_TOKEN, &Cell { cell: 4 });
    let made: Move = decode(&ann.reply(call).unwrap()).unwrap();
    assert_eq!(made, Move { cell: 4, by: Mark::X });
    assert_eq!(ann.value::<BoardUnit>(board).unwrap().cells[4], Mark::X, "a reply comes after its own writes");
    bob.until("the move", |bob| bob.value::<BoardUnit>(seen).unwrap().cells[4] == Mark::X);
    assert_eq!(bob.value::<BoardUnit>(seen).unwrap().turn, Mark::O);

    let call = ann.call(board, PLACE_TOKEN, &Cell { cell: 4 });
    let Err(CallError::Declared(error)) = ann.reply(call) else { panic!("the cell was free") };
    assert_eq!(decode_case::<MoveError>(&error).unwrap(), MoveError::CellTaken { by: Mark::X });
}

#[test]
fn boards_of_different_keys_are_independent() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let (one, two) = (ann.board("one"), ann.board("two"));
    let call = ann.call(one, PLACE_TOKEN, &Cell { cell: 0 });
    ann.reply(call).unwrap();
    ann.ready(two);
    assert_eq!(ann.value::<BoardUnit>(two).unwrap().cells[0], Mark::Empty);
    assert_eq!(ann.version(two).unwrap().1, 0);
}

#[test]
fn a_level_sees_what_it_may_see_and_versions_go_on() {
    let server = TestServer::start();
    let (mut admin, mut bob) = (server.client(Some("admin")), server.client(None));
    let (board, seen) = (admin.board("one"), bob.board("one"));
    admin.ready(board);
    bob.ready(seen);
    assert_eq!(admin.value::<BoardUnit>(board).unwrap().secret.as_deref(), Some("the secret"));
    assert_eq!(bob.value::<BoardUnit>(seen).unwrap().secret, None);
    let instance = server.boards.get(&BoardKey { game: "one".to_owned() }).unwrap();
    instance.update(|b| b.set_secret(Some("another".to_owned()))).unwrap();
    bob.until("the version", |bob| bob.version(seen).unwrap().1 == 1);
    assert_eq!(bob.value::<BoardUnit>(seen).unwrap().secret, None);
    admin.until("the secret", |admin| admin.value::<BoardUnit>(board).unwrap().secret.as_deref() == Some("another"));

    let call = bob.call(seen, PLACE_TOKEN, &Cell { cell: 0 });
    assert_eq!(code(bob.reply(call)), CallCode::Denied);
    bob.core.listen(seen, SECRETS, Bytes::new());
    bob.core.listen(seen, SERVER_TIME, Bytes::new());
    let instance = server.boards.get(&BoardKey { game: "one".to_owned() }).unwrap();
    let call = bob.call(seen, NOTE, &Text::default());
    bob.reply(call).unwrap();
    instance.emit(SECRETS, &Text { value: "psst".to_owned() });
    instance.emit(SERVER_TIME, &Text { value: "noon".to_owned() });
    bob.until("an event", |bob| bob.updates.iter().any(|update| matches!(update, Update::Event { .. })));
    let event = bob.updates.iter().find(|update| matches!(update, Update::Event { .. }));
    assert!(matches!(event, Some(Update::Event { event: SERVER_TIME, .. })));
}

#[test]
fn an_event_on_all_boards_reaches_those_who_listen() {
    let server = TestServer::start();
    let (mut ann, mut bob) = (server.client(Some("ann")), server.client(None));
    let (one, two, deaf) = (ann.board("one"), ann.board("two"), bob.board("one"));
    ann.core.listen(one, SERVER_TIME, Bytes::new());
    ann.core.listen(two, SERVER_TIME, Bytes::new());
    for handle in [one, two] {
        let call = ann.call(handle, NOTE, &Text::default());
        ann.reply(call).unwrap();
    }
    bob.ready(deaf);
    server.boards.emit_all(SERVER_TIME, &Text { value: Timestamp::from_millis(5).as_millis().to_string() });
    let n_events = |updates: &[Update]| updates.iter().filter(|update| matches!(update, Update::Event { .. })).count();
    ann.until("two events", |ann| n_events(&ann.updates) == 2);
    let call = bob.call(deaf, NOTE, &Text::default());
    bob.reply(call).unwrap();
    assert_eq!(n_events(&bob.updates), 0);
    ann.core.unlisten(one, SERVER_TIME, Bytes::new());
    let call = ann.call(one, NOTE, &Text::default());
    ann.reply(call).unwrap();
    server.boards.emit_all(SERVER_TIME, &Text::default());
    ann.until("the third event", |ann| n_events(&ann.updates) == 3);
}

#[test]
fn a_panic_in_a_handler_is_that_call_s_error() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    let (wait, panic) = (ann.call(board, WAIT, &()), ann.call(board, PANIC, &()));
    let Err(CallError::Failed { code, message }) = ann.reply(panic) else { panic!() };
    assert_eq!(code, CallCode::Internal);
    assert!(!message.contains("s3cret"), "{message}");
    let call = ann.call(board, PLACE_TOKEN, &Cell { cell: 1 });
    ann.reply(call).unwrap();
    ann.core.cancel(wait);
    assert!(matches!(ann.reply(wait), Err(CallError::Failed { code: CallCode::Cancelled, .. })));
}

#[test]
fn handlers_are_dropped_when_the_caller_gives_up_or_goes() {
    let server = TestServer::start();
    let waiting = server.probe.waiting.clone();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    ann.ready(board);
    let (first, _second) = (ann.call(board, WAIT, &()), ann.call(board, WAIT, &()));
    let call = ann.call(board, NOTE, &Text::default());
    ann.reply(call).unwrap();
    server.until("both wait", || waiting.available_permits() == N_WAITING - 2);
    ann.core.cancel(first);
    let call = ann.call(board, NOTE, &Text::default());
    ann.reply(call).unwrap();
    server.until("one is dropped", || waiting.available_permits() == N_WAITING - 1);
    ann.cut();
    server.until("the other is dropped", || waiting.available_permits() == N_WAITING);
}

#[test]
fn tasks_of_a_handler_learn_that_the_call_is_over() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    let call = ann.call(board, SPAWN, &());
    let note = ann.call(board, NOTE, &Text { value: "not yet".to_owned() });
    ann.reply(note).unwrap();
    ann.core.cancel(call);
    ann.reply(call).unwrap_err();
    let note = ann.call(board, NOTE, &Text { value: "sent".to_owned() });
    ann.reply(note).unwrap();
    server.until("the task knows", || server.probe.notes.lock().unwrap().contains(&"ann is over".to_owned()));
    assert_eq!(server.probe.notes.lock().unwrap()[0], "not yet");
}

#[test]
fn calls_and_sends_start_in_the_order_sent() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let (slow, board) = (ann.board("slow"), ann.board("one"));
    let mut last = 0;
    for n in 0..100 {
        let args = Text { value: n.to_string() };
        let handle = if n % 10 == 0 { slow } else { board };
        if n % 3 == 0 {
            last = ann.call(handle, NOTE, &args);
        } else {
            // Not connected long enough to have a limit that would drop it.
            assert!(ann.core.send(handle, HOVER, restream::codec::encode(&args)));
        }
    }
    server.probe.slow_open.add_permits(1);
    ann.reply(last).unwrap();
    let expected: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    assert_eq!(*server.probe.notes.lock().unwrap(), expected);
}

#[test]
fn calls_made_before_there_is_a_link_start_in_their_order() {
    let server = TestServer::start();
    let mut ann = crate::harness::Client::new(Some("ann"));
    let boards = [ann.board("one"), ann.board("two")];
    let texts: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    let calls: Vec<u32> = texts
        .iter()
        .zip(boards.iter().cycle())
        .map(|(text, board)| ann.call(*board, NOTE, &Text { value: text.clone() }))
        .collect();
    ann.connect(server.address());
    calls.into_iter().for_each(|call| assert!(ann.reply(call).is_ok()));
    assert_eq!(*server.probe.notes.lock().unwrap(), texts);
}

#[test]
fn a_deadline_passes_at_the_server_too() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    ann.ready(board);
    let now = ann.now();
    // The client's own clock stands still here, so the answer is the server's.
    let call = ann.core.call_with(now, board, WAIT, &(), std::time::Duration::from_millis(30));
    assert_eq!(code(ann.reply(call)), CallCode::Deadline);
    server.until("the handler is dropped", || server.probe.waiting.available_permits() == N_WAITING);
}

#[test]
fn unknown_methods_bad_arguments_and_large_results_have_codes() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    let unknown = ann.call(board, 99, &());
    let send_as_call = ann.call(board, HOVER, &Text::default());
    let bad = ann.core.call(ann.now(), board, PLACE_TOKEN, Bytes::from_static(&[0xff]), LONG);
    let off = ann.call(board, PLACE_TOKEN, &Cell { cell: 200 });
    let large = ann.call(board, ANSWER_BYTES, &Size { bytes: 65 << 10 });
    let fits = ann.call(board, ANSWER_BYTES, &Size { bytes: 60 << 10 });
    let expected = [
        (unknown, CallCode::Unimplemented),
        (send_as_call, CallCode::Unimplemented),
        (bad, CallCode::Invalid),
        (off, CallCode::Invalid),
        (large, CallCode::TooLarge),
    ];
    for (call, expected) in expected {
        assert_eq!(code(ann.reply(call)), expected);
    }
    assert!(ann.reply(fits).unwrap().len() > 60 << 10);
}

#[test]
fn a_service_has_calls_only_and_its_own_level() {
    let server = TestServer::start();
    let (mut ann, mut nobody) = (server.client(Some("ann")), server.client(None));
    let auth = ann.core.open_unit::<AuthUnit>(&());
    let call = ann.call(auth, 1, &());
    assert_eq!(decode::<Text>(&ann.reply(call).unwrap()).unwrap().value, "ann");
    let denied = nobody.core.open_unit::<AuthUnit>(&());
    nobody.until("denied", |nobody| matches!(nobody.status(denied), Status::Failed { code, .. } if code == "denied"));
}

#[test]
fn what_a_handler_refuses_or_panics_at_is_refused_with_a_code() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let (nowhere, broken, fine) = (ann.board("nowhere"), ann.board("panic"), ann.board("one"));
    ann.ready(fine);
    let failed =
        |code: &'static str| move |status: Status| matches!(status, Status::Failed { code: c, .. } if c == code);
    ann.until("not_found", |ann| failed("not_found")(ann.status(nowhere)));
    ann.until("internal", |ann| failed("internal")(ann.status(broken)));
    let mut other = server.client(Some("level panics"));
    let board = other.board("one");
    other.until("internal", |other| failed("internal")(other.status(board)));
}
