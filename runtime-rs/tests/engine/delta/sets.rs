//! Sets.

use proptest::prelude::*;
use restream::delta::{Delta, decode_patch};
use restream::{Change, ErrorCode, Set, SetPatch};

use super::{n_bytes, recorded, replays};

fn order(set: &Set<u8>) -> String {
    set.iter().map(|c| *c as char).collect()
}

fn set(letters: &str) -> Set<u8> {
    letters.bytes().collect()
}

#[test]
fn elements_go_and_come() {
    let mut letters = set("abc");
    let patch = recorded(&mut letters, |set| {
        assert!(set.remove(&b'a') && !set.remove(&b'z'));
        assert!(set.insert(b'd') && !set.insert(b'b'));
    });
    assert_eq!(order(&letters), "bcd");
    assert_eq!(patch, SetPatch::new().remove(b'a').insert(b'd'));
    // Two counts and two numbers.
    assert_eq!(n_bytes::<Set<u8>>(&patch), 4);
}

#[test]
fn what_comes_back_stands_at_the_end() {
    let mut letters = set("abc");
    let patch = recorded(&mut letters, |set| {
        set.remove(&b'a');
        set.insert(b'a');
    });
    assert_eq!(order(&letters), "bca");
    assert_eq!(patch, SetPatch::new().remove(b'a').insert(b'a'));
}

#[test]
fn going_there_and_back_is_no_change() {
    let patch = recorded(&mut set("abc"), |set| {
        set.remove(&b'c');
        set.insert(b'c');
        set.insert(b'd');
        set.remove(&b'd');
        set.insert(b'a');
    });
    assert_eq!(patch, SetPatch::new());
}

#[test]
fn a_cleared_set_is_sent_as_empty() {
    let (old, mut new) = (set("abcdef"), set("abcdef"));
    let patch = recorded(&mut new, |set| set.clear());
    let mut change = Change::Patch(patch);
    change.prune(&old, &new);
    assert_eq!(change, Change::Set(Set::new()));
}

#[test]
fn a_diff_says_what_differs_or_sends_the_set() {
    assert_eq!(set("abc").diff(&set("abc")), Change::Keep);
    assert_eq!(set("abc").diff(&set("bcd")), Change::Patch(SetPatch::new().remove(b'a').insert(b'd')));
    assert_eq!(set("abc").diff(&set("cab")), Change::Set(set("cab")), "an order that additions do not give");
    assert_eq!(set("abc").diff(&set("xyz")), Change::Set(set("xyz")), "nothing is left");
}

#[test]
fn an_element_stands_once_in_each_part() {
    let code = |bytes: &[u8]| decode_patch::<Set<u8>>(bytes).map_err(|error| error.code);
    assert_eq!(code(&[0x05, 0x03, 0x03, 0x01]), Err(ErrorCode::DuplicateKey));
    assert_eq!(code(&[0x01, 0x05, 0x03, 0x03]), Err(ErrorCode::DuplicateKey));
    assert_eq!(code(&[0x03, 0x03, 0x03, 0x03]), Ok(SetPatch::new().remove(1).insert(1)));
}

#[test]
fn a_draft_copies_only_when_it_changes_something() {
    let shared = set("abc");
    let mut copy = shared.clone();
    let patch = recorded(&mut copy, |set| {
        set.insert(b'a');
        set.remove(&b'z');
        set.extend([b'b', b'c']);
    });
    assert_eq!((patch, copy), (SetPatch::new(), shared));
}

#[derive(Clone, Debug)]
enum Edit {
    Insert(u8),
    Remove(u8),
    Clear,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        8 => (0_u8..10).prop_map(Edit::Insert),
        8 => (0_u8..10).prop_map(Edit::Remove),
        1 => Just(Edit::Clear),
    ];
    prop::collection::vec(edit, 0..12)
}

proptest! {
    /// The same edits on a vector give the same elements in the same order, and both patches lead there.
    #[test]
    fn any_edits_are_replayed(start in prop::collection::vec(0_u8..10, 0..8), edits in edits()) {
        let old: Set<u8> = start.into_iter().collect();
        let mut plain: Vec<u8> = old.iter().copied().collect();
        let mut new = old.clone();
        recorded(&mut new, |set| {
            for edit in &edits {
                match *edit {
                    Edit::Insert(value) => _ = set.insert(value),
                    Edit::Remove(value) => _ = set.remove(&value),
                    Edit::Clear => set.clear(),
                }
            }
        });
        for edit in &edits {
            match *edit {
                Edit::Insert(value) if plain.contains(&value) => {}
                Edit::Insert(value) => plain.push(value),
                Edit::Remove(value) => plain.retain(|other| *other != value),
                Edit::Clear => plain.clear(),
            }
        }
        prop_assert!(new.iter().eq(&plain));
        if let Change::Patch(patch) = old.diff(&new) {
            replays::<Set<u8>>(&old, &patch, &new);
        }
    }
}
