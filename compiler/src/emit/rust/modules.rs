//! The module tree: `mod.rs`, and what a package's file declares when other packages lie below it.

use std::collections::BTreeMap;

use super::docs::{docs, docs_or};
use super::names::Names;
use crate::emit::Options;
use crate::emit::names::{Scope, rust_ident, snake};
use crate::emit::writer::Writer;
use crate::ir;

/// What users of generated modules need not hear about. The schema decides names, docs and sizes, and a program need not
/// use all that was generated.
const ALLOWED: &[&str] = &[
    "dead_code, deprecated, missing_docs, non_camel_case_types, unreachable_patterns, unreachable_pub",
    "clippy::approx_constant, clippy::doc_lazy_continuation, clippy::empty_docs, clippy::enum_variant_names",
    "clippy::large_enum_variant, clippy::module_inception, clippy::should_implement_trait",
    "clippy::too_many_arguments, clippy::type_complexity, clippy::unreadable_literal, clippy::upper_case_acronyms",
    "clippy::wrong_self_convention, rustdoc::all",
];

/// A folder of modules by identifier.
#[derive(Default)]
pub(super) struct Tree {
    package: Option<ir::PackageId>,
    children: BTreeMap<String, Tree>,
}

impl Tree {
    /// The tree of all packages.
    pub(super) fn new(names: &Names) -> Self {
        let mut root = Self::default();
        for n in 0..names.n_packages() {
            let id = ir::PackageId(n);
            let node =
                names.modules(id).iter().fold(&mut root, |node, name| node.children.entry(name.clone()).or_default());
            node.package = Some(id);
        }
        root
    }

    fn find(&self, path: &[String]) -> Option<&Self> {
        path.iter().try_fold(self, |node, name| node.children.get(name))
    }
}

/// The text of `mod.rs`.
pub(super) fn root(schema: &ir::Schema, tree: &Tree, options: &Options) -> String {
    let mut w = Writer::new("    ");
    w.line(crate::emit::first_line("", options));
    if schema.access_package.is_some() {
        w.blank();
        access(&mut w, schema, options);
    }
    for (name, node) in &tree.children {
        w.blank();
        for names in ALLOWED {
            w.line(format_args!("#[allow({names})]"));
        }
        module(&mut w, schema, name, node);
    }
    w.into_text()
}

/// Declares the packages below a package inside the file of that package.
pub(super) fn children(w: &mut Writer, names: &Names, schema: &ir::Schema, tree: &Tree, id: ir::PackageId) {
    for (name, node) in tree.find(names.modules(id)).into_iter().flat_map(|node| &node.children) {
        w.blank();
        module(w, schema, name, node);
    }
}

fn module(w: &mut Writer, schema: &ir::Schema, name: &str, node: &Tree) {
    let Some(package) = node.package else {
        return w.block(format_args!("pub mod {name}"), |w| {
            for (n, (name, node)) in node.children.iter().enumerate() {
                if n > 0 {
                    w.blank();
                }
                module(w, schema, name, node);
            }
        });
    };
    docs(w, &schema[package].docs);
    // The text is formatted for one width, whatever width the project around it uses.
    w.line("#[rustfmt::skip]");
    w.line(format_args!("pub mod {name};"));
}

fn access(w: &mut Writer, schema: &ir::Schema, options: &Options) {
    w.line("/// Access levels, lowest first.");
    w.line("#[allow(clippy::module_inception, dead_code, unreachable_pub)]");
    w.block("pub mod access", |w| {
        let mut scope = Scope::default();
        for (n, level) in schema.levels.iter().enumerate() {
            if n > 0 {
                w.blank();
            }
            docs_or(w, &level.docs, &format!("The level `{}`.", level.name));
            let name = scope.claim(&rust_ident(&snake(&level.name).to_uppercase()));
            let rt = &options.runtime;
            w.line(format_args!("pub const {name}: {rt}::Level = {rt}::Level({});", level.number));
        }
    });
}
