//! Random changes of a board against clients of two levels that come and go: what a client reports is what was.

use std::collections::BTreeMap;

use restream::Instance;
use restream::protocol::client::Handle;

use crate::harness::{Client, TestServer};
use crate::sample::{BoardState, Mark, Move, Player, Shape};
use crate::unit::{BoardKey, BoardUnit};

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn mark(&mut self) -> Mark {
        Mark::from_number(self.below(4) as u8)
    }

    fn player(&mut self) -> Player {
        Player { name: "n".repeat(self.below(5)), hp: self.below(3) as u16 * 50, online: self.below(2) == 0 }
    }
}

/// One commit of a few edits, each of another kind of field.
fn edit(random: &mut Random, board: &Instance<BoardUnit>) {
    let edited = board.update(|b| {
        for _ in 0..=random.below(3) {
            match random.below(11) {
                0 => b.set_turn(random.mark()),
                1 => b.set_secret((random.below(2) == 0).then(|| format!("secret {}", random.below(9)))),
                2 => b.set_home(random.player()),
                3 => b.home_mut().set_hp(random.below(200) as u16),
                4 => b.set_guest((random.below(3) > 0).then(|| random.player())),
                5 => {
                    if let Some(mut guest) = b.guest_mut() {
                        guest.set_online(random.below(2) == 0);
                    }
                }
                6 => b.set_shape((random.below(2) == 0).then_some(Shape::Circle { radius: random.below(3) as f64 })),
                7 => {
                    let (at, by) = (random.below(b.cells.len()), random.mark());
                    b.cells_mut().set(at, by);
                }
                8 => {
                    let n_moves = b.moves.len();
                    let (at, removed) = (random.below(n_moves + 1), random.below(2));
                    let end = n_moves.min(at + removed);
                    let inserted: Vec<Move> =
                        (0..random.below(3)).map(|_| Move { cell: random.below(9) as u8, by: random.mark() }).collect();
                    b.moves_mut().splice(at..end, inserted);
                }
                9 => {
                    let (name, player) = (random.below(8).to_string(), random.player());
                    if random.below(3) == 0 {
                        b.players_mut().remove(&name);
                    } else {
                        b.players_mut().insert(name, player);
                    }
                }
                _ => {
                    if let Some(mut player) = b.players_mut().get_mut(&random.below(8).to_string()) {
                        player.set_hp(random.below(200) as u16);
                    }
                }
            }
        }
    });
    edited.unwrap();
}

/// What a client reported, beside what the server had.
struct Watched {
    client: Client,
    handle: Handle,
    is_admin: bool,
    n_values: usize,
}

impl Watched {
    fn new(server: &TestServer, is_admin: bool) -> Self {
        let mut client = server.client(Some(if is_admin { "admin" } else { "ann" }));
        let handle = client.board("one");
        Self { client, handle, is_admin, n_values: 0 }
    }

    fn follow(&mut self, to: u64, states: &BTreeMap<u64, BoardState>) {
        loop {
            if let Some((_, version)) = self.client.version(self.handle) {
                let mut expected = states[&version].clone();
                if !self.is_admin {
                    expected.secret = None;
                }
                assert_eq!(self.client.value::<BoardUnit>(self.handle), Some(&expected), "at version {version}");
                self.n_values += 1;
                if version >= to {
                    return;
                }
            }
            self.client.step();
        }
    }
}

#[test]
fn every_value_that_a_client_reports_is_a_true_one() {
    for seed in 0..6 {
        let server = TestServer::start();
        let board = server.runtime.block_on(server.boards.open(&BoardKey { game: "one".to_owned() })).unwrap();
        let mut random = Random(seed);
        let mut states = BTreeMap::from([(0, board.snapshot())]);
        let mut clients = [Watched::new(&server, true), Watched::new(&server, false)];
        for _ in 0..40 {
            for _ in 0..=random.below(12) {
                edit(&mut random, &board);
                states.insert(board.version(), board.snapshot());
            }
            for watched in &mut clients {
                match random.below(4) {
                    0 => {}
                    1 => {
                        watched.client.cut();
                        watched.client.connect(server.address());
                        watched.follow(board.version(), &states);
                    }
                    _ => watched.follow(board.version(), &states),
                }
            }
        }
        for watched in &mut clients {
            watched.follow(board.version(), &states);
            assert!(watched.n_values > 30);
            assert!(board.version() > 30, "the edits change nothing");
        }
    }
}
