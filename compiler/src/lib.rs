//! The ReStream schema compiler: `.rss` texts in, findings or the checked model out. Nothing here does IO.

pub mod check;
pub mod cli;
pub mod compat;
pub mod diag;
pub mod emit;
pub mod fmt;
#[allow(missing_docs, reason = "the names of the model's fields say what they hold")]
pub mod ir;
pub mod lint;
pub mod lock;
pub mod project;
pub mod resolve;
pub mod smith;
pub mod source;
pub mod syntax;
pub mod textmate;

use source::{Role, SourceMap};
use std::collections::{BTreeMap, BTreeSet};

/// Checks all texts of a run: parses, binds names, applies the rules; where nothing is wrong, those of style as well.
pub fn analyze(sources: &SourceMap) -> check::Checked {
    let (files, mut diagnostics) = parse_all(sources);
    let (resolved, found) = resolve::resolve(&files);
    diagnostics.extend(found);
    let mut checked = check::check(&resolved, sources);
    checked.diagnostics.extend(diagnostics);
    diag::sort(&mut checked.diagnostics);
    match &checked.schema {
        Some(schema) if checked.diagnostics.is_empty() => checked.warnings = lint::lint(&resolved, sources, schema),
        _ => checked.schema = None,
    }
    checked
}

/// Parses the project's own files and those of other roots that they import, directly or not.
fn parse_all(sources: &SourceMap) -> (Vec<syntax::ast::File>, Vec<diag::Diagnostic>) {
    let schemas = sources.iter().filter(|(_, s)| s.role != Role::Project);
    let parsed: Vec<_> = schemas.map(|(id, s)| (s.role, syntax::parse(id, &s.text))).collect();
    let name = |file: &syntax::ast::File| file.package.as_ref().map(|p| p.dotted());
    let mut imports: BTreeMap<Option<String>, BTreeSet<String>> = BTreeMap::new();
    for (_, (file, _)) in &parsed {
        imports.entry(name(file)).or_default().extend(file.imports.iter().map(|i| i.package.dotted()));
    }
    let mut wanted: BTreeSet<Option<String>> = BTreeSet::new();
    let mut open: Vec<Option<String>> =
        parsed.iter().filter(|(role, _)| *role == Role::Own).map(|(_, (file, _))| name(file)).collect();
    while let Some(package) = open.pop() {
        if wanted.insert(package.clone()) {
            open.extend(imports.get(&package).into_iter().flatten().cloned().map(Some));
        }
    }
    let kept = parsed.into_iter().filter(|(role, (file, _))| *role == Role::Own || wanted.contains(&name(file)));
    let (files, diagnostics): (Vec<_>, Vec<_>) = kept.map(|(_, parts)| parts).unzip();
    (files, diagnostics.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOARD: &str = r#"//! Tic-tac-toe.
edition 2026
package game.board.v1

access { Public = 0, Player = 10, Admin = 100 }

open enum Mark: u8 { 0 Empty, 1 X, 2 O }

/// A move.
fields struct Move {
    next 4
    1 x: u8
    2 y: u8
    3 by: Mark
}

partials struct BoardState {
    next 7
    retired 2 bit
    1 board: list<list<Mark>>
    3 turn: Mark = X
    4 moves: list<Move>
    5 secret: string? @access(Admin)
    6 players: map<string, Move>
}

error MoveError { next 3, 1 CellTaken { next 2, 1 by: Mark }, 2 NotYourTurn }

/// A board.
store Board[game: string]: BoardState @access(Public) {
    /// Places.
    rpc placeToken(x: u8, y: u8, _: varint) -> Move throws MoveError @access(Player)
    send hover(
        x: u8,
        y: u8 = 1,
    )
    event serverTime(currentTime: timestamp)
}

service Auth { rpc logIn(name: string) -> uuid throws MoveError }
"#;

    #[test]
    fn a_whole_schema_becomes_a_model() {
        let mut sources = SourceMap::new();
        sources.add("board.rss", BOARD);
        let checked = analyze(&sources);
        assert!(checked.diagnostics.is_empty(), "{:#?}", checked.diagnostics);
        let schema = checked.schema.expect("no findings");
        let state = &schema.structs[1];
        assert_eq!((state.name.as_str(), state.body.slots, state.body.retired.len()), ("BoardState", 6, 1));
        assert_eq!(state.body.fields[1].default, Some(ir::Literal::Member(1)));
        assert_eq!(state.body.fields[3].access, Some(100));
        let board = &schema.units[0];
        assert_eq!(board.docs.lines, ["A board."]);
        assert_eq!((board.methods.len(), board.events.len()), (2, 1));
        assert_eq!(board.methods[0].access, 10);
        assert_eq!(board.methods[0].params.slots, 3);
    }
}
