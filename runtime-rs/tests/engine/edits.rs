//! Random edits of a [`Folder`](crate::sample::Folder), done to a draft and, independently, to plain vectors.

mod plain;
mod strategies;

pub use self::plain::Plain;
pub use self::strategies::{CANARY, folder, scripts};
use crate::sample::{Folder, FolderDraft, Player};
use restream::codec::Key;
use restream::delta::{Delta, Partial};
use restream::{List, ListDraft, MapDraft};

/// One change of a folder. Indices are taken modulo the length.
#[derive(Clone, Debug)]
pub enum Edit {
    Name(String),
    Files(ListEdit<List<u8>>),
    InFile(usize, ListEdit<u8>),
    Folders(MapEdit<String, Folder>),
    InFolder(String, Box<Edit>),
    Items(ListEdit<Folder>),
    InItem(usize, Box<Edit>),
    AllItems(Vec<Folder>),
    Secrets(MapEdit<u8, String>),
    Parent(Option<Folder>),
    InParent(Box<Edit>),
    Slots(ListEdit<Option<Player>>),
    Hp(usize, u16),
}

/// One change of a list.
#[derive(Clone, Debug)]
pub enum ListEdit<T> {
    Set(usize, T),
    Push(T),
    Insert(usize, T),
    Remove(usize),
    Pop,
    Truncate(usize),
    Clear,
    Splice(usize, usize, Vec<T>),
    Extend(Vec<T>),
}

/// One change of a map.
#[derive(Clone, Debug)]
pub enum MapEdit<K, V> {
    Insert(K, V),
    Remove(K),
    Clear,
}

/// Does the edit to a draft.
pub fn edit(draft: &mut FolderDraft<'_>, edit_: &Edit) {
    match edit_ {
        Edit::Name(name) => draft.set_name(name.clone()),
        Edit::Files(change) => edit_list(&mut draft.files_mut(), change),
        Edit::InFile(at, change) => {
            let mut files = draft.files_mut();
            if let Some(at) = at.checked_rem(files.len()) {
                edit_list(&mut files.get_mut(at).unwrap(), change);
            }
        }
        Edit::Folders(change) => edit_map(&mut draft.folders_mut(), change),
        Edit::InFolder(key, inner) => {
            if let Some(mut folder) = draft.folders_mut().get_mut(key) {
                edit(&mut folder, inner);
            }
        }
        Edit::Items(change) => edit_list(&mut draft.items_mut(), change),
        Edit::InItem(at, inner) => {
            let mut items = draft.items_mut();
            if let Some(at) = at.checked_rem(items.len()) {
                edit(&mut items.get_mut(at).unwrap(), inner);
            }
        }
        Edit::AllItems(items) => draft.set_items(items.clone().into()),
        Edit::Secrets(change) => edit_map(&mut draft.secrets_mut(), change),
        Edit::Parent(parent) => draft.set_parent(parent.clone().map(Box::new)),
        Edit::InParent(inner) => {
            if let Some(mut parent) = draft.parent_mut() {
                edit(&mut parent, inner);
            }
        }
        Edit::Slots(change) => edit_list(&mut draft.slots_mut(), change),
        Edit::Hp(at, hp) => {
            let mut slots = draft.slots_mut();
            if let Some(at) = at.checked_rem(slots.len())
                && let Some(mut player) = slots.get_mut(at).unwrap()
            {
                player.set_hp(*hp);
            }
        }
    }
}

fn edit_list<T: Delta>(list: &mut ListDraft<'_, T>, change: &ListEdit<T>) {
    let len = list.len();
    match change.clone() {
        ListEdit::Set(at, value) => drop(at.checked_rem(len).map(|at| list.set(at, value))),
        ListEdit::Push(value) => list.push(value),
        ListEdit::Insert(at, value) => list.insert(at % (len + 1), value),
        ListEdit::Remove(at) => drop(at.checked_rem(len).map(|at| list.remove(at))),
        ListEdit::Pop => drop(list.pop()),
        ListEdit::Truncate(at) => list.truncate(at),
        ListEdit::Clear => list.clear(),
        ListEdit::Splice(at, removed, values) => {
            let at = at % (len + 1);
            list.splice(at..(at + removed).min(len), values);
        }
        ListEdit::Extend(values) => list.extend(values),
    }
}

fn edit_map<K: Key, V: Delta>(map: &mut MapDraft<'_, K, V>, change: &MapEdit<K, V>) {
    match change.clone() {
        MapEdit::Insert(key, value) => drop(map.insert(key, value)),
        MapEdit::Remove(key) => drop(map.remove(&key)),
        MapEdit::Clear => map.clear(),
    }
}

/// Does the edits to a copy of the state; gives it and what a draft recorded.
pub fn record(state: &Folder, script: &[Edit]) -> (Folder, <Folder as Delta>::Patch) {
    let mut new = state.clone();
    let mut patch = Default::default();
    let mut draft = Folder::draft(&mut new, Some(&mut patch));
    script.iter().for_each(|change| edit(&mut draft, change));
    new.settle(&mut patch);
    (new, patch)
}
