//! Views: one encoding for all readers of a level, steps, and when a snapshot is the better step.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use restream::Level;
use restream::store::{ResetReason, Resume, Step, Store, StoreLimits, ViewNumber};

use super::{ADMIN, PUBLIC, Replica, open_frame, view};
use crate::sample::{BoardState, Folder, Mark};

fn board() -> Store<BoardState> {
    Store::new(BoardState { cells: [Mark::Empty; 9].into(), ..BoardState::default() }).unwrap()
}

fn place(store: &Store<BoardState>, cell: u32) {
    store.update(|board| board.cells_mut().set(cell, Mark::X)).unwrap();
}

#[test]
fn readers_of_a_level_share_bytes() {
    let store = board();
    let (one, other) = (view(&store, PUBLIC), view(&store, PUBLIC));
    assert!(Arc::ptr_eq(&one, &other));
    place(&store, 0);
    let (Step::Delta { frame, .. }, Step::Delta { frame: same, .. }) = (one.next(0), other.next(0)) else {
        panic!("both get a delta")
    };
    assert_eq!(frame.bytes().as_ptr(), same.bytes().as_ptr());
    assert_eq!(one.snapshot().1.as_ptr(), other.snapshot().1.as_ptr());
}

#[test]
fn a_frame_begins_with_view_and_version() {
    let store = board();
    let view = view(&store, PUBLIC);
    for turn in 0..=130 {
        store.update(|board| board.set_open(turn % 2 == 0)).unwrap();
    }
    let Step::Delta { to, frame } = view.next(130) else { panic!("must be a delta") };
    assert_eq!((to, frame.bytes().len() - frame.delta().len()), (131, 3));
    assert_eq!(open_frame(&frame, 7, 130).0, 1);
}

/// Hands out numbers and takes them back.
#[derive(Default)]
struct Numbers {
    next: AtomicU32,
    returned: Mutex<Vec<u32>>,
}

struct Lease(u32, Arc<Numbers>);

impl ViewNumber for Lease {
    fn get(&self) -> u32 {
        self.0
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.1.returned.lock().unwrap_or_else(PoisonError::into_inner).push(self.0);
    }
}

#[test]
fn a_view_goes_with_its_last_reader_and_returns_its_number() {
    let store = board();
    let numbers = Arc::new(Numbers::default());
    let take = || -> Box<dyn ViewNumber> {
        Box::new(Lease(numbers.next.fetch_add(1, Ordering::SeqCst), Arc::clone(&numbers)))
    };
    let returned = || numbers.returned.lock().unwrap().clone();
    let (one, other, admin) = (store.view(PUBLIC, &take), store.view(PUBLIC, &take), store.view(ADMIN, &take));
    assert_eq!((one.number(), other.number(), admin.number()), (0, 0, 1));
    drop(one);
    assert!(returned().is_empty());
    drop(other);
    assert_eq!(returned(), [0]);
    assert_eq!(store.view(PUBLIC, &take).number(), 2);
}

#[test]
fn what_a_level_does_not_see_only_moves_its_version() {
    let store = board();
    let (public, admin) = (view(&store, PUBLIC), view(&store, ADMIN));
    for n in 0..3 {
        store.update(|board| board.set_secret(Some(format!("canary {n}")))).unwrap();
    }
    place(&store, 1);
    assert_eq!(public.next(0), Step::Advance { to: 3 });
    assert!(matches!(public.next(3), Step::Delta { to: 4, .. }));
    assert_eq!(public.next(4), Step::UpToDate);
    assert!(matches!(admin.next(0), Step::Delta { to: 1, .. }));
    let (_, bytes) = public.snapshot();
    assert!(!bytes.windows(6).any(|window| window == b"canary"));
    assert!(admin.snapshot().1.windows(6).any(|window| window == b"canary"));
    assert_eq!((public.level(), public.epoch(), public.version()), (PUBLIC, store.epoch(), 4));
}

#[test]
fn a_reader_goes_on_from_where_it_was() {
    let store = board();
    let view = view(&store, PUBLIC);
    let mut replica = Replica::<BoardState>::join(Arc::clone(&view));
    for cell in 0..9 {
        place(&store, cell);
    }
    assert_eq!(view.resume(store.epoch(), replica.version), Resume::Resumed);
    assert_eq!(view.resume(store.epoch(), 9), Resume::Resumed);
    replica.follow();
    assert_eq!((replica.version, replica.state), (9, store.snapshot()));
}

#[test]
fn a_reader_of_another_history_starts_again() {
    let (store, other) = (board(), board());
    place(&store, 0);
    let view = view(&store, PUBLIC);
    assert_eq!(view.resume(other.epoch(), 0), Resume::Reset(ResetReason::Epoch));
    assert_eq!(view.resume(store.epoch(), 2), Resume::Reset(ResetReason::Compacted), "no such version yet");
    assert_eq!(view.next(2), Step::Reset(ResetReason::Compacted));
}

#[test]
fn behind_the_log_there_is_a_snapshot() {
    let limits = StoreLimits { log_versions: 4, ..StoreLimits::default() };
    let store = Store::with_limits(BoardState::default(), limits, Instant::now).unwrap();
    let view = view(&store, PUBLIC);
    for _ in 0..10 {
        store.update(|board| board.cells_mut().push(Mark::O)).unwrap();
    }
    assert_eq!(view.next(5), Step::Reset(ResetReason::Compacted));
    assert_eq!(view.resume(store.epoch(), 5), Resume::Reset(ResetReason::Compacted));
    assert!(matches!(view.next(6), Step::Delta { to: 7, .. }));
    let (version, _) = view.snapshot();
    assert_eq!(version, 10);
}

#[test]
fn old_deltas_go() {
    let limits = StoreLimits { log_age: Duration::ZERO, ..StoreLimits::default() };
    let store = Store::with_limits(BoardState::default(), limits, ticking).unwrap();
    let view = view(&store, PUBLIC);
    for _ in 0..3 {
        store.update(|board| board.cells_mut().push(Mark::O)).unwrap();
    }
    assert_eq!(view.next(1), Step::Reset(ResetReason::Compacted));
    assert!(matches!(view.next(2), Step::Delta { to: 3, .. }), "the newest stays");
}

/// A clock that moves whenever it is read.
fn ticking() -> Instant {
    static START: Mutex<Option<(Instant, u32)>> = Mutex::new(None);
    let mut start = START.lock().unwrap();
    let (begin, ticks) = start.get_or_insert_with(|| (Instant::now(), 0));
    *ticks += 1;
    *begin + Duration::from_secs(1) * *ticks
}

#[test]
fn deltas_longer_than_the_state_become_a_snapshot() {
    let store = Store::new(Folder::default()).unwrap();
    let view = view(&store, PUBLIC);
    for n in 0..10_u8 {
        store.update(|folder| folder.set_name(char::from(b'a' + n).to_string().repeat(1_000))).unwrap();
    }
    assert_eq!(view.next(0), Step::Reset(ResetReason::Compacted));
    assert_eq!(view.resume(store.epoch(), 0), Resume::Reset(ResetReason::Compacted));
    assert!(matches!(view.next(9), Step::Delta { .. }), "one step is never replaced");
    assert!(matches!(view.next(8), Step::Delta { .. }), "nor is what hardly costs more");
}

#[test]
fn what_a_level_does_not_see_does_not_count_against_its_deltas() {
    let store = Store::new(Folder::default()).unwrap();
    let (public, admin) = (view(&store, Level(99)), view(&store, ADMIN));
    for n in 0..10_u8 {
        store.update(|folder| folder.secrets_mut().insert(0, n.to_string().repeat(1_000))).unwrap();
    }
    assert_eq!(public.next(0), Step::Advance { to: 10 });
    assert_eq!(admin.next(0), Step::Reset(ResetReason::Compacted));
}
