//! Maps.

use restream::delta::{Delta, Mismatch, decode_patch};
use restream::{Change, ErrorCode, Map, MapPatch};

use super::{recorded, replays};
use crate::sample::{Player, PlayerPatch};

fn player(name: &str) -> Player {
    Player { name: name.into(), ..Player::default() }
}

fn players(keys: &str) -> Map<String, Player> {
    keys.chars().map(|key| (key.to_string(), player(""))).collect()
}

fn order(map: &Map<String, Player>) -> String {
    map.keys().map(String::as_str).collect()
}

#[test]
fn each_kind_of_change_has_its_part() {
    let mut map = players("abcd");
    let patch = recorded(&mut map, |map| {
        assert_eq!(map.remove("a"), Some(player("")));
        map.insert("b".into(), player("B"));
        map.get_mut("c").unwrap().set_hp(1);
        map.insert("e".into(), player("E"));
        assert!(map.get_mut("a").is_none());
        assert_eq!(map.remove("zz"), None);
    });
    assert_eq!(order(&map), "bcde");
    let wanted = MapPatch::new()
        .remove("a".to_owned())
        .set("b".into(), player("B"))
        .patch("c".into(), PlayerPatch::new().hp(1))
        .set("e".into(), player("E"));
    assert_eq!(patch, wanted);
}

#[test]
fn what_comes_back_stands_at_the_end() {
    let mut map = players("abc");
    let patch = recorded(&mut map, |map| {
        let value = map.remove("a").unwrap();
        map.insert("a".into(), value);
    });
    assert_eq!(order(&map), "bca");
    assert_eq!(patch, MapPatch::new().remove("a".to_owned()).set("a".into(), player("")));
}

#[test]
fn going_there_and_back_is_no_change() {
    let empty = MapPatch::<String, Player>::new();
    let patch = recorded(&mut players("abc"), |map| {
        let value = map.remove("c").unwrap();
        map.insert("c".into(), value);
        map.insert("d".into(), player("d"));
        map.remove("d");
        map.insert("a".into(), player(""));
        map.get_mut("b").unwrap().set_hp(1);
        map.get_mut("b").unwrap().set_hp(100);
        map.insert("a".into(), player("other"));
        map.insert("a".into(), player(""));
    });
    assert_eq!(patch, empty);
}

#[test]
fn a_new_value_takes_its_final_form() {
    let patch = recorded(&mut players("a"), |map| {
        map.insert("b".into(), player("b"));
        map.get_mut("b").unwrap().set_hp(5);
    });
    assert_eq!(patch, MapPatch::new().set("b".into(), Player { hp: 5, ..player("b") }));
}

#[test]
fn a_cleared_map_is_sent_as_empty() {
    let (old, mut new) = (players("abcdef"), players("abcdef"));
    let patch = recorded(&mut new, |map| map.clear());
    assert!(Map::replaces_all(&patch, &new));
    let mut change = Change::Patch(patch);
    change.prune(&old, &new);
    assert_eq!(change, Change::Set(Map::new()));
}

#[test]
fn diffs_keep_order_or_send_all() {
    let old = players("abcd");
    let mut one = players("acde");
    recorded(&mut one, |map| map.get_mut("c").unwrap().set_hp(9));
    match old.diff(&one) {
        Change::Patch(patch) => {
            replays(&old, &patch, &one);
            let wanted = MapPatch::new().remove("b".to_owned()).patch("c".into(), PlayerPatch::new().hp(9));
            assert_eq!(patch, wanted.set("e".into(), player("")));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(old.diff(&players("abdc")), Change::Set(players("abdc")));
    assert_eq!(old.diff(&players("eabcd")), Change::Set(players("eabcd")));
    assert_eq!(old.diff(&players("abcd")), Change::Keep);
    assert_eq!(old.diff(&Map::new()), Change::Set(Map::new()));
}

#[test]
fn a_patch_of_an_absent_key_is_a_mismatch() {
    let patch = MapPatch::new().patch("z".to_owned(), PlayerPatch::new().hp(1));
    assert_eq!(players("a").apply(&patch), Err(Mismatch));
    assert_eq!(players("a").apply(&MapPatch::new().remove("z".to_owned())), Ok(()));
}

#[test]
fn many_removals_keep_the_order() {
    let mut map = players("abcdefghij");
    recorded(&mut map, |map| "acegi".chars().for_each(|key| drop(map.remove(&key.to_string()))));
    assert_eq!(order(&map), "bdfhj");
}

#[test]
fn wire_form() {
    let patch = MapPatch::new().remove(1_u8).set(2_u8, Some(3_u8)).set(4, None);
    let bytes = restream::delta::encode_patch::<Map<u8, Option<u8>>>(&patch, restream::Level::MAX).unwrap();
    assert_eq!(&bytes[..], [0x03, 0x03, 0x05, 0b01, 0x05, 0x07, 0x09, 0x01]);
    let code = |bytes: &[u8]| decode_patch::<Map<u8, u8>>(bytes).unwrap_err().code;
    assert_eq!(code(&[0x05, 0x03, 0x03, 0x01, 0x01]), ErrorCode::DuplicateKey);
    assert_eq!(code(&[0x01, 0x01, 0x03, 0x01, 0x01]), ErrorCode::Op);
    assert_eq!(code(&[0x01, 0x01, 0x01, 0x01]), ErrorCode::Trailing);
}
