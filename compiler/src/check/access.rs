//! Access levels.

use super::Cx;
use super::annotations::{Annotations, Given};
use crate::diag::{Diagnostic, codes, suggest};
use crate::ir;
use crate::source::Span;
use crate::syntax::ast::{Access, Name};
use std::collections::BTreeMap;

impl<'a> Cx<'a> {
    /// Reads the access block; without one there is the single level `Public`.
    pub(super) fn levels(&mut self) {
        let resolved = self.resolved;
        let mut blocks = Vec::new();
        for (package, p) in resolved.packages.iter().enumerate() {
            blocks.extend(p.files.iter().flat_map(|&f| &resolved.files[f].access).map(|block| (package, block)));
        }
        if let Some(&(package, block)) = blocks.first() {
            self.schema.access_package = Some(ir::PackageId(package as u32));
            self.block(block);
            for (_, again) in &blocks[1..] {
                let d = Diagnostic::new(
                    &codes::ACCESS_BLOCK,
                    "the project has two access blocks",
                    again.span,
                    "a second one",
                );
                self.report(
                    d.label(block.span, "the first one")
                        .note("Levels are visible in every package, so one block is enough."),
                );
            }
        }
        if self.schema.levels.is_empty() {
            self.schema.levels.push(ir::Level { name: "Public".to_owned(), number: 0, docs: ir::Docs::default() });
        }
    }

    fn block(&mut self, block: &'a Access) {
        if block.levels.is_empty() && !block.broken {
            let d =
                Diagnostic::new(&codes::EMPTY, "the access block has no levels", block.span, "at least one is needed");
            self.report(d);
        }
        let mut names: BTreeMap<&str, Span> = BTreeMap::new();
        let mut numbers: BTreeMap<u32, &str> = BTreeMap::new();
        for level in &block.levels {
            let name = level.name.text.as_str();
            if let Some(first) = names.insert(name, level.name.span) {
                let d = Diagnostic::new(
                    &codes::ACCESS_BLOCK,
                    format!("level `{name}` is declared twice"),
                    level.name.span,
                    "declared again here",
                );
                self.report(d.label(first, "first declared here"));
                continue;
            }
            let Some(value) = level.number.value else { continue };
            let Ok(number) = u32::try_from(value) else {
                let message = format!("level `{name}` has the number {value}");
                self.report(Diagnostic::new(
                    &codes::ID_RANGE,
                    message,
                    level.number.span,
                    "level numbers are 0 to 4294967295",
                ));
                continue;
            };
            if let Some(other) = numbers.insert(number, name) {
                let message = format!("levels `{other}` and `{name}` have the same number");
                let d = Diagnostic::new(&codes::ACCESS_BLOCK, message, level.number.span, "used again here");
                self.report(
                    d.label(names[other], "first used here")
                        .note("A higher number may see more, so levels are in one order."),
                );
            }
            self.schema.levels.push(ir::Level { name: name.to_owned(), number, docs: level.docs.clone().into() });
        }
        self.schema.levels.sort_by_key(|l| l.number);
    }

    /// Number of the lowest level.
    pub(super) fn lowest(&self) -> u32 {
        self.schema.levels.first().map_or(0, |l| l.number)
    }

    /// The level that the annotations ask for.
    pub(super) fn access(annotations: &Annotations<'a>) -> Option<(u32, Span)> {
        let used = annotations.get("access")?;
        match used.arg("level")? {
            Given::Level(number) => Some((*number, used.span)),
            _ => None,
        }
    }

    /// The number of the level with this name.
    pub(super) fn level(&mut self, level: &Name) -> Option<u32> {
        let name = level.text.as_str();
        if let Some(found) = self.schema.levels.iter().find(|l| l.name == name) {
            return Some(found.number);
        }
        // A level whose line could not be read has been reported.
        if self.resolved.files.iter().any(|f| f.lost.iter().any(|n| n.text == name)) {
            return None;
        }
        let names = self.schema.levels.iter().map(|l| l.name.as_str());
        let right = suggest::closest(name, names.clone());
        let list = names.map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        let d = Diagnostic::new(
            &codes::UNKNOWN_LEVEL,
            format!("unknown access level `{name}`"),
            level.span,
            "not declared",
        );
        let d = d.did_you_mean(name, right).note(match self.schema.access_package {
            Some(_) => format!("The access block declares {list}."),
            None => "Without an access block there is only `Public`; declare `access { Public = 0, .. }`.".to_owned(),
        });
        self.report(d);
        None
    }
}
