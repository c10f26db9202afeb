//! Edits from small sets of keys, indices and values, so that they hit each other.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{Edit, ListEdit, MapEdit};
use crate::sample::{Folder, Player};

/// Stands in every secret that the strategies make, and nowhere else.
pub const CANARY: &str = "CANARY";

fn key() -> impl Strategy<Value = String> {
    "[a-d]"
}

fn player() -> impl Strategy<Value = Player> {
    ("[p-r]?", 99..102_u16, any::<bool>()).prop_map(|(name, hp, online)| Player { name, hp, online })
}

fn secret() -> impl Strategy<Value = String> {
    (0..3_u8).prop_map(|n| format!("{CANARY}{n}"))
}

/// A folder of at most two levels.
pub fn folder() -> BoxedStrategy<Folder> {
    let flat =
        ("[x-z]?", vec(vec(0..3_u8, 0..3), 0..3), vec((0..2_u8, secret()), 0..2), vec(option::of(player()), 0..3))
            .prop_map(|(name, files, secrets, slots)| Folder {
                name,
                files: files.into_iter().map(Into::into).collect(),
                secrets: secrets.into_iter().collect(),
                slots: slots.into(),
                ..Folder::default()
            })
            .boxed();
    (flat.clone(), vec((key(), flat.clone()), 0..3), vec(flat.clone(), 0..3), option::weighted(0.3, flat))
        .prop_map(|(folder, folders, items, parent)| Folder {
            folders: folders.into_iter().collect(),
            items: items.into(),
            parent: parent.map(Box::new),
            ..folder
        })
        .boxed()
}

fn list_edit<T: Clone + std::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> BoxedStrategy<ListEdit<T>> {
    let at = 0..8_usize;
    prop_oneof![
        3 => (at.clone(), value.clone()).prop_map(|(at, value)| ListEdit::Set(at, value)),
        3 => value.clone().prop_map(ListEdit::Push),
        3 => (at.clone(), value.clone()).prop_map(|(at, value)| ListEdit::Insert(at, value)),
        3 => at.clone().prop_map(ListEdit::Remove),
        1 => Just(ListEdit::Pop),
        1 => (3..8_usize).prop_map(ListEdit::Truncate),
        1 => Just(ListEdit::Clear),
        2 => (at, 0..3_usize, vec(value.clone(), 0..3)).prop_map(|(at, removed, values)| ListEdit::Splice(at, removed, values)),
        1 => vec(value, 0..4).prop_map(ListEdit::Extend),
    ]
    .boxed()
}

fn map_edit<K: Clone + std::fmt::Debug + 'static, V: Clone + std::fmt::Debug + 'static>(
    key: impl Strategy<Value = K> + Clone + 'static,
    value: impl Strategy<Value = V> + 'static,
) -> impl Strategy<Value = MapEdit<K, V>> {
    prop_oneof![
        6 => (key.clone(), value).prop_map(|(key, value)| MapEdit::Insert(key, value)),
        4 => key.prop_map(MapEdit::Remove),
        1 => Just(MapEdit::Clear),
    ]
}

// Strategies are boxed because their types, nested, would not fit a test's stack.

/// Edits of one part, inside and outside of its elements.
fn items() -> BoxedStrategy<Edit> {
    let leaf = prop_oneof!["[x-z]?".prop_map(Edit::Name), files()];
    prop_oneof![
        4 => list_edit(folder().boxed()).prop_map(Edit::Items),
        6 => (0..4_usize, leaf).prop_map(|(at, edit)| Edit::InItem(at, Box::new(edit))),
        1 => vec(folder(), 0..3).prop_map(Edit::AllItems),
    ]
    .boxed()
}

fn folders() -> BoxedStrategy<Edit> {
    let leaf = prop_oneof!["[x-z]?".prop_map(Edit::Name), files(), secrets()];
    prop_oneof![
        5 => map_edit("[a-d]", folder().boxed()).prop_map(Edit::Folders),
        5 => (key(), leaf).prop_map(|(key, edit)| Edit::InFolder(key, Box::new(edit))),
    ]
    .boxed()
}

fn files() -> BoxedStrategy<Edit> {
    let file = vec(0..3_u8, 0..3).prop_map(Into::into).boxed();
    prop_oneof![
        list_edit(file).prop_map(Edit::Files),
        (0..4_usize, list_edit(0..3_u8)).prop_map(|(at, change)| Edit::InFile(at, change)),
    ]
    .boxed()
}

fn slots() -> BoxedStrategy<Edit> {
    prop_oneof![
        list_edit(option::of(player()).boxed()).prop_map(Edit::Slots),
        (0..4_usize, 99..102_u16).prop_map(|(at, hp)| Edit::Hp(at, hp)),
    ]
    .boxed()
}

fn secrets() -> BoxedStrategy<Edit> {
    map_edit(0..3_u8, secret()).prop_map(Edit::Secrets).boxed()
}

fn parent() -> BoxedStrategy<Edit> {
    let inner = prop_oneof![items(), folders(), files(), secrets()];
    prop_oneof![
        1 => option::of(folder()).prop_map(Edit::Parent),
        3 => inner.prop_map(|edit| Edit::InParent(Box::new(edit))),
    ]
    .boxed()
}

fn any_part() -> BoxedStrategy<Edit> {
    let name = "[x-z]?".prop_map(Edit::Name);
    prop_oneof![name, items(), folders(), files(), slots(), secrets(), parent()].boxed()
}

/// Some edits, mostly of one part, so that they meet.
fn script() -> impl Strategy<Value = Vec<Edit>> {
    fn some(edit: BoxedStrategy<Edit>) -> BoxedStrategy<Vec<Edit>> {
        vec(edit, 0..7).boxed()
    }
    prop_oneof![
        3 => some(items()),
        3 => some(folders()),
        2 => some(files()),
        1 => some(slots()),
        1 => some(secrets()),
        2 => some(parent()),
        2 => some(any_part()),
    ]
}

/// Some commits of some edits each.
pub fn scripts(commits: usize) -> impl Strategy<Value = Vec<Vec<Edit>>> {
    vec(script(), 1..=commits)
}
