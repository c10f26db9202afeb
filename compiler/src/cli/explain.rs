//! `rssc explain`.

use super::{Outcome, Terminal};
use crate::diag::{codes, suggest};
use anyhow::bail;

/// Prints the page of a code or rule, or the list of all of them.
pub(super) fn run(code: Option<&str>, terminal: &mut Terminal<'_>) -> anyhow::Result<Outcome> {
    let Some(code) = code else {
        let all = codes::ALL.iter().chain(codes::RULES);
        all.for_each(|code| terminal.print(&format!("{}  {}\n", code.id, code.meaning)));
        return Ok(Outcome::Fine);
    };
    match codes::find(code) {
        Some(code) => terminal.print(code.page),
        None => match suggest::closest(code, codes::ALL.iter().chain(codes::RULES).map(|c| c.id)) {
            Some(right) => bail!("there is no code `{code}`; did you mean {right}? `rssc explain` lists all"),
            None => bail!("there is no code `{code}`; `rssc explain` lists all"),
        },
    }
    Ok(Outcome::Fine)
}
