//! Calls with streams over real sockets.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use restream::codec::{decode, decode_case, encode};
use restream::protocol::client::{CallError, Handle, Update};
use restream::protocol::generated::session::v1::CallCode;
use restream::{Bytes, Limits};

use crate::harness::{Client, TestServer};
use crate::sample::Mark;
use crate::unit::{COUNT, ECHO, MoveError, N_WAITING, NOTE, SUM, Size, Text};

const PLENTY: (u32, u32) = (u32::MAX, u32::MAX);

impl Client {
    fn stream(&mut self, handle: Handle, method: u32, argument: u32, credit: (u32, u32)) -> u32 {
        let (now, args) = (self.now(), encode(&Size { bytes: argument }));
        self.core.call_stream(now, handle, method, args, credit, None)
    }

    fn items(&self, of: u32) -> Vec<u32> {
        let item = |update: &Update| match update {
            Update::Item { call, body } if *call == of => Some(decode::<Size>(body).unwrap().bytes),
            _ => None,
        };
        self.updates.iter().filter_map(item).collect()
    }

    fn send_all(&mut self, call: u32, items: impl IntoIterator<Item = u32>) {
        for n in items {
            self.until("credit", |client| client.core.may_send_item(call));
            assert!(self.core.send_item(call, encode(&Size { bytes: n })));
        }
        self.core.end_items(call);
    }

    fn code_of(&mut self, call: u32) -> CallCode {
        match self.reply(call) {
            Err(CallError::Failed { code, .. }) => code,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn items_come_in_order_and_the_answer_last() {
    let server = TestServer::start();
    let mut ann = server.client(None);
    let board = ann.board("one");
    let call = ann.stream(board, COUNT, 10_000, PLENTY);
    assert_eq!(ann.reply(call), Ok(Bytes::new()));
    assert_eq!(ann.items(call), Vec::from_iter(0..10_000));

    let call = ann.stream(board, COUNT, 12, PLENTY);
    let Err(CallError::Declared(error)) = ann.reply(call) else { panic!("no declared error") };
    assert_eq!(decode_case::<MoveError>(&error).unwrap(), MoveError::CellTaken { by: Mark::O });
    assert_eq!(ann.items(call).len(), 12, "what was sent before an error arrives before it");
}

#[test]
fn a_handler_waits_for_its_caller() {
    let server = TestServer::start();
    let mut ann = server.client(None);
    let board = ann.board("one");
    let call = ann.stream(board, COUNT, 100_000, (3, 1 << 20));
    ann.until("three items", |ann| ann.items(call).len() == 3);
    let note = ann.call(board, NOTE, &Text::default());
    ann.reply(note).unwrap();
    let n_ahead = server.probe.n_counted.load(Ordering::Relaxed);
    assert!(n_ahead < 1_000, "{n_ahead} items were made for a caller that takes three");
    ann.core.grant(call, 5, 0);
    ann.until("five more", |ann| ann.items(call).len() == 8);
    ann.core.grant(call, u32::MAX, u32::MAX);
    ann.reply(call).unwrap();
    assert_eq!(ann.items(call), Vec::from_iter(0..100_000));
}

#[test]
fn a_caller_s_items_reach_the_handler_and_no_rate_limit_stands_in_their_way() {
    let server = TestServer::start();
    let mut ann = server.client(None);
    let board = ann.board("one");
    let call = ann.stream(board, SUM, 0, (0, 0));
    // Each in a message of its own: more than a connection may send unasked.
    ann.send_all(call, (0..5_000).map(|n| n % 7));
    let sum = decode::<Size>(&ann.reply(call).unwrap()).unwrap().bytes;
    assert_eq!(sum, (0..5_000).map(|n| n % 7).sum::<u32>());

    let empty = ann.stream(board, SUM, 0, (0, 0));
    ann.core.end_items(empty);
    assert_eq!(decode::<Size>(&ann.reply(empty).unwrap()).unwrap().bytes, 0);

    let enough = ann.stream(board, SUM, 0, (0, 0));
    ann.until("credit", |ann| ann.core.may_send_item(enough));
    ann.core.send_item(enough, encode(&Size { bytes: 1_000_000 }));
    ann.core.send_item(enough, encode(&Size { bytes: 1 }));
    assert_eq!(decode::<Size>(&ann.reply(enough).unwrap()).unwrap().bytes, 1_000_000, "an answer ends both directions");
}

#[test]
fn both_ways_at_once() {
    let server = TestServer::start();
    let mut ann = server.client(Some("ann"));
    let board = ann.board("one");
    let call = ann.stream(board, ECHO, 0, PLENTY);
    for n in 0..200 {
        ann.until("credit", |ann| ann.core.may_send_item(call));
        assert!(ann.core.send_item(call, encode(&Size { bytes: n })));
        ann.until("the echo", |ann| ann.items(call).last() == Some(&n));
    }
    ann.core.end_items(call);
    ann.reply(call).unwrap();
    let mut nobody = server.client(None);
    let board = nobody.board("one");
    let call = nobody.stream(board, ECHO, 0, PLENTY);
    assert_eq!(nobody.code_of(call), CallCode::Denied);
}

#[test]
fn a_cancel_and_a_lost_link_reach_the_handler_at_once() {
    let server = TestServer::start();
    let waiting = server.probe.waiting.clone();
    let mut ann = server.client(None);
    let board = ann.board("one");
    let endless = [ann.stream(board, COUNT, 15, PLENTY), ann.stream(board, COUNT, u32::MAX, (1, 100))];
    ann.until("both stream", |ann| endless.iter().all(|call| !ann.items(*call).is_empty()));
    for (nth, call) in endless.into_iter().enumerate() {
        let since = Instant::now();
        ann.core.cancel(call);
        assert_eq!(ann.code_of(call), CallCode::Cancelled);
        let note = ann.call(board, NOTE, &Text::default());
        ann.reply(note).unwrap();
        server.until("a handler is dropped", || waiting.available_permits() > N_WAITING - 2 + nth);
        assert!(since.elapsed() < Duration::from_millis(50), "{:?}", since.elapsed());
    }
    let call = ann.stream(board, COUNT, 15, PLENTY);
    ann.until("it streams", |ann| !ann.items(call).is_empty());
    ann.cut();
    assert_eq!(ann.reply(call), Err(CallError::UnknownOutcome));
    server.until("it is dropped", || waiting.available_permits() == N_WAITING);
}

#[test]
fn what_goes_wrong_in_a_stream_has_a_code() {
    let limits = Limits { max_streams: 2, ..Limits::default() };
    let server = TestServer::limited(limits);
    let mut ann = server.client(None);
    let board = ann.board("one");
    let panics = ann.stream(board, COUNT, 13, PLENTY);
    assert_eq!((ann.code_of(panics), ann.items(panics).len()), (CallCode::Internal, 13));
    let large = ann.stream(board, COUNT, 14, PLENTY);
    assert_eq!((ann.code_of(large), ann.items(large).len()), (CallCode::TooLarge, 14));
    let bad = ann.stream(board, SUM, 0, (0, 0));
    ann.until("credit", |ann| ann.core.may_send_item(bad));
    ann.core.send_item(bad, Bytes::from_static(&[0xff]));
    assert_eq!(ann.code_of(bad), CallCode::Invalid);
    // A call that does not say it streams must not get around the limit.
    let plain = ann.call(board, COUNT, &Size { bytes: 3 });
    assert_eq!(ann.code_of(plain), CallCode::Unimplemented);
    let streamed = ann.stream(board, NOTE, 0, PLENTY);
    assert_eq!(ann.code_of(streamed), CallCode::Unimplemented);
    let calls = [0; 3].map(|_| ann.stream(board, COUNT, 15, (0, 0)));
    assert_eq!(ann.code_of(calls[2]), CallCode::Busy);
}
