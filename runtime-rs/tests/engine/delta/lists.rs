//! Lists.

use restream::delta::{Delta, ListOp, Mismatch, decode_patch};
use restream::{Change, ErrorCode, List, ListPatch};

use super::{n_bytes, recorded, replays};
use crate::sample::{Mark, Player, PlayerPatch};

fn splice<T: Delta>(at: usize, removed: usize, inserted: impl Into<Vec<T>>) -> ListOp<T> {
    ListOp::Splice { at, removed, inserted: inserted.into() }
}

fn numbers(n: u32) -> List<u32> {
    (0..n).collect()
}

fn player(name: &str) -> Player {
    Player { name: name.into(), ..Player::default() }
}

#[test]
fn neighbouring_changes_become_one_step() {
    let patch = recorded(&mut numbers(5), |list| {
        list.push(5);
        list.push(6);
        list.set(4, 40);
        list.pop();
        list.insert(4, 30);
    });
    assert_eq!(patch.ops(), [splice(4, 1, [30, 40, 5])]);
}

#[test]
fn distant_changes_stay_apart() {
    let patch = recorded(&mut numbers(9), |list| {
        list.remove(8);
        list.set(0, 7);
    });
    assert_eq!(patch.ops(), [splice(8, 1, []), splice(0, 1, [7])]);
}

#[test]
fn what_changes_nothing_records_nothing() {
    let patch = recorded(&mut numbers(3), |list| {
        list.set(1, 1);
        list.truncate(9);
        list.extend([]);
        list.splice(1..1, []);
        list.push(9);
        list.pop();
    });
    assert!(patch.ops().is_empty());
}

#[test]
fn going_there_and_back_is_no_change() {
    let patch = recorded(&mut numbers(9), |list| {
        list.set(0, 7);
        list.remove(8);
        list.set(0, 0);
        list.push(8);
    });
    assert!(patch.ops().is_empty());
}

#[test]
fn an_element_set_to_what_it_was_drops_out() {
    let patch = recorded(&mut numbers(9), |list| {
        list.set(0, 7);
        list.set(0, 0);
        list.set(5, 7);
        list.set(5, 5);
        list.remove(8);
    });
    assert_eq!(patch.ops(), [splice(8, 1, [])]);
}

#[test]
fn elements_are_patched_once_wherever_they_move() {
    let mut list = List::from([player("a"), player("b"), player("c")]);
    let patch = recorded(&mut list, |list| {
        list.get_mut(1).unwrap().set_hp(1);
        list.insert(0, player("new"));
        list.get_mut(2).unwrap().set_online(false);
        assert!(list.get_mut(4).is_none());
        assert!(list.get_mut(-1).is_none());
    });
    let changed = PlayerPatch::new().hp(1).online(false);
    assert_eq!(patch.ops(), [ListOp::Patch { at: 1, patch: changed }, splice(0, 0, [player("new")])]);
}

#[test]
fn a_new_element_takes_its_final_value() {
    let mut list = List::from([player("a")]);
    let patch = recorded(&mut list, |list| {
        list.push(player("b"));
        list.insert(0, player("c"));
        list.get_mut(2).unwrap().set_hp(7);
    });
    assert_eq!(list[2].hp, 7);
    assert_eq!(patch.ops(), [splice(1, 0, [Player { hp: 7, ..player("b") }]), splice(0, 0, [player("c")])]);
}

#[test]
fn a_patch_of_what_goes_drops_out() {
    let mut list = List::from([player("a"), player("b")]);
    let patch = recorded(&mut list, |list| {
        list.get_mut(1).unwrap().set_hp(7);
        list.remove(1);
    });
    assert_eq!(patch.ops(), [splice(1, 1, [])]);
}

#[test]
fn a_patch_follows_its_element() {
    let mut list = List::from([player("a"), player("b"), player("c")]);
    let patch = recorded(&mut list, |list| {
        list.get_mut(2).unwrap().set_hp(7);
        list.splice(0..2, [player("d")]);
    });
    let changed = ListOp::Patch { at: 2, patch: PlayerPatch::new().hp(7) };
    assert_eq!(patch.ops(), [changed, splice(0, 2, [player("d")])]);
}

#[test]
fn two_patches_of_one_element_both_stay() {
    let row = |bytes: &[u8]| List::from(bytes.to_vec());
    let old = List::from([row(&[1, 5, 5])]);
    // What the second one sets is what the element was, but not what the first one made of it.
    let mut patch =
        ListPatch::new().patch(0, ListPatch::new().set(0, 7)).patch(0, ListPatch::new().set(0, 1).set(2, 6));
    let mut new = old.clone();
    new.apply(&patch).unwrap();
    assert_eq!(new, [row(&[1, 5, 6])]);
    List::prune(&mut patch, &old, &new);
    replays(&old, &patch, &new);
}

#[test]
fn very_many_changes_become_the_whole_list() {
    let mut list = numbers(2_000);
    let patch = recorded(&mut list, |list| {
        for i in (0..2_000).step_by(3) {
            list.set(i, 1_000_000);
        }
        list.push(1);
    });
    assert!(List::replaces_all(&patch, &list));
}

#[test]
fn diffs_are_short() {
    let old = numbers(100);
    let diff = |change: &dyn Fn(&mut Vec<u32>)| {
        let mut new = old.to_vec();
        change(&mut new);
        let new = List::from(new);
        match old.diff(&new) {
            Change::Patch(patch) => {
                replays(&old, &patch, &new);
                patch.ops().to_vec()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(diff(&|new| new.truncate(99)), [splice(99, 1, [])]);
    assert_eq!(diff(&|new| new.push(7)), [splice(100, 0, [7])]);
    assert_eq!(diff(&|new| new.insert(50, 7)), [splice(50, 0, [7])]);
    assert_eq!(diff(&|new| (new[1], new[90]) = (0, 0)), [splice(1, 1, [0]), splice(90, 1, [0])]);
    assert_eq!(diff(&|new| new[10..90].reverse()).len(), 1);
    assert_eq!(old.diff(&old.to_vec().into()), Change::Keep);
    assert_eq!(old.diff(&List::new()), Change::Set(List::new()));
}

#[test]
fn diffs_patch_elements_that_have_parts() {
    let old: List<Player> = ["a", "b", "c"].map(player).into();
    let mut new = old.to_vec();
    new[0].hp = 5;
    new[2].hp = 6;
    let Change::Patch(patch) = old.diff(&new.clone().into()) else { panic!("must be a patch") };
    let wanted = ListPatch::new().patch(0, PlayerPatch::new().hp(5)).patch(2, PlayerPatch::new().hp(6));
    assert_eq!(patch, wanted);
    assert_eq!(n_bytes::<List<Player>>(&patch), 1 + 2 * 6);
    replays(&old, &patch, &new.into());
}

#[test]
fn indices_that_do_not_fit_are_a_mismatch() {
    let apply = |patch: ListPatch<u32>| numbers(3).apply(&patch);
    assert_eq!(apply(ListPatch::new().insert(3, 0)), Ok(()));
    assert_eq!(apply(ListPatch::new().insert(4, 0)), Err(Mismatch));
    assert_eq!(apply(ListPatch::new().remove(3)), Err(Mismatch));
    assert_eq!(apply(ListPatch::new().splice(usize::MAX, usize::MAX, [])), Err(Mismatch));
    assert_eq!(List::from([player("a")]).apply(&ListPatch::new().patch(1, PlayerPatch::new())), Err(Mismatch));
    assert_eq!(List::from([None::<Player>]).apply(&ListPatch::new().patch(0, PlayerPatch::new().hp(1))), Err(Mismatch));
}

#[test]
fn wire_form() {
    let patch = ListPatch::new().splice(1, 2, [Mark::X]);
    let bytes = restream::delta::encode_patch::<List<Mark>>(&patch, restream::Level::MAX).unwrap();
    assert_eq!(&bytes[..], [0x03, 0x01, 0x03, 0x05, 0x05, crate::codec::head(1), 0x03]);
    let code = |bytes: &[u8]| decode_patch::<List<Mark>>(bytes).unwrap_err().code;
    assert_eq!(code(&[0x03, 0x03, 0x01, 0x01]), ErrorCode::Op, "marks have no deltas");
    assert_eq!(code(&[0x03, 0x05]), ErrorCode::Op);
    assert_eq!(code(&[0x05, 0x01]), ErrorCode::Truncated);
}

#[test]
#[should_panic(expected = "index 3 is not in a list of 3")]
fn setting_behind_the_end_panics_like_a_vec() {
    recorded(&mut numbers(3), |list| list.set(3_u8, 0));
}
