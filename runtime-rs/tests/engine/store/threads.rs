//! Writers and readers on threads of their own.

use std::sync::mpsc;
use std::sync::{Arc, Barrier};
use std::thread;

use restream::store::{Step, Store};

use super::{PUBLIC, Replica, open_frame, view};
use crate::sample::{BoardState, Mark, Player};

const COMMITS: u32 = 300;

/// Commits that depend on each other, so that a lost or repeated one shows.
fn write(store: &Store<BoardState>, name: &str) {
    for n in 0..COMMITS {
        store
            .update(|board| {
                board.cells_mut().push(Mark::X);
                board.players_mut().insert(format!("{name}{}", n % 7), Player { hp: n as u16, ..Player::default() });
            })
            .unwrap();
    }
}

#[test]
fn two_writers_and_their_readers() {
    let store = Store::new(BoardState::default()).unwrap();
    let start = Arc::new(Barrier::new(5));
    thread::scope(|scope| {
        for name in ["a", "b"] {
            let (store, start) = (&store, Arc::clone(&start));
            scope.spawn(move || {
                start.wait();
                write(store, name);
            });
        }
        for _ in 0..3 {
            let (store, start) = (&store, Arc::clone(&start));
            scope.spawn(move || {
                let (wake, woken) = mpsc::channel();
                let _guard = store.on_commit(Arc::new(move || {
                    // A call may be under way when the reader goes.
                    let _ = wake.send(());
                }));
                start.wait();
                let mut reader = Replica::<BoardState>::join(view(store, PUBLIC));
                while reader.version < u64::from(2 * COMMITS) {
                    let before = reader.version;
                    reader.follow();
                    assert!(reader.version >= before);
                    assert_eq!(reader.state.cells.len() as u64, reader.version, "no commit lost, none twice");
                    if reader.version < u64::from(2 * COMMITS) {
                        woken.recv().unwrap();
                    }
                }
                assert_eq!(reader.state, store.snapshot());
            });
        }
    });
    assert_eq!(store.version(), u64::from(2 * COMMITS));
}

#[test]
fn deltas_of_two_writers_are_consecutive() {
    let store = Store::new(BoardState::default()).unwrap();
    let public = view(&store, PUBLIC);
    thread::scope(|scope| {
        for name in ["a", "b"] {
            let store = &store;
            scope.spawn(move || write(store, name));
        }
    });
    // From close to the end, where deltas are shorter than a snapshot.
    let from = store.version() - 50;
    for version in from..store.version() {
        let Step::Delta { to, frame } = public.next(version) else { panic!("no delta from {version}") };
        assert_eq!((to, open_frame(&frame, 7, version).0), (version + 1, 1));
    }
}
