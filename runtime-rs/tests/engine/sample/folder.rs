//! A `partials` struct that contains itself.

use super::Player;

/// A type that contains itself in every way, with a restricted part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folder {
    pub name: String,
    pub files: ::restream::List<::restream::List<u8>>,
    pub folders: ::restream::Map<String, Folder>,
    pub items: ::restream::List<Folder>,
    pub secrets: ::restream::Map<u8, String>,
    pub parent: Option<Box<Folder>>,
    pub slots: ::restream::List<Option<Player>>,
}

impl ::restream::codec::Row for Folder {
    fn encode_row(&self, w: &mut ::restream::codec::Writer) {
        let row = w.row(7);
        if !::restream::codec::Value::is_default(&self.name) {
            w.present(row, 1);
            ::restream::codec::Value::encode(&self.name, w);
        }
        if !::restream::codec::Value::is_default(&self.files) {
            w.present(row, 2);
            ::restream::codec::Value::encode(&self.files, w);
        }
        if !::restream::codec::Value::is_default(&self.folders) {
            w.present(row, 3);
            ::restream::codec::Value::encode(&self.folders, w);
        }
        if !::restream::codec::Value::is_default(&self.items) {
            w.present(row, 4);
            ::restream::codec::Value::encode(&self.items, w);
        }
        if w.sees(::restream::Level(100)) && !::restream::codec::Value::is_default(&self.secrets) {
            w.present(row, 5);
            ::restream::codec::Value::encode(&self.secrets, w);
        }
        if let ::core::option::Option::Some(value) = &self.parent {
            w.present(row, 6);
            ::restream::codec::Value::encode(value, w);
        }
        if !::restream::codec::Value::is_default(&self.slots) {
            w.present(row, 7);
            ::restream::codec::Value::encode(&self.slots, w);
        }
    }

    fn decode_row(
        r: &mut ::restream::codec::Reader<'_>,
    ) -> ::core::result::Result<Self, ::restream::codec::DecodeError> {
        let row = r.row()?;
        let mut value = <Self as ::core::default::Default>::default();
        if row.has(1) {
            value.name = ::restream::codec::Value::decode(r)?;
        }
        if row.has(2) {
            value.files = ::restream::codec::Value::decode(r)?;
        }
        if row.has(3) {
            value.folders = ::restream::codec::Value::decode(r)?;
        }
        if row.has(4) {
            value.items = ::restream::codec::Value::decode(r)?;
        }
        if row.has(5) {
            value.secrets = ::restream::codec::Value::decode(r)?;
        }
        if row.has(6) {
            value.parent = ::core::option::Option::Some(::restream::codec::Value::decode(r)?);
        }
        if row.has(7) {
            value.slots = ::restream::codec::Value::decode(r)?;
        }
        r.end_row(&row, 7)?;
        ::core::result::Result::Ok(value)
    }

    fn is_default_row(&self) -> bool {
        ::restream::codec::Value::is_default(&self.name)
            && ::restream::codec::Value::is_default(&self.files)
            && ::restream::codec::Value::is_default(&self.folders)
            && ::restream::codec::Value::is_default(&self.items)
            && ::restream::codec::Value::is_default(&self.secrets)
            && ::restream::codec::Value::is_default(&self.parent)
            && ::restream::codec::Value::is_default(&self.slots)
    }
}

::restream::row_value! {
    Folder Counted 7 [] {
        1 name: String;
        2 files: ::restream::List<::restream::List<u8>>;
        3 folders: ::restream::Map<String, Folder> => rows;
        4 items: ::restream::List<Folder> => rows;
        5 secrets: ::restream::Map<u8, String>, access 100;
        6 parent: Option<Box<Folder>> => rows;
        7 slots: ::restream::List<Option<Player>>;
    }
}

/// What a commit changes in a [`Folder`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FolderPatch {
    pub name: ::restream::Change<String>,
    pub files: ::restream::Change<::restream::List<::restream::List<u8>>>,
    pub folders: ::restream::Change<::restream::Map<String, Folder>>,
    pub items: ::restream::Change<::restream::List<Folder>>,
    pub secrets: ::restream::Change<::restream::Map<u8, String>>,
    pub parent: ::restream::Change<Option<Box<Folder>>>,
    pub slots: ::restream::Change<::restream::List<Option<Player>>>,
}

impl FolderPatch {
    /// Changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `name`.
    #[must_use]
    pub fn name(mut self, value: String) -> Self {
        self.name = ::restream::Change::Set(value);
        self
    }

    /// Sets `files`.
    #[must_use]
    pub fn files(mut self, value: ::restream::List<::restream::List<u8>>) -> Self {
        self.files = ::restream::Change::Set(value);
        self
    }

    /// Changes `files` in part.
    #[must_use]
    pub fn files_patch(
        mut self,
        patch: <::restream::List<::restream::List<u8>> as ::restream::delta::Delta>::Patch,
    ) -> Self {
        self.files = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `folders`.
    #[must_use]
    pub fn folders(mut self, value: ::restream::Map<String, Folder>) -> Self {
        self.folders = ::restream::Change::Set(value);
        self
    }

    /// Changes `folders` in part.
    #[must_use]
    pub fn folders_patch(
        mut self,
        patch: <::restream::Map<String, Folder> as ::restream::delta::Delta>::Patch,
    ) -> Self {
        self.folders = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `items`.
    #[must_use]
    pub fn items(mut self, value: ::restream::List<Folder>) -> Self {
        self.items = ::restream::Change::Set(value);
        self
    }

    /// Changes `items` in part.
    #[must_use]
    pub fn items_patch(mut self, patch: <::restream::List<Folder> as ::restream::delta::Delta>::Patch) -> Self {
        self.items = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `secrets`.
    #[must_use]
    pub fn secrets(mut self, value: ::restream::Map<u8, String>) -> Self {
        self.secrets = ::restream::Change::Set(value);
        self
    }

    /// Changes `secrets` in part.
    #[must_use]
    pub fn secrets_patch(mut self, patch: <::restream::Map<u8, String> as ::restream::delta::Delta>::Patch) -> Self {
        self.secrets = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `parent`.
    #[must_use]
    pub fn parent(mut self, value: Option<Box<Folder>>) -> Self {
        self.parent = ::restream::Change::Set(value);
        self
    }

    /// Changes `parent` in part.
    #[must_use]
    pub fn parent_patch(mut self, patch: <Option<Box<Folder>> as ::restream::delta::Delta>::Patch) -> Self {
        self.parent = ::restream::Change::Patch(patch);
        self
    }

    /// Sets `slots`.
    #[must_use]
    pub fn slots(mut self, value: ::restream::List<Option<Player>>) -> Self {
        self.slots = ::restream::Change::Set(value);
        self
    }

    /// Changes `slots` in part.
    #[must_use]
    pub fn slots_patch(mut self, patch: <::restream::List<Option<Player>> as ::restream::delta::Delta>::Patch) -> Self {
        self.slots = ::restream::Change::Patch(patch);
        self
    }
}

impl ::restream::delta::Delta for Folder {
    type Patch = FolderPatch;

    fn is_empty(patch: &FolderPatch) -> bool {
        patch.name.is_keep()
            && patch.files.is_keep()
            && patch.folders.is_keep()
            && patch.items.is_keep()
            && patch.secrets.is_keep()
            && patch.parent.is_keep()
            && patch.slots.is_keep()
    }

    fn apply(&mut self, patch: &FolderPatch) -> ::core::result::Result<(), ::restream::Mismatch> {
        patch.name.apply(&mut self.name)?;
        patch.files.apply(&mut self.files)?;
        patch.folders.apply(&mut self.folders)?;
        patch.items.apply(&mut self.items)?;
        patch.secrets.apply(&mut self.secrets)?;
        patch.parent.apply(&mut self.parent)?;
        patch.slots.apply(&mut self.slots)?;
        ::core::result::Result::Ok(())
    }

    fn diff(&self, new: &Self) -> ::restream::Change<Self> {
        ::restream::Change::from_patch(FolderPatch {
            name: ::restream::delta::Delta::diff(&self.name, &new.name),
            files: ::restream::delta::Delta::diff(&self.files, &new.files),
            folders: ::restream::delta::Delta::diff(&self.folders, &new.folders),
            items: ::restream::delta::Delta::diff(&self.items, &new.items),
            secrets: ::restream::delta::Delta::diff(&self.secrets, &new.secrets),
            parent: ::restream::delta::Delta::diff(&self.parent, &new.parent),
            slots: ::restream::delta::Delta::diff(&self.slots, &new.slots),
        })
    }

    fn settle(&self, patch: &mut FolderPatch) {
        patch.name.settle(&self.name);
        patch.files.settle(&self.files);
        patch.folders.settle(&self.folders);
        patch.items.settle(&self.items);
        patch.secrets.settle(&self.secrets);
        patch.parent.settle(&self.parent);
        patch.slots.settle(&self.slots);
    }

    fn prune(patch: &mut FolderPatch, old: &Self, new: &Self) {
        patch.name.prune(&old.name, &new.name);
        patch.files.prune(&old.files, &new.files);
        patch.folders.prune(&old.folders, &new.folders);
        patch.items.prune(&old.items, &new.items);
        patch.secrets.prune(&old.secrets, &new.secrets);
        patch.parent.prune(&old.parent, &new.parent);
        patch.slots.prune(&old.slots, &new.slots);
    }

    fn encode_patch(patch: &FolderPatch, w: &mut ::restream::codec::Writer) -> bool {
        let ops = w.ops(7);
        w.change(ops, 1, &patch.name, ::restream::codec::Value::is_default);
        w.change(ops, 2, &patch.files, ::restream::codec::Value::is_default);
        w.change(ops, 3, &patch.folders, ::restream::codec::Value::is_default);
        w.change(ops, 4, &patch.items, ::restream::codec::Value::is_default);
        if w.sees(::restream::Level(100)) {
            w.change(ops, 5, &patch.secrets, ::restream::codec::Value::is_default);
        }
        w.change_opt(ops, 6, &patch.parent);
        w.change(ops, 7, &patch.slots, ::restream::codec::Value::is_default);
        w.end_ops(ops)
    }

    fn decode_patch(
        r: &mut ::restream::codec::Reader<'_>,
    ) -> ::core::result::Result<FolderPatch, ::restream::codec::DecodeError> {
        let ops = r.ops()?;
        let patch = FolderPatch {
            name: r.change(&ops, 1, ::core::default::Default::default)?,
            files: r.change(&ops, 2, ::core::default::Default::default)?,
            folders: r.change(&ops, 3, ::core::default::Default::default)?,
            items: r.change(&ops, 4, ::core::default::Default::default)?,
            secrets: r.change(&ops, 5, ::core::default::Default::default)?,
            parent: r.change_opt(&ops, 6)?,
            slots: r.change(&ops, 7, ::core::default::Default::default)?,
        };
        r.end_ops(&ops, 7)?;
        ::core::result::Result::Ok(patch)
    }
}

impl ::restream::delta::Partial for Folder {
    type Draft<'a> = FolderDraft<'a>;

    fn draft<'a>(state: &'a mut Self, patch: ::core::option::Option<&'a mut FolderPatch>) -> FolderDraft<'a> {
        FolderDraft { state, patch }
    }
}

/// A [`Folder`] being changed: reads through `Deref`, writes through setters.
#[derive(Debug)]
pub struct FolderDraft<'a> {
    state: &'a mut Folder,
    patch: ::core::option::Option<&'a mut FolderPatch>,
}

impl ::core::ops::Deref for FolderDraft<'_> {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        self.state
    }
}

impl FolderDraft<'_> {
    /// Sets `name`.
    pub fn set_name(&mut self, value: String) {
        if self.state.name != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.name = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.name = value;
        }
    }

    /// Sets `files`.
    pub fn set_files(&mut self, value: ::restream::List<::restream::List<u8>>) {
        if self.state.files != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.files = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.files = value;
        }
    }

    /// Changes `files` in place.
    pub fn files_mut(&mut self) -> <::restream::List<::restream::List<u8>> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.files.edit());
        ::restream::delta::Partial::draft(&mut self.state.files, patch)
    }

    /// Sets `folders`.
    pub fn set_folders(&mut self, value: ::restream::Map<String, Folder>) {
        if self.state.folders != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.folders = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.folders = value;
        }
    }

    /// Changes `folders` in place.
    pub fn folders_mut(&mut self) -> <::restream::Map<String, Folder> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.folders.edit());
        ::restream::delta::Partial::draft(&mut self.state.folders, patch)
    }

    /// Sets `items`.
    pub fn set_items(&mut self, value: ::restream::List<Folder>) {
        if self.state.items != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.items = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.items = value;
        }
    }

    /// Changes `items` in place.
    pub fn items_mut(&mut self) -> <::restream::List<Folder> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.items.edit());
        ::restream::delta::Partial::draft(&mut self.state.items, patch)
    }

    /// Sets `secrets`.
    pub fn set_secrets(&mut self, value: ::restream::Map<u8, String>) {
        if self.state.secrets != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.secrets = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.secrets = value;
        }
    }

    /// Changes `secrets` in place.
    pub fn secrets_mut(&mut self) -> <::restream::Map<u8, String> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.secrets.edit());
        ::restream::delta::Partial::draft(&mut self.state.secrets, patch)
    }

    /// Sets `parent`.
    pub fn set_parent(&mut self, value: Option<Box<Folder>>) {
        if self.state.parent != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.parent = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.parent = value;
        }
    }

    /// Changes `parent` in place.
    pub fn parent_mut(&mut self) -> <Option<Box<Folder>> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.parent.edit());
        ::restream::delta::Partial::draft(&mut self.state.parent, patch)
    }

    /// Sets `slots`.
    pub fn set_slots(&mut self, value: ::restream::List<Option<Player>>) {
        if self.state.slots != value {
            if let ::core::option::Option::Some(patch) = self.patch.as_deref_mut() {
                patch.slots = ::restream::Change::Set(::core::clone::Clone::clone(&value));
            }
            self.state.slots = value;
        }
    }

    /// Changes `slots` in place.
    pub fn slots_mut(&mut self) -> <::restream::List<Option<Player>> as ::restream::delta::Partial>::Draft<'_> {
        let patch = self.patch.as_deref_mut().and_then(|patch| patch.slots.edit());
        ::restream::delta::Partial::draft(&mut self.state.slots, patch)
    }
}
