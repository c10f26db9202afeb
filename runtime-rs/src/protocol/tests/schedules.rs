//! Client core against server core: chosen cases, then seeded random schedules.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use super::toy::{Pair, Random, Toy, UNIT};
use crate::protocol::client::{CallError, Handle, Link, Status, Update};
use crate::protocol::frames::ServerFrame;
use crate::protocol::generated::session::v1::{CallCode, EventFrame, GoodbyeCode};
use crate::protocol::limits::Limits;
use crate::protocol::server::Outcome;
use crate::store::View;

fn live() -> (Pair, Arc<Toy>, Handle) {
    let (mut pair, toy) = (Pair::new(Limits::default()), Toy::new(1, 1));
    let handle = pair.subscribe(Arc::default());
    pair.connect();
    pair.settle(&toy);
    assert_eq!(pair.client.status(handle), Status::Ready);
    (pair, toy, handle)
}

#[test]
fn a_commit_arrives_and_hidden_ones_move_the_version_only() {
    let (mut pair, toy, handle) = live();
    toy.commit(|state| state.push(1));
    pair.settle(&toy);
    assert_eq!(pair.value(handle), [1]);
    toy.commit(|_| {});
    pair.settle(&toy);
    assert_eq!(pair.client.version(handle), Some((toy.epoch, 2)));
}

#[test]
fn a_lost_link_resumes_with_the_gap_only() {
    let (mut pair, toy, handle) = live();
    toy.commit(|state| state.extend([0; 1_000]));
    pair.settle(&toy);
    pair.cut();
    assert_eq!(pair.client.status(handle), Status::Reconnecting);
    toy.commit(|state| state.push(1));
    toy.commit(|state| state.push(2));
    pair.connect();
    pair.step_up(&toy);
    let n_bytes: usize = std::iter::from_fn(|| pair.server.as_mut().unwrap().poll_message())
        .map(|message| {
            pair.client.receive(pair.now, &message);
            message.len()
        })
        .sum();
    assert!(n_bytes < 200, "{n_bytes} bytes: the whole state was sent again");
    assert_eq!(pair.value(handle), toy.state(3));
    assert_eq!(pair.client.status(handle), Status::Ready);
}

#[test]
fn a_restarted_server_resets_the_epoch() {
    let (mut pair, toy, handle) = live();
    toy.commit(|state| state.push(1));
    pair.settle(&toy);
    pair.cut();
    let reborn = Toy::new(1, 2);
    pair.connect();
    pair.settle(&reborn);
    assert_eq!(pair.value(handle), Vec::<u8>::new());
    assert_eq!(pair.client.version(handle), Some((reborn.epoch, 0)));
}

#[test]
fn a_reader_behind_the_log_gets_a_snapshot_and_goes_on() {
    let (mut pair, toy, handle) = live();
    toy.commit(|state| state.push(1));
    toy.commit(|state| state.push(2));
    toy.cut_log();
    pair.settle(&toy);
    assert_eq!(pair.value(handle), [1, 2]);
    toy.commit(|state| state.push(3));
    pair.settle(&toy);
    assert_eq!(pair.value(handle), [1, 2, 3]);
}

#[test]
fn a_large_snapshot_comes_in_chunks_and_lets_answers_pass() {
    let (mut pair, toy) = (Pair::new(Limits::default()), Toy::new(1, 1));
    toy.commit(|state| state.extend([5; 300 << 10]));
    let handle = pair.subscribe(Arc::default());
    pair.connect();
    pair.step_up(&toy);
    let mut n_messages = 0;
    let call = pair.client.call(pair.now, handle, 1, Bytes::new(), Duration::from_secs(9));
    while pair.step_down() {
        n_messages += 1;
        if n_messages == 2 {
            pair.step_up(&toy);
            pair.finish(call, Outcome::Done(Bytes::new()));
        }
        if n_messages == 3 {
            let replies = pair.updates();
            assert!(replies.contains(&Update::Reply { call, result: Ok(Bytes::new()) }), "{replies:?}");
            assert_eq!(pair.client.status(handle), Status::Connecting, "the snapshot is not complete yet");
        }
    }
    assert!(n_messages >= 5, "{n_messages}");
    assert_eq!(pair.value(handle), toy.state(1));
}

#[test]
fn a_bad_delta_is_one_resync_and_a_second_one_fails_that_store_only() {
    let (mut pair, toy, _) = live();
    let poisoned = Arc::new(Mutex::new(0));
    pair.cut();
    let mut other = Pair::new(Limits::default());
    let handle = other.subscribe(poisoned.clone());
    other.connect();
    other.settle(&toy);
    *poisoned.lock().unwrap() = 1;
    toy.commit(|state| state.push(1));
    other.settle(&toy);
    assert_eq!((other.value(handle), other.client.status(handle)), (vec![1], Status::Ready));

    toy.commit(|state| state.push(2));
    other.settle(&toy);
    *poisoned.lock().unwrap() = 2;
    toy.commit(|state| state.push(3));
    other.settle(&toy);
    toy.commit(|state| state.push(4));
    other.settle(&toy);
    assert!(matches!(other.client.status(handle), Status::Failed { .. }));
    assert_eq!(*other.client.link(), Link::Live);
    let call = other.client.call(other.now, handle, 1, Bytes::new(), Duration::from_secs(9));
    other.settle(&toy);
    other.finish(call, Outcome::Done(Bytes::new()));
    assert!(other.settle(&toy).contains(&Update::Reply { call, result: Ok(Bytes::new()) }));
}

#[test]
fn a_snapshot_that_does_not_decode_fails_the_store() {
    let (mut pair, toy) = (Pair::new(Limits::default()), Toy::new(1, 1));
    toy.commit(|state| state.push(0xff));
    let handle = pair.subscribe(Arc::default());
    pair.connect();
    pair.settle(&toy);
    assert!(matches!(pair.client.status(handle), Status::Failed { .. }));
    assert_eq!(*pair.client.link(), Link::Live);
}

#[test]
fn a_snapshot_that_does_not_decode_is_fetched_once_more() {
    let (mut pair, toy) = (Pair::new(Limits::default()), Toy::new(1, 1));
    toy.commit(|state| state.push(0xff));
    let handle = pair.subscribe(Arc::default());
    pair.connect();
    pair.step_up(&toy);
    while pair.step_down() {}
    assert_eq!(pair.client.version(handle), None);
    toy.commit(|state| state.push(1));
    pair.settle(&toy);
    assert_eq!((pair.value(handle), pair.client.status(handle)), (vec![0xff, 1], Status::Ready));
}

#[test]
fn an_answer_is_handed_out_after_the_versions_it_names() {
    let (mut pair, toy, handle) = live();
    let call = pair.client.call(pair.now, handle, 1, Bytes::new(), Duration::from_secs(9));
    pair.step_up(&toy);
    toy.commit(|state| state.extend([1; 70 << 10]));
    pair.finish(call, Outcome::Done(Bytes::from_static(b"ok")));
    let updates = pair.settle(&toy);
    let at = |wanted: fn(&Update) -> bool| updates.iter().position(wanted).unwrap();
    assert!(at(|u| matches!(u, Update::State { version: 1, .. })) < at(|u| matches!(u, Update::Reply { .. })));
}

#[test]
fn an_event_is_handed_out_after_the_version_it_names() {
    let (mut pair, toy, handle) = live();
    pair.client.listen(handle, 9, Bytes::new());
    pair.settle(&toy);
    toy.commit(|state| state.push(1));
    let frame = EventFrame { stream: 77, version: 1, body: Bytes::from_static(b"hi") };
    pair.server.as_mut().unwrap().event(ServerFrame::from(frame).encode());
    let updates = pair.settle(&toy);
    let event = Update::Event { handle, event: 9, key: Bytes::new(), body: Bytes::from_static(b"hi") };
    let state = Update::State { handle, epoch: toy.epoch, version: 1 };
    assert_eq!(updates, [state, event]);
}

#[test]
fn a_lost_link_leaves_sent_calls_unknown_and_queued_ones_waiting() {
    let (mut pair, toy, handle) = live();
    let sent = pair.client.call(pair.now, handle, 1, Bytes::new(), Duration::from_secs(9));
    pair.step_up(&toy);
    pair.cut();
    let queued = pair.client.call(pair.now, handle, 1, Bytes::new(), Duration::from_secs(9));
    assert!(pair.updates().contains(&Update::Reply { call: sent, result: Err(CallError::UnknownOutcome) }));
    pair.connect();
    pair.settle(&toy);
    pair.finish(queued, Outcome::Done(Bytes::new()));
    assert!(pair.settle(&toy).contains(&Update::Reply { call: queued, result: Ok(Bytes::new()) }));
}

#[test]
fn a_call_that_was_never_sent_ends_as_unavailable() {
    let mut pair = Pair::new(Limits::default());
    let handle = pair.subscribe(Arc::default());
    let call = pair.client.call(pair.now, handle, 1, Bytes::new(), Duration::from_secs(9));
    assert_eq!(pair.client.deadline(), Some(pair.now + Duration::from_secs(9)));
    pair.client.tick(pair.now + Duration::from_secs(9));
    let failure = CallError::Failed { code: CallCode::Unavailable, message: "not connected in time".to_owned() };
    assert!(pair.updates().contains(&Update::Reply { call, result: Err(failure) }));
}

#[test]
fn a_silent_server_is_probed_and_then_given_up() {
    let (mut pair, _, _) = live();
    assert_eq!(pair.client.deadline(), Some(pair.now + Duration::from_secs(25)));
    pair.client.tick(pair.now + Duration::from_secs(25));
    assert!(pair.client.poll_message().is_some(), "no probe");
    pair.client.tick(pair.now + Duration::from_secs(29));
    assert_eq!(*pair.client.link(), Link::Live);
    pair.client.tick(pair.now + Duration::from_secs(30));
    assert_eq!(*pair.client.link(), Link::Waiting);
    let retry = pair.client.deadline().unwrap();
    pair.client.tick(retry);
    assert_eq!(*pair.client.link(), Link::Connecting);
}

#[test]
fn a_client_that_only_listens_is_heard_of() {
    let (mut pair, toy, _) = live();
    let start = pair.now;
    for second in 1..=100 {
        pair.now = start + Duration::from_secs(second);
        toy.commit(|state| state.push(1));
        pair.settle(&toy);
        pair.client.tick(pair.now);
        pair.server.as_mut().unwrap().tick(pair.now);
    }
    assert_eq!(*pair.client.link(), Link::Live);
}

#[test]
fn the_first_message_is_small() {
    let mut pair = Pair::new(Limits::default());
    for n in 0..100 {
        pair.client.open(&UNIT, vec![n; 200].into(), Box::new(()));
    }
    pair.connect();
    let messages: Vec<_> = std::iter::from_fn(|| pair.client.poll_message()).collect();
    assert!(messages.len() == 2 && messages[0].len() <= 8 << 10, "{} messages", messages.len());
}

#[test]
fn a_goodbye_names_the_delay_and_a_refused_token_stops() {
    let (mut pair, toy, _) = live();
    pair.server.as_mut().unwrap().goodbye(GoodbyeCode::Shutdown, "", Some(Duration::from_secs(3)));
    pair.settle(&toy);
    let delay = pair.client.deadline().unwrap() - pair.now;
    assert!(delay >= Duration::from_secs(3) && delay <= Duration::from_millis(3_500), "{delay:?}");
    pair.connect();
    pair.settle(&toy);
    pair.server.as_mut().unwrap().goodbye(GoodbyeCode::Unauthenticated, "expired", None);
    pair.settle(&toy);
    assert!(matches!(pair.client.link(), Link::Stopped { code: GoodbyeCode::Unauthenticated, .. }));
    assert_eq!(pair.client.deadline(), None);
}

#[test]
fn random_schedules_show_only_true_values_in_order() {
    for seed in 0..300 {
        run_schedule(seed);
    }
}

fn run_schedule(seed: u64) {
    let mut random = Random(seed);
    let limits = Limits { snapshot_chunk_bytes: 16, ..Limits::default() };
    let poisoned = Arc::new(Mutex::new(0));
    let mut pair = Pair::new(limits);
    let mut toys = vec![Toy::new(1, 1)];
    let handle = pair.subscribe(poisoned.clone());
    let mut watch = Watch { seed, handle, last: None, is_ready: false, committed: BTreeMap::new() };
    let mut is_wanted = true;
    pair.connect();
    for _ in 0..400 {
        let toy = toys.last().unwrap().clone();
        match random.below(32) {
            0..4 => {
                for _ in 0..=random.below(4) {
                    let byte = random.below(5) as u8;
                    toy.commit(|state| if byte == 0 { state.truncate(state.len() / 2) } else { state.push(byte) });
                }
            }
            4 => {
                toy.commit(|_| {});
            }
            5 => toy.cut_log(),
            6 => toy.inner.lock().unwrap().merge = 1 + random.below(5),
            7 => pair.cut(),
            8 if random.below(4) == 0 => {
                pair.cut();
                toys.push(Toy::new(1, toys.len() as u128 + 1));
            }
            9 => *poisoned.lock().unwrap() = 1,
            10 => {
                is_wanted = !is_wanted;
                if is_wanted { pair.client.subscribe(handle) } else { pair.client.unsubscribe(handle) }
            }
            11 | 12 => {
                pair.client.call(pair.now, handle, 1, Bytes::new(), Duration::from_secs(3_600));
            }
            13 | 14 if !pair.running.is_empty() => {
                let at = random.below(pair.running.len() as u64) as usize;
                let (id, _) = pair.running.remove(at);
                watch.committed.insert(id, (toy.epoch, toy.commit(|state| state.push(9))));
                pair.finish(id, Outcome::Done(Bytes::new()));
            }
            15..18 if pair.server.is_none() => pair.connect(),
            18..25 => {
                pair.step_up(&toy);
            }
            _ => {
                pair.step_down();
            }
        }
        for update in pair.updates() {
            watch.check(&pair, &toys, &update, is_wanted);
        }
        pair.now += Duration::from_millis(random.below(20));
    }
    *poisoned.lock().unwrap() = 0;
    if pair.server.is_none() {
        pair.connect();
    }
    pair.client.subscribe(handle);
    let toy = toys.last().unwrap();
    pair.settle(toy);
    if !matches!(pair.client.status(handle), Status::Failed { .. }) {
        assert_eq!(pair.client.version(handle), Some((toy.epoch, toy.version())), "seed {seed} does not converge");
        assert_eq!(pair.value(handle), toy.state(toy.version()), "seed {seed}");
    }
    assert!(!matches!(pair.client.link(), Link::Waiting), "seed {seed}: a core broke the protocol");
}

/// Looks at every update of one schedule.
struct Watch {
    seed: u64,
    handle: Handle,
    last: Option<(Uuid, u64)>,
    is_ready: bool,
    /// What the handler of each call committed.
    committed: BTreeMap<u32, (Uuid, u64)>,
}

impl Watch {
    fn check(&mut self, pair: &Pair, toys: &[Arc<Toy>], update: &Update, is_wanted: bool) {
        let seed = self.seed;
        let held = pair.client.version(self.handle);
        match update {
            Update::State { epoch, version, .. } => {
                let is_newer = self.last.is_none_or(|last| last.0 != *epoch || last.1 < *version);
                assert!(is_newer, "seed {seed}: version {version} after {:?}", self.last);
                self.last = Some((*epoch, *version));
                if held == self.last {
                    let toy = toys.iter().find(|toy| toy.epoch == *epoch).unwrap();
                    assert_eq!(pair.value(self.handle), toy.state(*version), "seed {seed}: wrong value at {version}");
                }
            }
            Update::Status(_, status) => self.is_ready = *status == Status::Ready,
            // A client that does not hold the view waits for nothing.
            Update::Reply { call, result: Ok(_) } if is_wanted && self.is_ready => {
                // What was shown before the answer, not what the rest of the message brought.
                let (epoch, committed) = self.committed[call];
                let shown = self.last.filter(|last| last.0 == epoch).map(|last| last.1);
                assert!(shown.is_none_or(|shown| shown >= committed), "seed {seed}: {shown:?} < {committed}");
            }
            _ => {}
        }
    }
}
