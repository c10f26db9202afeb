//! `rssc explain`.

use super::{Outcome, Terminal};
use crate::diag::{codes, suggest};
use anyhow::bail;

/// Prints the page of a code, or the list of all codes.
pub(super) fn run(code: Option<&str>, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    let Some(code) = code else {
        codes::ALL.iter().for_each(|code| terminal.print(&format!("{}  {}\n", code.id, code.meaning)));
        return Ok(Outcome::Fine);
    };
    match codes::find(code) {
        Some(code) => terminal.print(code.page),
        None => match suggest::closest(code, codes::ALL.iter().map(|c| c.id)) {
            Some(right) => bail!("there is no code `{code}`; did you mean {right}? `rssc explain` lists all"),
            None => bail!("there is no code `{code}`; `rssc explain` lists all"),
        },
    }
    Ok(Outcome::Fine)
}
