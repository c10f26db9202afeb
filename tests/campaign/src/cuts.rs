//! Tokens cut out of a large file.

use std::panic::catch_unwind;
use std::sync::Mutex;

use anyhow::{Result, bail, ensure};
use rssc::diag::Diagnostic;
use rssc::smith::Random;

use crate::corpus::{self, Kind, Token};

/// Most findings beside the first.
const MAX_FOLLOW_UPS: usize = 3;
/// How many of a hundred cuts must be reported within a line of the cut.
const NEAR_PERCENT: usize = 95;

pub(crate) fn run(seed: u64, runs: usize) -> Result<String> {
    let text = corpus::large(1_000);
    let (_, checked) = corpus::analyze(&text);
    ensure!(checked.diagnostics.is_empty(), "the file to cut is not valid: {:?}", checked.diagnostics.first());
    // Comments may go: nothing is wrong then.
    let tokens: Vec<Token> = corpus::tokens(&text).into_iter().filter(|t| t.kind != Kind::Comment).collect();
    let cuts = corpus::draw(&mut Random::new(seed), &tokens, runs);
    let reports = Mutex::new(Vec::new());
    corpus::in_parallel(cuts.len(), |i| {
        if let Some(report) = cut(&text, cuts[i])?
            && let Ok(mut reports) = reports.lock()
        {
            reports.push(report);
        }
        Ok(())
    })?;
    let reports = reports.into_inner().unwrap_or_default();
    let n_wrong = reports.len();
    let far: Vec<&str> = reports.iter().filter_map(|report| report.far.as_deref()).collect();
    let n_near = n_wrong - far.len();
    ensure!(n_wrong * 2 > cuts.len(), "only {n_wrong} of {} cuts were noticed", cuts.len());
    ensure!(
        n_near * 100 >= n_wrong * NEAR_PERCENT,
        "only {n_near} of {n_wrong} are reported near the cut; not:\n{}",
        far.join("\n")
    );
    Ok(format!("{n_wrong} mistakes, {n_near} reported within a line of the cut"))
}

/// What came of a cut that leaves no valid file.
struct Report {
    /// What was cut and what was said, if that is not near the cut.
    far: Option<String>,
}

fn cut(text: &str, token: Token) -> Result<Option<Report>> {
    let cut = format!("{}{}", &text[..token.start], &text[token.end..]);
    let line = text[..token.start].matches('\n').count() + 1;
    let show = || format!("`{}` of line {line}, byte {}", &text[token.start..token.end], token.start);
    let Ok((sources, checked)) = catch_unwind(|| corpus::analyze(&cut)) else { bail!("cutting {} panics", show()) };
    let Some(first) = checked.diagnostics.first() else {
        ensure!(checked.schema.is_some(), "cutting {} gives neither a schema nor a finding", show());
        return Ok(None);
    };
    let n_findings = checked.diagnostics.len();
    ensure!(
        n_findings <= 1 + MAX_FOLLOW_UPS,
        "cutting {} gives {n_findings} findings, first: {}",
        show(),
        first.message
    );
    let is_near = |d: &Diagnostic| {
        let (first, _) = sources.line_column(d.primary.span.file, d.primary.span.start);
        let (last, _) = sources.line_column(d.primary.span.file, d.primary.span.end);
        (first.saturating_sub(1)..=last + 1).contains(&line)
    };
    let far = (!checked.diagnostics.iter().any(is_near)).then(|| format!("{}: {}", show(), first.message));
    Ok(Some(Report { far }))
}
