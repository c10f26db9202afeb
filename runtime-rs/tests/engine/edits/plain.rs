//! The same edits on vectors, written without any thought of deltas.

use super::{Edit, ListEdit, MapEdit};
use crate::sample::{Folder, Player};

/// A folder without lists and maps of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Plain {
    name: String,
    files: Vec<Vec<u8>>,
    folders: Vec<(String, Plain)>,
    items: Vec<Plain>,
    secrets: Vec<(u8, String)>,
    parent: Option<Box<Plain>>,
    slots: Vec<Option<Player>>,
}

impl From<&Folder> for Plain {
    fn from(folder: &Folder) -> Self {
        Self {
            name: folder.name.clone(),
            files: folder.files.iter().map(|file| file.to_vec()).collect(),
            folders: folder.folders.iter().map(|(key, folder)| (key.clone(), folder.into())).collect(),
            items: folder.items.iter().map(Plain::from).collect(),
            secrets: folder.secrets.iter().map(|(key, value)| (*key, value.clone())).collect(),
            parent: folder.parent.as_ref().map(|parent| Box::new(Plain::from(&**parent))),
            slots: folder.slots.to_vec(),
        }
    }
}

impl Plain {
    /// The folder with exactly this content, sharing nothing.
    pub fn to_folder(&self) -> Folder {
        Folder {
            name: self.name.clone(),
            files: self.files.iter().map(|file| file.clone().into()).collect(),
            folders: self.folders.iter().map(|(key, plain)| (key.clone(), plain.to_folder())).collect(),
            items: self.items.iter().map(Plain::to_folder).collect(),
            secrets: self.secrets.iter().cloned().collect(),
            parent: self.parent.as_ref().map(|parent| Box::new(parent.to_folder())),
            slots: self.slots.clone().into(),
        }
    }

    /// Without what only higher levels may see.
    pub fn without_secrets(mut self) -> Self {
        self.secrets.clear();
        self.folders = self.folders.into_iter().map(|(key, folder)| (key, folder.without_secrets())).collect();
        self.items = self.items.into_iter().map(Plain::without_secrets).collect();
        self.parent = self.parent.map(|parent| Box::new(parent.without_secrets()));
        self
    }

    /// Does the edit.
    pub fn edit(&mut self, change: &Edit) {
        match change {
            Edit::Name(name) => self.name.clone_from(name),
            Edit::Files(change) => edit_list(&mut self.files, change, |file| file.to_vec()),
            Edit::InFile(at, change) => {
                if let Some(at) = at.checked_rem(self.files.len()) {
                    edit_list(&mut self.files[at], change, |byte| *byte);
                }
            }
            Edit::Folders(change) => edit_map(&mut self.folders, change, |folder| folder.into()),
            Edit::InFolder(key, inner) => {
                if let Some((_, folder)) = self.folders.iter_mut().find(|(k, _)| k == key) {
                    folder.edit(inner);
                }
            }
            Edit::Items(change) => edit_list(&mut self.items, change, |item| item.into()),
            Edit::InItem(at, inner) => {
                if let Some(at) = at.checked_rem(self.items.len()) {
                    self.items[at].edit(inner);
                }
            }
            Edit::AllItems(items) => self.items = items.iter().map(Plain::from).collect(),
            Edit::Secrets(change) => edit_map(&mut self.secrets, change, String::clone),
            Edit::Parent(parent) => self.parent = parent.as_ref().map(|parent| Box::new(parent.into())),
            Edit::InParent(inner) => {
                if let Some(parent) = &mut self.parent {
                    parent.edit(inner);
                }
            }
            Edit::Slots(change) => edit_list(&mut self.slots, change, Clone::clone),
            Edit::Hp(at, hp) => {
                if let Some(at) = at.checked_rem(self.slots.len())
                    && let Some(player) = &mut self.slots[at]
                {
                    player.hp = *hp;
                }
            }
        }
    }
}

fn edit_list<T, P>(list: &mut Vec<P>, change: &ListEdit<T>, plain: impl Fn(&T) -> P) {
    let len = list.len();
    match change {
        ListEdit::Set(at, value) => drop(at.checked_rem(len).map(|at| list[at] = plain(value))),
        ListEdit::Push(value) => list.push(plain(value)),
        ListEdit::Insert(at, value) => list.insert(at % (len + 1), plain(value)),
        ListEdit::Remove(at) => drop(at.checked_rem(len).map(|at| list.remove(at))),
        ListEdit::Pop => drop(list.pop()),
        ListEdit::Truncate(at) => list.truncate(*at),
        ListEdit::Clear => list.clear(),
        ListEdit::Splice(at, removed, values) => {
            let at = at % (len + 1);
            list.splice(at..(at + removed).min(len), values.iter().map(plain));
        }
        ListEdit::Extend(values) => list.extend(values.iter().map(plain)),
    }
}

fn edit_map<K: PartialEq + Clone, V, P>(map: &mut Vec<(K, P)>, change: &MapEdit<K, V>, plain: impl Fn(&V) -> P) {
    match change {
        MapEdit::Insert(key, value) => match map.iter_mut().find(|(k, _)| k == key) {
            Some((_, old)) => *old = plain(value),
            None => map.push((key.clone(), plain(value))),
        },
        MapEdit::Remove(key) => map.retain(|(k, _)| k != key),
        MapEdit::Clear => map.clear(),
    }
}
