//! Lint rules: what is allowed and still looks like a slip. They look at schemas without errors only. Each has a file here, a
//! line in the table of [`codes`] and a page, which `rssc explain` shows.

mod allow;
mod deprecated_use;
mod name_case;
mod type_case;
mod unused_allow;
mod unused_import;
mod unused_internal;

use crate::diag::{self, Code, Diagnostic, codes};
use crate::ir;
use crate::resolve::{Declared, Resolved};
use crate::source::{Role, SourceMap, Span};
use crate::syntax::ast;

/// A rule: its line in the table, and what finds its findings.
type Rule = (&'static Code, fn(&Cx<'_>, &mut Vec<Diagnostic>));

/// The rules, without [`unused_allow`], which looks at what the others have found.
const RULES: [Rule; 5] = [
    (&codes::DEPRECATED_USE, deprecated_use::find),
    (&codes::NAME_CASE, name_case::find),
    (&codes::TYPE_CASE, type_case::find),
    (&codes::UNUSED_IMPORT, unused_import::find),
    (&codes::UNUSED_INTERNAL, unused_internal::find),
];

/// What the rules see.
struct Cx<'a> {
    resolved: &'a Resolved<'a>,
    sources: &'a SourceMap,
    schema: &'a ir::Schema,
    /// Where declarations are named, and which.
    uses: Vec<(Span, usize)>,
}

/// Applies all rules to the project's own files and leaves out what `@allow` allows. The findings are warnings, sorted by
/// place.
pub fn lint(resolved: &Resolved<'_>, sources: &SourceMap, schema: &ir::Schema) -> Vec<Diagnostic> {
    let cx = Cx { resolved, sources, schema, uses: resolved.uses() };
    let mut allows = allow::Allows::new(&cx);
    let mut found = Vec::new();
    for (_, find) in RULES {
        find(&cx, &mut found);
    }
    found.retain(|d| !allows.allow(d));
    unused_allow::find(&cx, &mut allows, &mut found);
    diag::sort(&mut found);
    found
}

impl<'a> Cx<'a> {
    /// The project's own files.
    fn files(&self) -> impl Iterator<Item = &'a ast::File> + use<'_, 'a> {
        self.resolved.files.iter().filter(|file| self.sources.get(file.id).role == Role::Own)
    }

    /// What the project's own files declare.
    fn items(&self) -> impl Iterator<Item = (usize, &'a Declared<'a>)> + use<'_, 'a> {
        let own = |declared: &Declared<'_>| self.sources.get(self.resolved.files[declared.file].id).role == Role::Own;
        self.resolved.items.iter().enumerate().filter(move |(_, declared)| own(declared))
    }
}

/// Is the second inside of the first?
fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_table_is_here() {
        let here = RULES.iter().map(|(code, _)| code.id).chain([codes::UNUSED_ALLOW.id]);
        let mut here: Vec<&str> = here.collect();
        here.sort_unstable();
        assert_eq!(here, codes::RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
    }

    fn found(text: &str) -> Vec<&'static str> {
        let mut sources = SourceMap::new();
        sources.add("a.rss", format!("edition 2026\npackage a.v1{text}"));
        let checked = crate::analyze(&sources);
        assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
        checked.warnings.iter().map(|d| d.code.id).collect()
    }

    #[test]
    fn the_innermost_allow_counts() {
        let schema = |file: &str, item: &str, field: &str| {
            found(&format!("{file}\nfields struct A{item} {{ next 2, 1 b_c: u8{field} }}\n"))
        };
        let allow = " @allow(name_case, \"why\")";
        assert_eq!(schema("", "", ""), ["name_case"]);
        assert_eq!(schema(allow, "", ""), [""; 0]);
        assert_eq!(schema("", allow, ""), [""; 0]);
        assert_eq!(schema("", "", allow), [""; 0]);
        // The outer one allows nothing that is left.
        assert_eq!(schema(allow, "", allow), ["unused_allow"]);
        assert_eq!(schema("", "", " @allow(type_case, \"why\")"), ["name_case", "unused_allow"]);
        assert_eq!(
            schema(
                " @allow(unused_allow, \"why\")",
                "",
                " @allow(type_case, \"why\") @allow(name_case, reason: \"x\")"
            ),
            [""; 0]
        );
        assert_eq!(schema(" @allow(unused_allow, \"why\")", "", allow), ["unused_allow"]);
    }

    #[test]
    fn parts_of_cases_and_methods_may_be_allowed() {
        let allow = "@allow(name_case, \"why\")";
        let text = format!(
            "\nopen union U {{ next 3, 1 A {{ next 2, 1 b_c: u8 {allow} }}, 2 B {{ next 2, 1 d_e: u8 }} {allow} }}\n\
             service S {{\n rpc f(a_b: u8 {allow})\n rpc g_h(a_b: u8) {allow}\n rpc i(j_k: u8)\n}}\n"
        );
        assert_eq!(found(&text), ["name_case"]);
    }

    #[test]
    fn many_findings_and_allows_take_no_long_time() {
        let line = |n: usize| format!("    {n} a_{n}: u8 @allow(name_case, \"x\") @allow(type_case, \"x\")\n");
        let body = |from: usize| (from..from + 4000).map(|n| line(n - from + 1)).collect::<String>();
        let structs: String =
            (0..2).map(|n| format!("fields struct A{n} {{\n    next 4001\n{}}}\n", body(n))).collect();
        assert_eq!(found(&format!("\n{structs}")).len(), 8_000);
    }
}
