//! Stores: commits, the log, and views whose readers end with what the store holds.

mod commits;
mod props;
mod threads;
mod views;

use std::sync::Arc;

use bytes::Bytes;
use restream::Level;
use restream::codec::{Reader, Row, decode};
use restream::delta::{Partial, decode_patch};
use restream::store::{Frame, ResetReason, Step, Store, View};

const PUBLIC: Level = Level(0);
const ADMIN: Level = Level(100);

fn view<S: Partial + Row>(store: &Store<S>, level: Level) -> Arc<dyn View> {
    store.view(level, &|| Box::new(7_u32))
}

/// A reader as a client is one: it knows nothing but the bytes it was given.
struct Replica<S> {
    view: Arc<dyn View>,
    version: u64,
    state: S,
}

impl<S: Partial + Row> Replica<S> {
    fn join(view: Arc<dyn View>) -> Self {
        let (version, bytes) = view.snapshot();
        let state = decode(&bytes).unwrap();
        Self { view, version, state }
    }

    /// Takes one step; false: there was none.
    fn step(&mut self) -> bool {
        match self.view.next(self.version) {
            Step::UpToDate => return false,
            Step::Delta { to, frame } => self.apply(to, &frame),
            Step::Advance { to } => self.version = to,
            Step::Reset(reason) => {
                assert_eq!(reason, ResetReason::Compacted);
                *self = Self::join(Arc::clone(&self.view));
            }
        }
        true
    }

    fn follow(&mut self) {
        while self.step() {}
    }

    fn apply(&mut self, to: u64, frame: &Frame) {
        let (steps, delta) = open_frame(frame, self.view.number(), self.version);
        assert_eq!(self.version + steps, to);
        self.state.apply(&decode_patch::<S>(&delta).unwrap()).unwrap();
        self.version = to;
    }
}

/// Checks the header for a reader that holds `from`; gives the number of versions and the delta.
fn open_frame(frame: &Frame, number: u32, from: u64) -> (u64, Bytes) {
    let mut r = Reader::new(frame.bytes());
    assert_eq!(r.varint().unwrap(), u64::from(number) << 1 | 1);
    let step = r.varint().unwrap();
    assert_eq!(step & 127, from & 127);
    assert_eq!(r.rest(), &frame.delta()[..]);
    (step >> 7, frame.delta())
}
