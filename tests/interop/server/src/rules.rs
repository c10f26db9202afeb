//! The handlers of schemas/interop/rules.rss, which try what constraints refuse.

use restream::{Ctx, Fail, Refused};

use crate::generated::rules::v1::{Broken, Guard, GuardHandler, Name, Rank};

/// Handles [`Guard`].
#[derive(Clone, Copy, Debug)]
pub struct Rules;

impl GuardHandler for Rules {
    async fn hit(&self, _: &Ctx, guard: &Guard, hp: u16) -> Result<u16, Refused> {
        guard.update(|g| g.set_hp(hp))?;
        Ok(guard.read(|g| g.hp))
    }

    async fn call(&self, _: &Ctx, _: &Guard, name: Name, _: Rank) -> Result<Name, Refused> {
        Ok(name)
    }

    async fn lie(&self, _: &Ctx, _: &Guard, rank: u8) -> Result<Vec<Rank>, Refused> {
        Ok(vec![Rank(1), Rank(rank)])
    }

    async fn fail(&self, _: &Ctx, _: &Guard, name: String) -> Result<(), Fail<Broken>> {
        Err(Broken::Named { name: Some(Name(name)) }.into())
    }

    async fn note(&self, _: &Ctx, guard: &Guard, text: String) -> Result<(), Refused> {
        guard.update(|g| g.set_note(Some(text)))
    }

    async fn wave(&self, _: &Ctx, guard: &Guard, _: Rank) {
        guard.emit_waved(Rank(9));
        guard.emit_waved(Rank(5));
    }
}
