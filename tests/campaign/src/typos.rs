//! Names with one wrong letter.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use rssc::smith::Random;
use rssc::syntax::words;

use crate::corpus::{self, Kind, Token};

/// How many of a hundred typos must be answered with the right name first.
const RIGHT_PERCENT: usize = 95;

pub(crate) fn run(seed: u64, runs: usize) -> Result<String> {
    let texts: Vec<String> = corpus::schemas()?
        .into_iter()
        .filter(|text| {
            let (_, checked) = corpus::analyze(text);
            checked.diagnostics.is_empty() && checked.schema.is_some()
        })
        .collect();
    let mut random = Random::new(seed);
    let (mut n_typos, mut n_right, mut wrong) = (0, 0, Vec::new());
    while n_typos < runs {
        let text = random.pick(&texts);
        let references = references(text);
        if references.is_empty() {
            continue;
        }
        let names: Vec<&Token> = references.values().collect();
        let token = **random.pick(&names);
        let name = &text[token.start..token.end];
        let typo = misspell(&mut random, name);
        let changed = format!("{}{typo}{}", &text[..token.start], &text[token.end..]);
        let (_, checked) = corpus::analyze(&changed);
        // Another name that fits, or a name that is no longer declared: nothing is misspelt here.
        let here = checked.diagnostics.iter().find(|d| d.primary.span.range().contains(&token.start));
        let Some(finding) = here else { continue };
        n_typos += 1;
        let is_right = finding.primary.text.contains(&format!("`{name}`"));
        n_right += usize::from(is_right);
        if !is_right {
            wrong.push(format!("{name} -> {typo}: {}: {}", finding.message, finding.primary.text));
        }
    }
    ensure!(
        n_right * 100 >= n_typos * RIGHT_PERCENT,
        "only {n_right} of {n_typos} are suggested; not:\n{}",
        wrong.join("\n")
    );
    Ok(format!("{n_typos} typos, {n_right} with the right name first; not: {}", wrong.join("; ")))
}

/// The names of a schema that must be known already, each at its last place: types, members, words of the language.
fn references(text: &str) -> BTreeMap<&str, Token> {
    let tokens = corpus::tokens(text);
    let name = |token: &Token| &text[token.start..token.end];
    let declared = tokens.windows(2).filter(|pair| {
        let (before, it) = (&pair[0], &pair[1]);
        it.kind == Kind::Name && (before.kind == Kind::Number || words::KINDS.contains(&name(before)))
    });
    let declared: BTreeSet<&str> = declared.map(|pair| name(&pair[1])).collect();
    let language: BTreeSet<&str> =
        words::declarations().chain(words::TYPES).chain(words::METHODS.iter().map(|(word, _)| *word)).collect();
    let is_known = |token: &Token| declared.contains(name(token)) || language.contains(name(token));
    let in_order = tokens.windows(3).filter(|three| {
        let (before, it, after) = (&three[0], &three[1], &three[2]);
        let is_declaration = before.kind == Kind::Number || words::KINDS.contains(&name(before)) || name(after) == ":";
        it.kind == Kind::Name && is_known(it) && !is_declaration && name(it).len() > 1
    });
    in_order.map(|three| (name(&three[1]), three[1])).collect()
}

/// One letter left out, added, replaced, or swapped with the next.
fn misspell(random: &mut Random, name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    // The last letter has none behind it to swap with.
    let at = random.below(letters.len() - 1);
    let other = char::from(b'a' + random.below(26) as u8);
    match random.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, other),
        2 => letters[at] = other,
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}
