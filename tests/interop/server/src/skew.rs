//! One store in two generations: programs of either must understand each other.

use restream::{Ctx, Refused};

use crate::{generated_new::skew::v1 as new, generated_old::skew::v1 as old};

/// Serves the first generation.
#[derive(Clone, Copy, Debug)]
pub struct OldNotes;

/// Serves the second generation.
#[derive(Clone, Copy, Debug)]
pub struct NewNotes;

impl old::NoteHandler for OldNotes {
    async fn open(&self, _: &old::NoteKey) -> Result<old::NoteState, Refused> {
        Ok(old::NoteState {
            title: "old".into(),
            tags: ["a".to_owned()].into(),
            kind: old::Kind::Urgent,
            ..Default::default()
        })
    }

    async fn rename(&self, _: &Ctx, note: &old::Note, title: String) -> Result<u32, Refused> {
        let count = note.update(|n| {
            n.set_title(title.clone());
            n.set_count(n.count + 1);
            n.tags_mut().push(title.clone());
            n.count
        })?;
        note.emit_renamed(title);
        Ok(count)
    }
}

impl new::NoteHandler for NewNotes {
    async fn open(&self, _: &new::NoteKey) -> Result<new::NoteState, Refused> {
        Ok(new::NoteState { title: "new".into(), kind: new::Kind::Secret, shown: false, ..Default::default() })
    }

    async fn rename(&self, _: &Ctx, note: &new::Note, title: String, by: String) -> Result<u32, Refused> {
        let count = note.update(|n| {
            n.set_title(title.clone());
            n.set_count(n.count + 1);
            n.set_author(new::Author { name: by.clone() });
            let likes = n.likes.get(&by).copied().unwrap_or_default();
            n.likes_mut().insert(by.clone(), likes + 1);
            n.count
        })?;
        note.emit_renamed(title, Some(by));
        u32::try_from(count).map_err(|_| Refused::invalid("renamed too often"))
    }

    async fn like(&self, _: &Ctx, note: &new::Note, who: String) -> Result<(), Refused> {
        note.update(|n| {
            let likes = n.likes.get(&who).copied().unwrap_or_default();
            n.likes_mut().insert(who, likes + 1);
        })
    }
}
