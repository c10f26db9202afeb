//! What no client may send, frame by frame, and the limits of the server core.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::toy::{Pair, Toy, UNIT};
use crate::protocol::client::{CallError, Status, Update};
use crate::protocol::envelope::{Frame, MessageBuilder, control_frame, delta_frame, split};
use crate::protocol::frames::{ClientFrame, ServerFrame};
use crate::protocol::generated::session::v1::{
    Call, CallCode, Close, Goodbye, GoodbyeCode, Hello, Listen, Open, OpenCode, Ping, Send, Subscribe, Welcome,
};
use crate::protocol::limits::Limits;
use crate::protocol::server::{Ending, OpenRefusal, Outcome, Request, ServerCore, Target};

const T0: Duration = Duration::from_secs(50);

fn core(limits: Limits) -> ServerCore {
    ServerCore::new(Arc::new(limits), T0, T0)
}

fn hello() -> ClientFrame {
    Hello { protocol: 1, token: None, client: "test".to_owned() }.into()
}

/// A core that has welcomed its client.
fn live(limits: Limits) -> ServerCore {
    let mut core = core(limits);
    core.receive(T0, &hello().encode());
    assert!(matches!(core.poll_request(), Some(Request::Authenticate { token: None, .. })));
    core.authenticated(T0, Ok(()));
    assert!(matches!(answers(&mut core)[..], [ServerFrame::Welcome(_)]));
    core
}

fn answers(core: &mut ServerCore) -> Vec<ServerFrame> {
    let mut frames = Vec::new();
    while let Some(message) = core.poll_message() {
        for frame in split(&message).unwrap() {
            let Frame::Control { kind, body } = frame else { panic!("a delta") };
            frames.push(ServerFrame::decode(kind, body).unwrap());
        }
    }
    frames
}

fn batch(frames: &[ClientFrame]) -> Bytes {
    let mut message = MessageBuilder::new();
    frames.iter().for_each(|frame| message.push(&frame.encode()));
    message.finish().unwrap()
}

fn open(ch: u32) -> ClientFrame {
    let digest = Bytes::copy_from_slice(&UNIT.short_digest());
    Open { ch, name: UNIT.name.to_owned(), digest, key: Bytes::new() }.into()
}

fn call(ch: u32, id: u32) -> ClientFrame {
    Call { ch, id, method: 1, ..Call::default() }.into()
}

fn target(instance: u64) -> Result<Target, OpenRefusal> {
    Ok(Target { instance, digest: Bytes::new(), view: Some(Toy::new(instance as u32, 1)) })
}

fn ended(core: &mut ServerCore) -> Option<GoodbyeCode> {
    let code = core.ending()?.code;
    match answers(core).pop() {
        Some(ServerFrame::Goodbye(goodbye)) => assert_eq!(goodbye.code, code),
        other => panic!("the last frame is {other:?}"),
    }
    assert_eq!(core.poll_message(), None);
    Some(code)
}

#[test]
fn what_may_not_come_first_ends_with_a_goodbye() {
    let huge = Hello { protocol: 1, token: Some("x".repeat(9_000)), client: String::new() };
    let old = Hello { protocol: 2, token: None, client: String::new() };
    let cases: [(&str, Bytes, GoodbyeCode); 7] = [
        ("garbage", Bytes::from_static(&[0xff; 40]), GoodbyeCode::Protocol),
        ("nothing", Bytes::new(), GoodbyeCode::Protocol),
        ("another frame", ping(1).encode(), GoodbyeCode::Protocol),
        ("another version", ClientFrame::from(old).encode(), GoodbyeCode::Version),
        ("a huge hello", ClientFrame::from(huge).encode(), GoodbyeCode::TooLarge),
        ("a huge message", Bytes::from(vec![1; 65 << 10]), GoodbyeCode::TooLarge),
        ("a broken hello", control_frame(1, &[3, 0xff]), GoodbyeCode::Protocol),
    ];
    for (name, message, code) in cases {
        let mut core = core(Limits::default());
        core.receive(T0, &message);
        assert_eq!(ended(&mut core), Some(code), "{name}");
        assert_eq!(core.poll_request(), None, "{name}");
    }
}

fn ping(n: u32) -> ClientFrame {
    Ping { n }.into()
}

#[test]
fn what_the_protocol_does_not_allow_ends_with_a_goodbye() {
    let welcome = ServerFrame::from(Welcome::default()).encode();
    let delta = delta_frame(1, 0, 1, b"x");
    let cases: [(&str, Bytes); 8] = [
        ("a second hello", hello().encode()),
        ("a server's frame", welcome),
        ("a delta", delta),
        ("an unknown kind", control_frame(99, &[])),
        ("a body that is no row", control_frame(6, &[0x03])),
        ("a channel in use", batch(&[open(1), open(1)])),
        ("channel 0", open(0).encode()),
        ("a call id in use", batch(&[open(1), call(1, 1), call(1, 1)])),
    ];
    for (name, message) in cases {
        let mut core = live(Limits::default());
        core.receive(T0, &message);
        assert_eq!(ended(&mut core), Some(GoodbyeCode::Protocol), "{name}");
    }
}

#[test]
fn a_second_subscription_or_one_to_a_service_is_refused() {
    let subscribe = || ClientFrame::from(Subscribe { ch: 1, ..Subscribe::default() });
    for (target, n_subscriptions) in [(target(1), 2), (Ok(Target { instance: 1, digest: Bytes::new(), view: None }), 1)]
    {
        let mut core = live(Limits::default());
        core.receive(T0, &open(1).encode());
        assert!(core.opened(1, target));
        (0..n_subscriptions).for_each(|_| core.receive(T0, &subscribe().encode()));
        assert_eq!(core.ending().map(|ending| ending.code), Some(GoodbyeCode::Protocol));
    }
}

#[test]
fn no_hello_in_time_and_silence_end_with_timeout() {
    let mut silent = core(Limits::default());
    assert_eq!(silent.deadline(), Some(T0 + Duration::from_secs(5)));
    silent.tick(T0 + Duration::from_millis(4_999));
    assert_eq!(silent.ending(), None);
    silent.tick(T0 + Duration::from_secs(5));
    assert_eq!(ended(&mut silent), Some(GoodbyeCode::Timeout));

    let mut slow_application = core(Limits::default());
    slow_application.receive(T0, &hello().encode());
    slow_application.tick(T0 + Duration::from_secs(5));
    assert_eq!(ended(&mut slow_application), Some(GoodbyeCode::Timeout));

    let mut quiet = live(Limits::default());
    let later = T0 + Duration::from_secs(70);
    quiet.receive(later, &ping(7).encode());
    assert_eq!(quiet.deadline(), Some(later + Duration::from_secs(75)));
    quiet.tick(later + Duration::from_secs(75));
    assert_eq!(ended(&mut quiet), Some(GoodbyeCode::Timeout));
}

#[test]
fn a_refused_token_ends_before_anything_that_came_with_it() {
    let mut core = core(Limits::default());
    core.receive(T0, &batch(&[hello(), open(1)]));
    core.poll_request();
    core.authenticated(T0, Err(Ending { code: GoodbyeCode::Unauthenticated, message: "no".to_owned() }));
    assert_eq!(ended(&mut core), Some(GoodbyeCode::Unauthenticated));
    assert_eq!(core.poll_request(), None);
}

#[test]
fn messages_over_the_rate_end_with_rate() {
    let mut core = live(Limits { message_burst: 3, messages_per_second: 1, ..Limits::default() });
    (0..2).for_each(|n| core.receive(T0, &ping(n).encode()));
    assert_eq!(core.ending(), None);
    core.receive(T0, &ping(3).encode());
    assert_eq!(ended(&mut core), Some(GoodbyeCode::Rate));
}

#[test]
fn one_channel_too_many_and_a_long_key_are_refused() {
    let mut core = live(Limits { max_channels: 1, ..Limits::default() });
    let long_key = Open { ch: 9, name: UNIT.name.to_owned(), digest: Bytes::new(), key: vec![1; 1_025].into() };
    core.receive(T0, &batch(&[long_key.into(), open(1), open(2)]));
    let codes: Vec<_> =
        answers(&mut core)
            .into_iter()
            .map(|frame| {
                if let ServerFrame::Refused(refused) = frame { (refused.ch, refused.code) } else { panic!("{frame:?}") }
            })
            .collect();
    assert_eq!(codes, [(9, OpenCode::InvalidKey), (2, OpenCode::TooMany)]);
}

#[test]
fn an_instance_is_open_once_per_connection() {
    let mut core = live(Limits::default());
    core.receive(T0, &batch(&[open(1), open(2)]));
    assert!(core.opened(1, target(5)));
    assert!(!core.opened(2, target(5)));
    let refused = answers(&mut core).pop();
    assert!(matches!(refused, Some(ServerFrame::Refused(refused)) if refused.code == OpenCode::TooMany));
}

#[test]
fn frames_for_a_channel_that_is_not_open_are_dropped_and_calls_answered() {
    let mut core = live(Limits::default());
    let subscribe = Subscribe { ch: 4, ..Subscribe::default() };
    core.receive(T0, &batch(&[subscribe.into(), Send { ch: 4, ..Send::default() }.into(), call(4, 1)]));
    core.receive(T0, &ClientFrame::from(Listen { ch: 4, event: 9, key: Bytes::new() }).encode());
    let [ServerFrame::Failure(failure), ServerFrame::Listening(listening)] = &answers(&mut core)[..] else { panic!() };
    assert_eq!((failure.code, listening.denied), (CallCode::Unavailable, true));
    assert_eq!(core.poll_request(), None);
}

#[test]
fn what_follows_an_open_waits_for_its_answer_and_calls_keep_their_order() {
    let mut core = live(Limits::default());
    core.receive(T0, &batch(&[open(1), open(2), call(1, 10), Close { ch: 1 }.into(), call(2, 11), call(1, 12)]));
    assert!(core.opened(2, target(2)));
    let is_call = |request: &Request| matches!(request, Request::Call { .. } | Request::Close { .. });
    let requests = |core: &mut ServerCore| -> Vec<Request> { std::iter::from_fn(|| core.poll_request()).collect() };
    assert!(!requests(&mut core).iter().any(is_call), "a call overtook an earlier one");
    assert!(core.opened(1, target(1)));
    let order: Vec<u32> = requests(&mut core)
        .into_iter()
        .map(|request| match request {
            Request::Call { id, .. } => id,
            Request::Close { ch } => ch,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(order, [10, 1, 11]);
    let last = answers(&mut core).pop();
    assert!(
        matches!(last, Some(ServerFrame::Failure(failure)) if (failure.id, failure.code) == (12, CallCode::Unavailable))
    );
}

#[test]
fn too_much_behind_an_open_ends_with_rate() {
    let mut core = live(Limits { max_calls: 10_000, ..Limits::default() });
    core.receive(T0, &open(1).encode());
    for id in 0..20 {
        core.receive(
            T0,
            &ClientFrame::from(Call { ch: 1, id, args: vec![0; 60 << 10].into(), ..Call::default() }).encode(),
        );
    }
    assert_eq!(core.ending().map(|ending| ending.code), Some(GoodbyeCode::Rate));
}

#[test]
fn the_call_after_the_last_allowed_one_is_busy_and_sends_are_dropped() {
    let mut core = live(Limits { max_calls: 2, ..Limits::default() });
    core.receive(T0, &open(1).encode());
    core.opened(1, target(1));
    answers(&mut core);
    core.receive(T0, &batch(&[call(1, 1), call(1, 2), call(1, 3)]));
    assert!(matches!(&answers(&mut core)[..], [ServerFrame::Failure(f)] if (f.id, f.code) == (3, CallCode::Busy)));
    let send = || ClientFrame::from(Send { ch: 1, ..Send::default() });
    core.receive(T0, &batch(&[send(), send(), send()]));
    let n_sends = std::iter::from_fn(|| core.poll_request()).filter(|r| matches!(r, Request::Send { .. })).count();
    assert_eq!(n_sends, 2);
    core.sent();
    core.receive(T0, &send().encode());
    assert!(matches!(core.poll_request(), Some(Request::Send { .. })));
}

#[test]
fn a_large_result_is_too_large_and_a_late_one_deadline() {
    let mut core = live(Limits::default());
    core.receive(T0, &open(1).encode());
    core.opened(1, target(1));
    answers(&mut core);
    let late = Call { ch: 1, id: 2, method: 1, deadline_ms: 500, ..Call::default() };
    core.receive(T0, &batch(&[call(1, 1), late.into(), call(1, 3)]));
    core.finished(1, Outcome::Done(vec![0; (64 << 10) + 1].into()));
    assert_eq!(core.deadline(), Some(T0 + Duration::from_millis(500)));
    core.tick(T0 + Duration::from_millis(500));
    core.tick(T0 + Duration::from_secs(30));
    let codes: Vec<_> = answers(&mut core)
        .into_iter()
        .map(|frame| if let ServerFrame::Failure(failure) = frame { (failure.id, failure.code) } else { panic!() })
        .collect();
    assert_eq!(codes, [(1, CallCode::TooLarge), (2, CallCode::Deadline), (3, CallCode::Deadline)]);
    let cancels = std::iter::from_fn(|| core.poll_request()).filter(|r| matches!(r, Request::Cancel { .. })).count();
    assert_eq!(cancels, 2);
}

#[test]
fn replies_that_pile_up_stop_the_reading_and_then_end_with_slow() {
    let mut core = live(Limits { soft_queue_bytes: 1_000, hard_queue_bytes: 2_000, ..Limits::default() });
    let event = || Bytes::from(vec![0; 600]);
    core.event(event());
    assert!(core.wants_input());
    core.event(event());
    assert!(!core.wants_input());
    assert_eq!(core.deadline(), None, "a client that is not read cannot be silent");
    core.event(event());
    core.event(event());
    assert_eq!(ended(&mut core), Some(GoodbyeCode::Slow));
}

#[test]
fn a_client_that_says_goodbye_is_let_go() {
    let mut core = live(Limits::default());
    core.receive(T0, &ClientFrame::from(Goodbye::default()).encode());
    assert_eq!(core.ending().map(|ending| ending.code), Some(GoodbyeCode::Normal));
    assert_eq!(core.poll_message(), None);
}

#[test]
fn a_newer_client_speaks_for_its_ancestor_and_a_stranger_fails_once() {
    static NEWER: crate::protocol::unit::UnitInfo =
        crate::protocol::unit::UnitInfo { digest: [8; 16], ancestors: &[[7; 16]], ..UNIT };
    static STRANGER: crate::protocol::unit::UnitInfo =
        crate::protocol::unit::UnitInfo { digest: [9; 16], ancestors: &[], ..UNIT };
    let (mut pair, toy) = (Pair::new(Limits::default()), Toy::new(1, 1));
    let replica = || Box::new(super::toy::ToyReplica::default());
    let newer = pair.client.open(&NEWER, Bytes::new(), replica());
    let stranger = pair.client.open(&STRANGER, Bytes::new(), replica());
    pair.client.subscribe(newer);
    pair.connect();
    let updates = pair.settle(&toy);
    assert_eq!(pair.client.status(newer), Status::Ready);
    assert!(matches!(pair.client.status(stranger), Status::Failed { code, .. } if code == "diverged"));
    assert!(!updates.iter().any(|update| matches!(update, Update::Reply { .. })));
    let call = pair.client.call(pair.now, stranger, 1, Bytes::new(), Duration::from_secs(1));
    let is_reply =
        |u: &Update| matches!(u, Update::Reply { call: id, result: Err(CallError::Failed { .. }) } if *id == call);
    assert!(pair.updates().iter().any(is_reply));
}
