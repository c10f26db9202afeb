//! Calls with streams: order, credit, ends, and what hostile peers may try.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::toy::{Pair, Random, Toy, ToyPipe, UNIT};
use crate::protocol::client::{CallError, Handle, Link, Update};
use crate::protocol::frames::ClientFrame;
use crate::protocol::generated::session::v1::{Call, CallCode, CallResult, Credit, End, GoodbyeCode, Item, Open};
use crate::protocol::limits::Limits;
use crate::protocol::seen::encode_seen;
use crate::protocol::server::{Outcome, ServerCore, Target};

fn live() -> (Pair, Arc<Toy>, Handle) {
    let (mut pair, toy) = (Pair::new(Limits::default()), Toy::new(1, 1));
    let handle = pair.subscribe(Arc::default());
    pair.connect();
    pair.settle(&toy);
    (pair, toy, handle)
}

fn start(pair: &mut Pair, toy: &Arc<Toy>, handle: Handle, credit: (u32, u32)) -> (u32, Arc<ToyPipe>) {
    let call = pair.client.call_stream(pair.now, handle, 1, Bytes::new(), credit, None);
    pair.settle(toy);
    (call, pair.pipes[&call].clone())
}

fn byte(n: u8) -> Bytes {
    vec![n].into()
}

fn items_of(updates: &[Update], of: u32) -> Vec<Bytes> {
    let item = |update: &Update| match update {
        Update::Item { call, body } if *call == of => Some(body.clone()),
        _ => None,
    };
    updates.iter().filter_map(item).collect()
}

fn reply_of(updates: &[Update], of: u32) -> Option<Result<Bytes, CallError>> {
    updates.iter().find_map(|update| match update {
        Update::Reply { call, result } if *call == of => Some(result.clone()),
        _ => None,
    })
}

#[test]
fn items_come_in_order_as_far_as_credit_goes_and_the_answer_behind_them() {
    let (mut pair, toy, handle) = live();
    let (call, pipe) = start(&mut pair, &toy, handle, (2, 1_000));
    pipe.lock().to_caller.extend((0..5).map(byte));
    pair.finish(call, Outcome::Done(Bytes::new()));
    assert!(pipe.lock().is_closed, "nothing new is taken from a handler that has returned");
    let updates = pair.settle(&toy);
    assert_eq!((items_of(&updates, call), reply_of(&updates, call)), (vec![byte(0), byte(1)], None));
    assert_eq!(pipe.lock().to_caller.len(), 3, "what has no credit stays where it is");
    pair.client.grant(call, 2, 0);
    assert_eq!(items_of(&pair.settle(&toy), call), [byte(2), byte(3)]);
    pair.client.grant(call, 9, 0);
    let updates = pair.settle(&toy);
    assert_eq!(items_of(&updates, call), [byte(4)]);
    assert!(matches!(updates.last(), Some(Update::Reply { result: Ok(_), .. })), "{updates:?}");
}

#[test]
fn bytes_are_credit_too() {
    let (mut pair, toy, handle) = live();
    let (call, pipe) = start(&mut pair, &toy, handle, (100, 10));
    pipe.lock().to_caller.extend((0..4).map(|_| Bytes::from(vec![0; 8])));
    assert_eq!(items_of(&pair.settle(&toy), call).len(), 2, "the second may be larger than what is left");
    pair.client.grant(call, 0, 7);
    assert_eq!(items_of(&pair.settle(&toy), call).len(), 1);
}

#[test]
fn items_of_the_caller_wait_for_credit_and_end_the_stream() {
    let (mut pair, toy, handle) = live();
    let (call, pipe) = start(&mut pair, &toy, handle, (0, 0));
    assert!(!pair.client.send_item(call, byte(0)), "no credit yet");
    pipe.lock().grant = Some((2, 100));
    assert!(pair.settle(&toy).contains(&Update::Credit { call }));
    assert!(pair.client.send_item(call, byte(1)) && pair.client.send_item(call, byte(2)));
    assert!(!pair.client.send_item(call, byte(3)));
    pair.client.end_items(call);
    pair.settle(&toy);
    assert_eq!(pipe.lock().from_caller, [byte(1), byte(2)]);
    assert!(pipe.lock().has_ended);
    pair.finish(call, Outcome::Done(byte(7)));
    assert_eq!(reply_of(&pair.settle(&toy), call), Some(Ok(byte(7))));
}

#[test]
fn an_end_may_come_before_the_handler_starts() {
    let (mut pair, toy) = (Pair::new(Limits::default()), Toy::new(1, 1));
    let handle = pair.subscribe(Arc::default());
    let call = pair.client.call_stream(pair.now, handle, 1, Bytes::new(), (0, 0), None);
    pair.client.end_items(call);
    pair.connect();
    pair.settle(&toy);
    assert!(pair.pipes[&call].lock().has_ended);
}

#[test]
fn a_cancel_drops_what_waits_and_closes_the_pipe() {
    let (mut pair, toy, handle) = live();
    let (call, pipe) = start(&mut pair, &toy, handle, (1, 100));
    pipe.lock().to_caller.extend((0..3).map(byte));
    pair.client.cancel(call);
    let updates = pair.settle(&toy);
    assert!(matches!(reply_of(&updates, call), Some(Err(CallError::Failed { code: CallCode::Cancelled, .. }))));
    assert!(pipe.lock().is_closed && pair.running.is_empty());
    assert_eq!(items_of(&updates, call), Vec::<Bytes>::new());
    assert_eq!(*pair.client.link(), Link::Live, "an item on its way to a call given up is no fault");
}

#[test]
fn a_lost_link_leaves_the_outcome_unknown_and_a_link_that_never_comes_unavailable() {
    let (mut pair, toy, handle) = live();
    let (call, pipe) = start(&mut pair, &toy, handle, (1, 100));
    pair.cut();
    assert_eq!(reply_of(&pair.updates(), call), Some(Err(CallError::UnknownOutcome)));
    assert!(pipe.lock().is_closed);
    let queued = pair.client.call_stream(pair.now, handle, 1, Bytes::new(), (1, 1), None);
    pair.client.tick(pair.now + Duration::from_secs(30));
    let end = reply_of(&pair.updates(), queued);
    assert!(matches!(end, Some(Err(CallError::Failed { code: CallCode::Unavailable, .. }))), "{end:?}");
}

#[test]
fn a_stream_has_no_deadline_unless_it_is_given_one() {
    let (mut pair, toy, handle) = live();
    let (endless, _) = start(&mut pair, &toy, handle, (1, 100));
    let short = pair.client.call_stream(pair.now, handle, 1, Bytes::new(), (1, 1), Some(Duration::from_secs(3)));
    pair.settle(&toy);
    pair.now += Duration::from_secs(3);
    pair.server.as_mut().unwrap().tick(pair.now);
    let updates = pair.settle(&toy);
    assert!(matches!(reply_of(&updates, short), Some(Err(CallError::Failed { code: CallCode::Deadline, .. }))));
    // Somebody who is heard of stays for a day.
    for _ in 0..24 * 60 {
        pair.now += Duration::from_secs(60);
        pair.client.tick(pair.now);
        pair.settle(&toy);
        pair.server.as_mut().unwrap().tick(pair.now);
    }
    assert_eq!(reply_of(&pair.settle(&toy), endless), None);
    assert_eq!(pair.running.len(), 1);
}

/// A server core with an open channel and these calls, of which those with streams have pipes with credit for one item.
fn serving(limits: Limits, frames: &[ClientFrame]) -> ServerCore {
    let mut core = ServerCore::new(Arc::new(limits), Duration::ZERO, Duration::ZERO);
    let hello = crate::protocol::generated::session::v1::Hello { protocol: 1, ..Default::default() };
    core.receive(Duration::ZERO, &ClientFrame::from(hello).encode());
    core.authenticated(Duration::ZERO, Ok(()));
    let digest = Bytes::copy_from_slice(&UNIT.short_digest());
    let open = Open { ch: 1, name: UNIT.name.to_owned(), digest, key: Bytes::new() };
    core.receive(Duration::ZERO, &ClientFrame::from(open).encode());
    core.opened(1, Ok(Target { instance: 1, digest: Bytes::new(), view: None }));
    for frame in frames {
        core.receive(Duration::ZERO, &frame.encode());
        while let Some(request) = core.poll_request() {
            if let crate::protocol::server::Request::Call { id, streams: true, .. } = request {
                let pipe = Arc::<ToyPipe>::default();
                pipe.lock().grant = Some((1, 100));
                core.stream(id, pipe);
            }
        }
        while core.poll_message().is_some() {}
    }
    core
}

fn call(id: u32, streams: bool) -> ClientFrame {
    Call { ch: 1, id, method: 1, streams, ..Call::default() }.into()
}

fn item(id: u32) -> ClientFrame {
    Item { id, body: byte(1) }.into()
}

#[test]
fn hostile_clients_end_with_a_goodbye() {
    let end = |id| ClientFrame::from(End { id });
    let credit = |id| ClientFrame::from(Credit { id, items: 1, bytes: 1 });
    let cases: [(&str, Vec<ClientFrame>); 6] = [
        ("an item without credit", vec![call(1, true), item(1), item(1)]),
        ("an item behind the end", vec![call(1, true), end(1), item(1)]),
        ("a second end", vec![call(1, true), end(1), end(1)]),
        ("an item of a plain call", vec![call(1, false), item(1)]),
        ("an end of a plain call", vec![call(1, false), end(1)]),
        ("credit for a plain call", vec![call(1, false), credit(1)]),
    ];
    for (name, frames) in cases {
        let core = serving(Limits::default(), &frames);
        assert_eq!(core.ending().map(|ending| ending.code), Some(GoodbyeCode::Protocol), "{name}");
    }
    let core = serving(Limits::default(), &[item(9), end(9), credit(9)]);
    assert_eq!(core.ending(), None, "frames of a call that is over may be on their way");
}

#[test]
fn an_item_before_the_handler_has_started_is_without_credit() {
    let mut core = serving(Limits::default(), &[]);
    core.receive(Duration::ZERO, &call(1, true).encode());
    core.receive(Duration::ZERO, &item(1).encode());
    assert_eq!(core.ending().map(|ending| ending.code), Some(GoodbyeCode::Protocol));
}

#[test]
fn one_stream_too_many_is_busy_and_credit_may_be_as_large_as_it_likes() {
    let limits = Limits { max_streams: 1, ..Limits::default() };
    let huge = Credit { id: 1, items: u32::MAX, bytes: u32::MAX };
    let frames: Vec<ClientFrame> = std::iter::once(call(1, true)).chain((0..5).map(|_| huge.clone().into())).collect();
    let mut core = serving(limits, &frames);
    core.receive(Duration::ZERO, &call(2, true).encode());
    let message = core.poll_message().unwrap();
    let crate::protocol::envelope::Frame::Control { kind, body } =
        crate::protocol::envelope::split(&message).unwrap()[0]
    else {
        panic!()
    };
    let answer = crate::protocol::frames::ServerFrame::decode(kind, body).unwrap();
    let crate::protocol::frames::ServerFrame::Failure(failure) = answer else { panic!("{answer:?}") };
    assert_eq!((failure.id, failure.code), (2, CallCode::Busy));
}

#[test]
fn items_and_credit_that_were_asked_for_do_not_count_as_messages() {
    let limits = Limits { message_burst: 6, messages_per_second: 1, ..Limits::default() };
    let mut core = serving(limits.clone(), &[]);
    let pipe = Arc::<ToyPipe>::default();
    core.receive(Duration::ZERO, &ClientFrame::from(Call { ch: 1, id: 1, streams: true, ..Call::default() }).encode());
    core.stream(1, pipe.clone());
    for n in 0..100 {
        pipe.lock().grant = Some((1, 1));
        while core.poll_message().is_some() {}
        core.receive(Duration::ZERO, &item(1).encode());
        assert_eq!(pipe.lock().from_caller.len(), n + 1);
        core.receive(Duration::ZERO, &ClientFrame::from(Credit { id: 1, items: 1, bytes: 1 }).encode());
        // Credit that nothing was sent for is a message like any other.
        pipe.lock().to_caller.push_back(byte(1));
        while core.poll_message().is_some() {}
        if n == 0 {
            assert_eq!(core.ending(), None);
        }
        core.receive(Duration::ZERO, &ClientFrame::from(Credit { id: 1, items: 0, bytes: 0 }).encode());
        if core.ending().is_some() {
            break;
        }
    }
    assert_eq!(core.ending().map(|ending| ending.code), Some(GoodbyeCode::Rate));
    assert!(pipe.lock().from_caller.len() >= 3);
}

#[test]
fn hostile_servers_lose_the_link() {
    let (mut pair, toy, handle) = live();
    let (call, _) = start(&mut pair, &toy, handle, (1, 100));
    let frame = |id| crate::protocol::frames::ServerFrame::from(Item { id, body: byte(1) }).encode();
    pair.client.receive(pair.now, &frame(call));
    pair.client.receive(pair.now, &frame(999));
    assert_eq!(*pair.client.link(), Link::Live);
    pair.client.receive(pair.now, &frame(call));
    assert_eq!(*pair.client.link(), Link::Waiting, "an item without credit");

    let (mut pair, toy, handle) = live();
    let (call, _) = start(&mut pair, &toy, handle, (9, 100));
    let seen = encode_seen(&[crate::protocol::generated::session::v1::Seen { view: 1, version: 99 }]);
    let result = CallResult { id: call, body: Bytes::new(), seen };
    pair.client.receive(pair.now, &crate::protocol::frames::ServerFrame::from(result).encode());
    assert_eq!(*pair.client.link(), Link::Live);
    pair.client.receive(pair.now, &frame(call));
    assert_eq!(*pair.client.link(), Link::Waiting, "an item behind the answer");

    let (mut pair, toy, handle) = live();
    let (call, _) = start(&mut pair, &toy, handle, (9, 100));
    let seen = Bytes::from_static(&[0x7f]);
    let result = CallResult { id: call, body: Bytes::new(), seen };
    pair.client.receive(pair.now, &crate::protocol::frames::ServerFrame::from(result).encode());
    assert_eq!(*pair.client.link(), Link::Waiting, "a version that is cut off");

    let (mut pair, _, handle) = live();
    let plain = pair.client.call(pair.now, handle, 1, Bytes::new(), Duration::from_secs(9));
    pair.client.poll_message();
    let credit = Credit { id: plain, items: 1, bytes: 1 };
    pair.client.receive(pair.now, &crate::protocol::frames::ServerFrame::from(credit).encode());
    assert_eq!(*pair.client.link(), Link::Waiting, "credit for a plain call");
}

#[test]
fn neither_streams_nor_views_wait_for_the_others() {
    let (mut pair, toy, handle) = live();
    let (call, pipe) = start(&mut pair, &toy, handle, (1_000_000, u32::MAX));
    pipe.lock().to_caller.extend((0..1_000).map(|_| Bytes::from(vec![1; 1_000])));
    toy.commit(|state| state.push(1));
    pair.step_down();
    let updates = pair.updates();
    assert!(items_of(&updates, call).len() > 20, "no items");
    assert!(updates.iter().any(|update| matches!(update, Update::State { version: 1, .. })), "no state");
}

/// What a call of a random schedule has sent and got.
#[derive(Default)]
struct Model {
    n_sent: u32,
    n_received: u32,
    n_granted: u32,
    has_ended: bool,
    n_produced: u32,
    end: Option<Result<Bytes, CallError>>,
}

#[test]
fn random_schedules_lose_double_and_reorder_nothing() {
    let mut n_complete = 0;
    for seed in 0..300 {
        n_complete += run_schedule(seed);
    }
    assert!(n_complete > 500, "{n_complete} calls ended with a result");
}

fn run_schedule(seed: u64) -> usize {
    let mut random = Random(seed);
    let (mut pair, toy, handle) = live();
    let mut calls: BTreeMap<u32, Model> = BTreeMap::new();
    for _ in 0..400 {
        let nth = random.below(calls.len().max(1) as u64) as usize;
        let chosen = calls.keys().nth(nth).copied();
        match (random.below(20), chosen) {
            (0, _) if calls.len() < 12 => {
                let credit = (random.below(4) as u32, random.below(12) as u32);
                let call = pair.client.call_stream(pair.now, handle, 1, Bytes::new(), credit, None);
                calls.insert(call, Model { n_granted: credit.0, ..Model::default() });
            }
            (1 | 2, Some(call)) => {
                let n = random.below(4) as u32;
                if calls[&call].end.is_none() {
                    pair.client.grant(call, n, 9);
                    calls.get_mut(&call).unwrap().n_granted += n;
                }
            }
            (3..6, Some(call)) => {
                let model = calls.get_mut(&call).unwrap();
                if !model.has_ended && pair.client.send_item(call, model.n_sent.to_le_bytes().to_vec().into()) {
                    model.n_sent += 1;
                }
            }
            (6, Some(call)) if random.below(3) == 0 => {
                pair.client.end_items(call);
                calls.get_mut(&call).unwrap().has_ended = true;
            }
            (7..10, Some(call)) => {
                if let Some(pipe) = pair.pipes.get(&call).filter(|pipe| !pipe.lock().is_closed) {
                    let model = calls.get_mut(&call).unwrap();
                    pipe.lock().to_caller.push_back(model.n_produced.to_le_bytes().to_vec().into());
                    model.n_produced += 1;
                    pipe.lock().grant = Some((random.below(3) as u32, 9));
                }
            }
            (10, _) if !pair.running.is_empty() && random.below(3) == 0 => {
                let at = random.below(pair.running.len() as u64) as usize;
                let (id, _) = pair.running.remove(at);
                pair.finish(id, Outcome::Done(Bytes::new()));
            }
            (11, Some(call)) if random.below(6) == 0 => pair.client.cancel(call),
            (12, _) if random.below(20) == 0 => pair.cut(),
            (13, _) if pair.server.is_none() => pair.connect(),
            (14..17, _) => {
                pair.step_up(&toy);
            }
            _ => {
                pair.step_down();
            }
        }
        check(seed, &mut pair, &mut calls);
    }
    // Everything that can end ends.
    if pair.server.is_none() {
        pair.connect();
    }
    pair.settle_checked(&toy, |pair| check(seed, pair, &mut calls));
    for (id, _) in std::mem::take(&mut pair.running) {
        pair.finish(id, Outcome::Done(Bytes::new()));
    }
    let open: Vec<u32> = calls.iter().filter(|(_, model)| model.end.is_none()).map(|(call, _)| *call).collect();
    for call in open {
        pair.client.grant(call, 1_000, 1 << 20);
        calls.get_mut(&call).unwrap().n_granted += 1_000;
    }
    pair.settle_checked(&toy, |pair| check(seed, pair, &mut calls));
    for (call, model) in &calls {
        assert!(model.end.is_some(), "seed {seed}: call {call} never ends");
        if matches!(model.end, Some(Ok(_))) {
            assert_eq!(model.n_received, model.n_produced, "seed {seed}: call {call}");
        }
    }
    assert_eq!(*pair.client.link(), Link::Live, "seed {seed}: a core broke the protocol");
    calls.values().filter(|model| matches!(model.end, Some(Ok(_)))).count()
}

/// Items come in order, none behind the end, and never more than was granted; those of the caller arrive in order.
fn check(seed: u64, pair: &mut Pair, calls: &mut BTreeMap<u32, Model>) {
    for update in pair.updates() {
        match update {
            Update::Item { call, body } => {
                let model = calls.get_mut(&call).unwrap();
                assert_eq!(body, model.n_received.to_le_bytes().to_vec(), "seed {seed}: call {call}");
                assert_eq!(model.end, None, "seed {seed}: an item behind the end of call {call}");
                model.n_received += 1;
                assert!(model.n_received <= model.n_granted, "seed {seed}: more than was granted");
            }
            Update::Reply { call, result } => {
                assert_eq!(calls.get_mut(&call).unwrap().end.replace(result), None, "seed {seed}: two ends");
            }
            _ => {}
        }
    }
    for pipe in pair.pipes.values() {
        for (nth, body) in pipe.lock().from_caller.iter().enumerate() {
            assert_eq!(*body, (nth as u32).to_le_bytes().to_vec(), "seed {seed}");
        }
    }
}

impl Pair {
    fn settle_checked(&mut self, toy: &Arc<Toy>, mut check: impl FnMut(&mut Self)) {
        while self.step_up(toy) || self.step_down() {
            check(self);
        }
        check(self);
    }
}
