//! Random frames, whole or damaged, into both cores: nothing panics, nothing grows without end, nothing is asked of the
//! application before the client is known.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use super::toy::{Pair, Random, Toy, ToyPipe, UNIT};
use crate::protocol::client::Link;
use crate::protocol::envelope::{MessageBuilder, delta_frame};
use crate::protocol::frames::{ClientFrame, ServerFrame};
use crate::protocol::generated::session::v1::{
    Advance, Call, CallCode, CallFailure, CallResult, Cancel, Close, Credit, End, EventFrame, Goodbye, GoodbyeCode,
    Hello, Item, Listen, Listening, Open, OpenCode, OpenRefused, Opened, Ping, Pong, Reset, Seen, Send, SnapshotChunk,
    Subscribe, Subscribed, Unlisten, Unsubscribe, Unsubscribed, Welcome,
};
use crate::protocol::limits::Limits;
use crate::protocol::seen::encode_seen;
use crate::protocol::server::{Outcome, Request, ServerCore, Target};

impl Random {
    fn small(&mut self) -> u32 {
        self.below(4) as u32
    }

    fn bytes(&mut self) -> Bytes {
        (0..self.below(6)).map(|_| self.below(256) as u8).collect()
    }

    fn client_frame(&mut self) -> ClientFrame {
        // Few enough channels to meet again, enough not to end the connection each time.
        let (ch, id, event) = (self.below(24) as u32, self.small(), self.below(24) as u32);
        let digest = Bytes::copy_from_slice(&UNIT.short_digest());
        match self.below(18) {
            0 if id == 0 && event == 0 => Hello { protocol: 1, token: None, client: String::new() }.into(),
            0..4 => Open { ch: ch + self.small(), name: UNIT.name.to_owned(), digest, key: self.bytes() }.into(),
            4 => Subscribe { ch, epoch: None, version: self.below(9), level: id }.into(),
            5 => Subscribe { ch, epoch: Some(Uuid::from_u128(1)), version: self.below(9), level: 0 }.into(),
            6 => Unsubscribe { ch }.into(),
            7 | 8 => {
                let id = self.below(4_000) as u32;
                let (streams, items, bytes) = (self.below(2) == 0, self.small(), self.small());
                let id = if streams { id % 8 } else { id };
                let args = self.bytes();
                Call { ch, id, method: event, args, deadline_ms: id, key: None, streams, items, bytes }.into()
            }
            9 => Cancel { id }.into(),
            10 => Send { ch, method: id, args: self.bytes() }.into(),
            11 => Listen { ch, event, key: self.bytes() }.into(),
            12 => Unlisten { ch, event, key: self.bytes() }.into(),
            13 if event == 0 => Item { id: self.below(8) as u32, body: self.bytes() }.into(),
            14 if event == 0 => End { id: self.below(8) as u32 }.into(),
            15 => Credit { id: id + 100, items: u32::MAX, bytes: u32::MAX }.into(),
            _ if id == 0 => Close { ch }.into(),
            _ => Ping { n: id }.into(),
        }
    }

    fn server_frame(&mut self) -> Bytes {
        let (ch, view, id, n) = (self.small(), self.small(), self.small(), self.below(9));
        let epoch = Uuid::from_u128(u128::from(id));
        let seen = encode_seen(&[Seen { view, version: n }]);
        let reset = Reset::from_number(ch as u8);
        let frame: ServerFrame = match self.below(21) {
            0..5 => return delta_frame(view, n, n + u64::from(id), &self.bytes()),
            5 => Opened { ch, digest: self.bytes() }.into(),
            6 => {
                let code = OpenCode::from_number(n as u8);
                OpenRefused { ch, code, message: String::new(), digest: Some(self.bytes()) }.into()
            }
            7..9 => Subscribed { ch, view, epoch, version: n, reset, level: 0 }.into(),
            9..11 => SnapshotChunk { view, version: n, last: id != 0, bytes: self.bytes() }.into(),
            11 => Advance { view, steps: if n == 0 { u64::MAX } else { n } }.into(),
            12 => Unsubscribed { ch }.into(),
            13 => CallResult { id, body: self.bytes(), seen }.into(),
            14 => {
                let code = CallCode::from_number(n as u8);
                CallFailure { id, code, body: self.bytes(), message: String::new(), seen, ..Default::default() }.into()
            }
            15 => Listening { ch, event: 9, stream: view, denied: id == 0, key: Bytes::new() }.into(),
            16 | 17 => EventFrame { stream: view, version: n, body: self.bytes() }.into(),
            18 if id == 0 => Goodbye { code: GoodbyeCode::from_number(n as u8), ..Goodbye::default() }.into(),
            18 if id == 1 => Welcome { max_message_bytes: n as u32, ..Welcome::default() }.into(),
            18 => Ping { n: id }.into(),
            19 if id == 0 => Item { id: n as u32, body: self.bytes() }.into(),
            19 => Credit { id: n as u32, items: u32::MAX, bytes: id }.into(),
            _ => Pong { n: id }.into(),
        };
        frame.encode()
    }

    /// Mostly whole frames in one message; sometimes a byte of it is another or the end is missing.
    fn message(&mut self, mut frame: impl FnMut(&mut Self) -> Bytes) -> Bytes {
        let mut message = MessageBuilder::new();
        (0..=self.below(3)).for_each(|_| message.push(&frame(self)));
        let mut message = message.finish().unwrap().to_vec();
        let at = self.below(message.len() as u64) as usize;
        match self.below(40) {
            0 => message[at] = self.below(256) as u8,
            1 => message.truncate(at),
            _ => {}
        }
        message.into()
    }
}

#[test]
fn a_server_core_survives_any_client() {
    let mut n_live = 0;
    for seed in 0..500 {
        let mut random = Random(seed);
        let limits = Limits { hard_queue_bytes: 4_000, soft_queue_bytes: 2_000, max_calls: 8, ..Limits::default() };
        let mut core = ServerCore::new(Arc::new(limits), Duration::ZERO, Duration::ZERO);
        let toy = Toy::new(1, 1);
        let hello = Hello { protocol: 1, ..Hello::default() };
        core.receive(Duration::ZERO, &ClientFrame::from(hello).encode());
        let mut is_known = false;
        for step in 0..60 {
            let now = Duration::from_millis(step * 20);
            let message = random.message(|random| random.client_frame().encode());
            core.receive(now, &message);
            toy.commit(|state| state.push(step as u8));
            while let Some(request) = core.poll_request() {
                assert_eq!(is_known, !matches!(request, Request::Authenticate { .. }), "seed {seed}: {request:?}");
                match request {
                    Request::Authenticate { .. } => {
                        core.authenticated(now, Ok(()));
                        is_known = true;
                    }
                    Request::Open { ch, .. } if random.below(4) > 0 => {
                        let (digest, view) = (Bytes::new(), Some(toy.clone() as _));
                        core.opened(ch, Ok(Target { instance: random.below(9), digest, view }));
                    }
                    Request::Call { id, streams: true, .. } => {
                        let pipe = Arc::<ToyPipe>::default();
                        pipe.lock().to_caller.extend((0..random.below(4)).map(|_| random.bytes()));
                        pipe.lock().grant = Some((random.below(3) as u32, 9));
                        core.stream(id, pipe);
                        if random.below(2) > 0 {
                            core.finished(id, Outcome::Done(random.bytes()));
                        }
                    }
                    Request::Call { id, .. } if random.below(2) > 0 => {
                        core.finished(id, Outcome::Done(random.bytes()));
                    }
                    Request::Listen { ch, event, key } => core.listening(ch, event, key, Some(event)),
                    _ => {}
                }
            }
            n_live += u32::from(core.is_live());
            core.tick(now);
            let n_bytes: usize =
                (0..random.below(4)).map_while(|_| core.poll_message()).map(|message| message.len()).sum();
            assert!(n_bytes < 100_000, "seed {seed}: {n_bytes} bytes");
        }
    }
    assert!(n_live > 3_000, "the noise never gets past the first frames: {n_live}");
}

#[test]
fn a_client_core_survives_any_server() {
    let mut n_live = 0;
    for seed in 0..500 {
        let mut random = Random(seed);
        let (mut pair, toy) = (Pair::new(Limits::default()), Toy::new(1, 1));
        let handle = pair.subscribe(Arc::default());
        pair.client.listen(handle, 9, Bytes::new());
        pair.connect();
        pair.settle(&toy);
        for step in 0..60 {
            let call = pair.client.call(pair.now, handle, 1, Bytes::new(), Duration::from_secs(step));
            if random.below(4) == 0 {
                pair.client.call_stream(pair.now, handle, 1, Bytes::new(), (random.small(), 5), None);
                pair.client.send_item(call, random.bytes());
            }
            let message = random.message(Random::server_frame);
            pair.client.receive(pair.now, &message);
            pair.now += Duration::from_millis(100 * random.below(20));
            pair.client.tick(pair.now);
            while pair.client.poll_message().is_some() {}
            pair.updates();
            n_live += u32::from(*pair.client.link() == Link::Live);
            if matches!(pair.client.link(), Link::Connecting | Link::Waiting) {
                pair.connect();
                pair.settle(&toy);
            }
        }
    }
    assert!(n_live > 10_000, "the noise ends every connection: {n_live}");
}
