//! What makes a version and what does not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use restream::store::{Store, StoreLimits};
use restream::{List, Map, RefusalCode, Refused};

use crate::sample::{BoardState, BoardStatePatch, Folder, Mark, Player, PlayerPatch};

fn board() -> Store<BoardState> {
    Store::new(BoardState { cells: [Mark::Empty; 9].into(), ..BoardState::default() }).unwrap()
}

#[test]
fn a_store_begins_at_version_0_of_its_own_epoch() {
    let (one, other) = (board(), board());
    assert_eq!((one.version(), other.version()), (0, 0));
    assert_ne!(one.epoch(), other.epoch());
}

#[test]
fn each_way_to_change_makes_a_version() {
    let store = board();
    assert_eq!(store.update(|board| board.set_turn(Mark::O)), Ok(()));
    assert_eq!(store.patch(BoardStatePatch::new().open(true)), Ok(()));
    assert_eq!(store.replace(BoardState { guest: Some(Player::default()), ..store.snapshot() }), Ok(()));
    assert_eq!(store.version(), 3);
    let wanted = BoardState {
        cells: [Mark::Empty; 9].into(),
        turn: Mark::O,
        open: true,
        guest: Some(Player::default()),
        ..BoardState::default()
    };
    store.read(|board| assert_eq!(board, &wanted));
}

#[test]
fn the_example_reads_as_it_should() {
    fn place(board: &Store<BoardState>, cell: u8) -> Result<Mark, Refused> {
        board.try_update(|b| {
            let by = b.turn;
            match b.cells.get(cell) {
                None => return Err(Refused::invalid("off the board")),
                Some(&mark) if mark != Mark::Empty => return Err(Refused::invalid("taken")),
                Some(_) => b.cells_mut().set(cell, by),
            }
            b.set_turn(if by == Mark::X { Mark::O } else { Mark::X });
            Ok(by)
        })
    }
    let store = board();
    assert_eq!(place(&store, 4), Ok(Mark::X));
    assert_eq!(place(&store, 4), Err(Refused::invalid("taken")));
    assert_eq!(place(&store, 9), Err(Refused::invalid("off the board")));
    assert_eq!(place(&store, 0), Ok(Mark::O));
    assert_eq!(store.version(), 2);
}

#[test]
fn what_changes_nothing_is_no_commit() {
    let store = board();
    let woken = Arc::new(AtomicU64::new(0));
    let _guard = store.on_commit(count(&woken));
    let nothing = [
        store.update(|_| ()),
        store.update(|board| board.set_turn(Mark::X)),
        store.update(|board| {
            board.set_open(true);
            board.set_open(false);
        }),
        store.update(|board| assert!(board.players_mut().get_mut("nobody").is_none())),
        store.patch(BoardStatePatch::new()),
        store.patch(BoardStatePatch::new().turn(Mark::X).home_patch(PlayerPatch::new().hp(100))),
        store.replace(store.snapshot()),
        store.replace(BoardState { cells: [Mark::Empty; 9].into(), ..BoardState::default() }),
    ];
    assert!(nothing.iter().all(Result::is_ok));
    assert_eq!((store.version(), woken.load(Ordering::SeqCst)), (0, 0));
}

fn count(calls: &Arc<AtomicU64>) -> restream::store::Wake {
    let calls = Arc::clone(calls);
    Arc::new(move || {
        calls.fetch_add(1, Ordering::SeqCst);
    })
}

#[test]
fn commits_wake_until_the_guard_is_dropped() {
    let store = board();
    let woken = Arc::new(AtomicU64::new(0));
    let guard = store.on_commit(count(&woken));
    store.update(|board| board.set_open(true)).unwrap();
    assert_eq!(woken.load(Ordering::SeqCst), 1);
    drop(guard);
    store.update(|board| board.set_open(false)).unwrap();
    assert_eq!(woken.load(Ordering::SeqCst), 1);
}

#[test]
fn a_wake_may_use_the_store_and_its_registrations() {
    let store = board();
    let inner = store.clone();
    let again = Arc::new(AtomicU64::new(0));
    let (calls, seen) = (Arc::clone(&again), Arc::new(AtomicU64::new(0)));
    let last_seen = Arc::clone(&seen);
    let _guard = store.on_commit(Arc::new(move || {
        drop(inner.on_commit(count(&calls)));
        last_seen.store(inner.version(), Ordering::SeqCst);
        if inner.version() < 3 {
            inner.update(|board| board.players_mut().insert(inner.version().to_string(), Player::default())).unwrap();
        }
    }));
    store.update(|board| board.set_open(true)).unwrap();
    assert_eq!((store.version(), seen.load(Ordering::SeqCst)), (3, 3));
}

#[test]
fn an_error_commits_nothing() {
    let store = board();
    let result: Result<(), Refused> = store.try_update(|board| {
        board.cells_mut().clear();
        board.set_turn(Mark::O);
        Err(Refused::denied("no"))
    });
    assert_eq!(result, Err(Refused::denied("no")));
    assert_eq!((store.version(), store.read(|board| (board.cells.len(), board.turn))), (0, (9, Mark::X)));
}

#[test]
fn a_panic_commits_nothing_and_the_store_goes_on() {
    let store = board();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.update(|board| {
            board.set_turn(Mark::O);
            board.cells_mut().set(99, Mark::X);
        })
    }));
    assert!(panicked.is_err());
    assert_eq!((store.version(), store.read(|board| board.turn)), (0, Mark::X));
    store.update(|board| board.set_turn(Mark::O)).unwrap();
    assert_eq!(store.version(), 1);
}

#[test]
fn a_patch_that_does_not_fit_is_refused_whole() {
    let store = board();
    let patch = BoardStatePatch::new().turn(Mark::O).guest_patch(PlayerPatch::new().hp(1));
    assert_eq!(store.patch(patch).unwrap_err().code, RefusalCode::Invalid);
    assert_eq!((store.version(), store.read(|board| board.turn)), (0, Mark::X));
}

#[test]
fn a_change_inside_a_change_is_refused() {
    let (store, other) = (board(), board());
    let result = store.update(|board| {
        board.set_open(true);
        assert!(!store.read(|board| board.open), "readers see the state before");
        [store.update(|board| board.set_open(false)), other.update(|board| board.set_open(true))]
    });
    for refused in result.unwrap() {
        assert_eq!(refused.unwrap_err().code, RefusalCode::Internal);
    }
    assert!(store.read(|board| board.open));
    other.update(|board| board.set_open(true)).unwrap();
    assert!(other.read(|board| board.open));
}

#[test]
fn a_snapshot_stays_what_it_was() {
    let store = board();
    let before = store.snapshot();
    store.update(|board| board.cells_mut().set(0, Mark::O)).unwrap();
    assert_eq!((before.cells[0], store.snapshot().cells[0]), (Mark::Empty, Mark::O));
}

#[test]
fn a_state_that_readers_would_refuse_is_refused() {
    let limits = || StoreLimits { snapshot_bytes: 1_000, ..StoreLimits::default() };
    let name = |n: usize| Folder { name: "x".repeat(n), ..Folder::default() };
    let code = |result: Result<(), Refused>| result.unwrap_err().code;
    assert!(Store::with_limits(name(1_000), limits(), Instant::now).is_err());

    let store = Store::with_limits(name(900), limits(), Instant::now).unwrap();
    assert_eq!(code(store.update(|folder| folder.set_name("x".repeat(1_001)))), RefusalCode::TooLarge);
    for round in 0..200 {
        store.update(|folder| folder.set_name(round.to_string().repeat(100))).unwrap();
    }
    let files = |n: usize| -> List<List<u8>> { (0..n).map(|_| List::from([0; 90])).collect() };
    assert_eq!(store.update(|folder| folder.set_files(files(6))), Ok(()));
    assert_eq!(code(store.update(|folder| folder.files_mut().extend(files(6)))), RefusalCode::TooLarge);
    assert_eq!(store.version(), 201);
}

#[test]
fn a_state_nested_too_deeply_is_refused() {
    let store = Store::new(Folder::default()).unwrap();
    let deep = |depth: usize| {
        (0..depth).fold(Folder::default(), |inner, _| Folder { parent: Some(Box::new(inner)), ..Folder::default() })
    };
    assert_eq!(store.replace(deep(64)), Ok(()));
    assert_eq!(store.replace(deep(65)).unwrap_err().code, RefusalCode::Depth);
    assert_eq!(store.update(|folder| folder.set_items(List::from([deep(63)]))).unwrap_err().code, RefusalCode::Depth);
    assert_eq!(store.version(), 1);
    assert!(Store::new(deep(65)).is_err());
}

#[test]
fn too_many_elements_are_refused() {
    /// Weighs less than an empty message may.
    const MANY: usize = 40_000;
    let store = Store::new(Folder::default()).unwrap();
    let slots = |n: usize| -> List<Option<Player>> { (0..n).map(|_| None).collect() };
    assert_eq!(store.update(|folder| folder.set_slots(slots(MANY))), Ok(()));
    let more = store.update(|folder| folder.slots_mut().extend(slots(1_000_001 - MANY)));
    assert_eq!(more.unwrap_err().code, RefusalCode::Elements);
    assert_eq!(store.update(|folder| folder.set_slots(List::new())), Ok(()));
    assert_eq!(store.update(|folder| folder.set_slots(slots(MANY))), Ok(()));
}

#[test]
fn maps_and_lists_read_like_those_of_the_standard_library() {
    let store = board();
    store.update(|board| board.set_players(Map::from([("ann".to_owned(), Player::default())]))).unwrap();
    store.read(|board| {
        assert_eq!(board.players["ann"].hp, 100);
        assert_eq!(board.players.get("bob"), None);
        assert_eq!(board.cells.iter().filter(|mark| **mark == Mark::Empty).count(), 9);
        assert_eq!(board.cells, [Mark::Empty; 9]);
    });
}
