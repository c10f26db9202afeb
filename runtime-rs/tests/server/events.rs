//! Keyed events, and what each level sees of an event.

use restream::codec::{decode, encode};
use restream::protocol::client::{Handle, Update};
use restream::{Bytes, Instance};

use crate::harness::{Client, TestServer};
use crate::sample::BoardState;
use crate::unit::{AUDIO, BoardKey, BoardUnit, NOTE, PLAYERS, SERVER_TIME, Text};

fn key(name: &str) -> Bytes {
    encode(&text(name))
}

fn text(value: &str) -> Text {
    Text { value: value.to_owned() }
}

impl Client {
    /// Everything sent before has been handled.
    fn sync(&mut self, handle: Handle) {
        let call = self.call(handle, NOTE, &Text::default());
        self.reply(call).unwrap();
    }

    fn heard(&self) -> Vec<(u32, String, Bytes)> {
        let event = |update: &Update| match update {
            Update::Event { event, key, body, .. } if *event == AUDIO => {
                Some((*event, decode::<Text>(key).unwrap().value, body.clone()))
            }
            Update::Event { event, body, .. } => Some((*event, String::new(), body.clone())),
            _ => None,
        };
        self.updates.iter().filter_map(event).collect()
    }
}

fn instance(server: &TestServer) -> Instance<BoardUnit> {
    server.boards.get(&BoardKey { game: "one".to_owned() }).unwrap()
}

#[test]
fn a_keyed_event_reaches_who_listens_to_exactly_this_key() {
    let server = TestServer::start();
    let (mut ann, mut bob) = (server.client(Some("ann")), server.client(None));
    let (of_ann, of_bob) = (ann.board("one"), bob.board("one"));
    ann.core.listen(of_ann, AUDIO, key("news"));
    ann.core.listen(of_ann, AUDIO, key("jazz"));
    bob.core.listen(of_bob, AUDIO, key("news"));
    ann.sync(of_ann);
    bob.sync(of_bob);
    let board = instance(&server);
    for (station, frame) in [("jazz", "1"), ("rock", "2"), ("news", "3")] {
        board.emit_keyed(AUDIO, &text(station), &text(frame));
    }
    server.boards.emit_all_keyed(AUDIO, &text("news"), &text("4"));
    ann.until("three events", |ann| ann.heard().len() == 3);
    bob.until("two events", |bob| bob.heard().len() == 2);
    let heard = |station: &str, frame: &str| (AUDIO, station.to_owned(), encode(&text(frame)));
    assert_eq!(ann.heard(), [heard("jazz", "1"), heard("news", "3"), heard("news", "4")]);
    assert_eq!(bob.heard(), [heard("news", "3"), heard("news", "4")]);

    ann.core.unlisten(of_ann, AUDIO, key("news"));
    ann.sync(of_ann);
    server.boards.emit_all_keyed(AUDIO, &text("news"), &text("5"));
    server.boards.emit_all_keyed(AUDIO, &text("jazz"), &text("6"));
    ann.until("the fourth", |ann| ann.heard().len() == 4);
    assert_eq!(ann.heard()[3], heard("jazz", "6"));
}

#[test]
fn the_handler_is_told_of_the_first_and_the_last_listener_of_a_key() {
    let server = TestServer::start();
    let (mut ann, mut bob) = (server.client(Some("ann")), server.client(None));
    let (of_ann, of_bob) = (ann.board("one"), bob.board("one"));
    let told = || {
        let notes = server.probe.notes.lock().unwrap();
        notes.iter().filter(|note| !note.is_empty()).cloned().collect::<Vec<_>>()
    };
    ann.core.listen(of_ann, AUDIO, key("news"));
    ann.core.listen(of_ann, SERVER_TIME, Bytes::new());
    ann.sync(of_ann);
    bob.core.listen(of_bob, AUDIO, key("news"));
    bob.core.listen(of_bob, AUDIO, key("jazz"));
    bob.sync(of_bob);
    server.until("two keys", || told().len() == 2);
    assert_eq!(told(), ["one news true", "one jazz true"]);
    ann.core.unlisten(of_ann, AUDIO, key("news"));
    ann.sync(of_ann);
    bob.cut();
    server.until("the keys are over", || told().len() == 4);
    let mut over = told().split_off(2);
    over.sort();
    assert_eq!(over, ["one jazz false", "one news false"]);
    // Back and forth, in order.
    for _ in 0..20 {
        ann.core.listen(of_ann, AUDIO, key("rock"));
        ann.core.unlisten(of_ann, AUDIO, key("rock"));
    }
    ann.sync(of_ann);
    server.until("all is told", || told().len() == 44);
    let turns: Vec<bool> = told()[4..].iter().map(|note| note.ends_with("true")).collect();
    assert!(turns.chunks(2).all(|turn| turn == [true, false]), "{turns:?}");
}

#[test]
fn keys_that_are_none_are_denied() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    let long = key(&"x".repeat(1_100));
    // A text that is its default takes no place: a present empty one is another form of the same key.
    let twisted = Bytes::from_static(&[0x03, 0x01, 0x01]);
    for (event, key) in [
        (AUDIO, Bytes::new()),
        (AUDIO, Bytes::from_static(&[0xff])),
        (AUDIO, twisted),
        (AUDIO, long),
        (SERVER_TIME, key("news")),
    ] {
        ann.core.listen(board, event, key);
    }
    ann.core.listen(board, AUDIO, key(""));
    ann.sync(board);
    instance(&server).emit(SERVER_TIME, &text("noon"));
    instance(&server).emit_keyed(AUDIO, &text(""), &text("heard"));
    ann.until("an event", |ann| !ann.heard().is_empty());
    assert_eq!(ann.heard(), [(AUDIO, String::new(), encode(&text("heard")))]);
}

#[test]
fn an_event_holds_nothing_above_the_level_of_who_listens() {
    let server = TestServer::start();
    let (mut admin, mut bob) = (server.client(Some("admin")), server.client(None));
    let (of_admin, of_bob) = (admin.board("one"), bob.board("one"));
    for (client, board) in [(&mut admin, of_admin), (&mut bob, of_bob)] {
        client.core.listen(board, PLAYERS, Bytes::new());
        client.sync(board);
    }
    let state = BoardState { secret: Some("s3cret".to_owned()), ..BoardState::default() };
    instance(&server).emit(PLAYERS, &state);
    admin.until("an event", |admin| !admin.heard().is_empty());
    bob.until("an event", |bob| !bob.heard().is_empty());
    let secret = |client: &Client| decode::<BoardState>(&client.heard()[0].2).unwrap().secret;
    assert_eq!((secret(&admin).as_deref(), secret(&bob)), (Some("s3cret"), None));
    assert!(!bob.heard()[0].2.windows(6).any(|bytes| bytes == b"s3cret"));
}
