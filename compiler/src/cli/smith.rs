//! `rssc smith`.

use super::write::Changes;
use super::{Outcome, SmithArgs, Terminal};
use crate::smith;

/// Writes a project of random valid schemas.
pub(super) fn run(args: &SmithArgs, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    let mut changes = Changes::default();
    for (name, text) in smith::project(args.seed, args.packages) {
        changes.write(args.out.join(name), text);
    }
    let done = changes.commit()?;
    terminal.say(&format!("{} written, {} up to date", done.lines.len(), done.n_equal));
    Ok(Outcome::Fine)
}
