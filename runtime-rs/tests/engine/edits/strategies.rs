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
pub fn folder() -> impl Strategy<Value = Folder> {
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
    (flat.clone(), vec((key(), flat.clone()), 0..3), vec(flat.clone(), 0..3), option::weighted(0.3, flat)).prop_map(
        |(folder, folders, items, parent)| Folder {
            folders: folders.into_iter().collect(),
            items: items.into(),
            parent: parent.map(Box::new),
            ..folder
        },
    )
}

fn list_edit<T: Clone + std::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = ListEdit<T>> {
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

fn edit() -> impl Strategy<Value = Edit> {
    let folder = folder().boxed();
    let file = vec(0..3_u8, 0..3).prop_map(Into::into).boxed();
    let flat = prop_oneof![
        2 => "[x-z]?".prop_map(Edit::Name),
        2 => list_edit(file).prop_map(Edit::Files),
        3 => (0..4_usize, list_edit(0..3_u8)).prop_map(|(at, change)| Edit::InFile(at, change)),
        3 => map_edit("[a-d]", folder.clone()).prop_map(Edit::Folders),
        3 => list_edit(folder.clone()).prop_map(Edit::Items),
        1 => vec(folder.clone(), 0..3).prop_map(Edit::AllItems),
        2 => map_edit(0..3_u8, secret()).prop_map(Edit::Secrets),
        1 => option::of(folder).prop_map(Edit::Parent),
        2 => list_edit(option::of(player()).boxed()).prop_map(Edit::Slots),
        2 => (0..4_usize, 99..102_u16).prop_map(|(at, hp)| Edit::Hp(at, hp)),
    ];
    flat.prop_recursive(2, 3, 1, |inner| {
        prop_oneof![
            (key(), inner.clone()).prop_map(|(key, edit)| Edit::InFolder(key, Box::new(edit))),
            (0..4_usize, inner.clone()).prop_map(|(at, edit)| Edit::InItem(at, Box::new(edit))),
            inner.prop_map(|edit| Edit::InParent(Box::new(edit))),
        ]
    })
}

/// Some commits of some edits each.
pub fn scripts(commits: usize) -> impl Strategy<Value = Vec<Vec<Edit>>> {
    vec(vec(edit(), 0..8), 1..=commits)
}
