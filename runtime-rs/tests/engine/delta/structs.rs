//! Structs with deltas: the wire form, access levels, and values set whole.

use restream::codec::{MAX_DEPTH, Writer};
use restream::delta::{Delta, decode_patch, encode_patch};
use restream::{Change, ErrorCode, Level, Map, MapPatch, Mismatch};

use super::{recorded, replays};
use crate::sample::{BoardState, BoardStatePatch, Folder, FolderPatch, Mark, Move, Player, PlayerPatch, Shape};

fn bytes(patch: &PlayerPatch) -> Vec<u8> {
    encode_patch::<Player>(patch, Level::MAX).unwrap().to_vec()
}

#[test]
fn operations() {
    assert_eq!(bytes(&PlayerPatch::new().name("ab".into())), [0x07, 0b00_00_10, 0x05, b'a', b'b']);
    assert_eq!(bytes(&PlayerPatch::new().hp(100)), [0x07, 0b00_01_00], "to the default");
    assert_eq!(bytes(&PlayerPatch::new().hp(0).online(false)), [0x07, 0b10_10_00, 0x01]);
    assert_eq!(bytes(&PlayerPatch::new().online(true)), [0x07, 0b01_00_00]);
    assert_eq!(encode_patch::<Player>(&PlayerPatch::new(), Level::MAX), None);
}

#[test]
fn nested_operations() {
    let patch = BoardStatePatch::new().home_patch(PlayerPatch::new().hp(0)).guest(None);
    let encoded = encode_patch::<BoardState>(&patch, Level::MAX).unwrap();
    assert_eq!(&encoded[..], [0x13, 0, 0b00_01_11_00, 0, 0x07, 0x07, 0b00_10_00, 0x01]);
    assert_eq!(decode_patch::<BoardState>(&encoded), Ok(patch));
}

#[test]
fn deltas_of_other_generations() {
    let newer = [0x0d, 0b10_00_10_00, 0b00_10, 0x07, 0xff, 0xff];
    assert_eq!(decode_patch::<Player>(&newer), Ok(PlayerPatch::new().hp(3)));
    assert_eq!(decode_patch::<Player>(&[0x03, 0b01]), Ok(PlayerPatch::new().name(String::new())));
}

#[test]
fn bad_deltas_are_refused() {
    let code = |bytes: &[u8]| decode_patch::<Player>(bytes).unwrap_err().code;
    assert_eq!(code(&[0x07, 0b11]), ErrorCode::Op, "a string has no delta");
    assert_eq!(code(&[0x07, 0b11_00_00]), ErrorCode::Op, "nor has a bool");
    assert_eq!(code(&[0x07, 0b0100_0000]), ErrorCode::Padding);
    assert_eq!(code(&[0x07, 0, 0]), ErrorCode::Trailing);
    assert_eq!(code(&[0x07, 0b10]), ErrorCode::Truncated);
}

#[test]
fn drafts_record_the_path() {
    let mut board = BoardState::default();
    let patch = recorded(&mut board, |board| {
        board.set_turn(Mark::O);
        board.cells_mut().extend([Mark::Empty; 9]);
        board.home_mut().set_name("ann".into());
        board.players_mut().insert("ann".into(), Player::default());
        board.moves_mut().push(Move { cell: 4, by: Mark::X });
        assert!(board.guest_mut().is_none());
        board.set_shape(Some(Shape::Nothing));
        board.set_open(false);
    });
    assert_eq!(patch.turn, Change::Set(Mark::O));
    assert_eq!(patch.home, Change::Patch(PlayerPatch::new().name("ann".into())));
    assert_eq!(patch.players, Change::Patch(MapPatch::new().set("ann".into(), Player::default())));
    assert_eq!((patch.guest, patch.open), (Change::Keep, Change::Keep));
    assert_eq!(patch.cells, Change::Set([Mark::Empty; 9].into()), "all of it is new");
}

#[test]
fn a_value_set_whole_is_sent_as_it_ended() {
    let mut board = BoardState::default();
    let patch = recorded(&mut board, |board| {
        board.set_guest(Some(Player::default()));
        board.guest_mut().unwrap().set_hp(3);
        board.set_players(Map::from([("a".to_owned(), Player::default())]));
        board.players_mut().get_mut("a").unwrap().set_hp(4);
    });
    assert_eq!(patch.guest, Change::Set(Some(Player { hp: 3, ..Player::default() })));
    assert_eq!(patch.players, Change::Set(Map::from([("a".to_owned(), Player { hp: 4, ..Player::default() })])));
}

#[test]
fn a_patch_of_none_is_a_mismatch() {
    let patch = BoardStatePatch::new().guest_patch(PlayerPatch::new().hp(1));
    assert_eq!(BoardState::default().apply(&patch), Err(Mismatch));
    let mut board = BoardState { guest: Some(Player::default()), ..BoardState::default() };
    assert_eq!(board.apply(&patch), Ok(()));
}

#[test]
fn lower_levels_see_nothing_of_what_is_restricted() {
    let secret = BoardStatePatch::new().secret(Some("canary".into()));
    assert_eq!(encode_patch::<BoardState>(&secret, Level(99)), None);
    assert!(encode_patch::<BoardState>(&secret, Level(100)).is_some());
    let mixed = secret.turn(Mark::O);
    let seen = encode_patch::<BoardState>(&mixed, Level(0)).unwrap();
    assert_eq!(decode_patch::<BoardState>(&seen), Ok(BoardStatePatch::new().turn(Mark::O)));
}

#[test]
fn floats_that_differ_in_bits_differ() {
    assert_eq!(0.0_f64.diff(&-0.0), Change::Set(-0.0));
    assert_eq!(f64::NAN.diff(&f64::NAN), Change::Keep);
    let mut change = Change::Set(-0.0_f32);
    change.prune(&0.0, &-0.0);
    assert!(!change.is_keep());
}

#[test]
fn leaves_are_replaced_whole() {
    let (old, new) = (Shape::Nothing, Shape::Circle { radius: 1.0 });
    assert_eq!(old.diff(&new), Change::Set(new.clone()));
    assert_eq!(old.diff(&old), Change::Keep);
    let board = BoardState::default();
    let moved = BoardState { shape: Some(new), ..board.clone() };
    match board.diff(&moved) {
        Change::Patch(patch) => replays(&board, &patch, &moved),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_deepest_delta_is_read_on_a_small_stack() {
    let deep = |depth: u32| {
        (0..depth)
            .fold(FolderPatch::new().name("x".into()), |inner, _| FolderPatch::new().parent_patch(Box::new(inner)))
    };
    let read = move || {
        let bytes = encode_patch::<Folder>(&deep(MAX_DEPTH), Level::MAX).unwrap();
        assert_eq!(decode_patch::<Folder>(&bytes), Ok(deep(MAX_DEPTH)));
        let mut deeper = Writer::new();
        deeper.raw(&[0x0f, 0, 0b11 << 2]);
        deeper.bytes(&bytes);
        assert_eq!(decode_patch::<Folder>(deeper.as_slice()).unwrap_err().code, ErrorCode::Depth);
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(read).unwrap().join().unwrap();
}
