//! Names and imports: which declaration every name in the trees means.

mod annotations;
mod imports;
mod internal;
mod scope;
mod types;
mod values;

use crate::diag::Diagnostic;
use crate::ir;
use crate::source::{FileId, Span};
use crate::syntax::ast;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// All files of a project with every name bound.
#[derive(Debug)]
pub struct Resolved<'a> {
    /// The trees, in the order of their sources.
    pub files: &'a [ast::File],
    /// Packages in the order in which files first name them.
    pub packages: Vec<Package<'a>>,
    /// All declarations: package by package, file by file, in order.
    pub items: Vec<Declared<'a>>,
    targets: HashMap<Span, Target>,
    constants: HashMap<Span, Target>,
    annotations: HashMap<Span, Target>,
    scopes: Vec<imports::FileScope<'a>>,
}

/// All files that say `package NAME`.
#[derive(Debug)]
pub struct Package<'a> {
    /// Dotted name.
    pub name: String,
    /// Positions in [`Resolved::files`].
    pub files: Vec<usize>,
    /// Where the first file names it; `None` if it names none (reported).
    pub span: Option<Span>,
    /// What its declarations are called.
    scope: BTreeMap<&'a str, Entry>,
    /// Names whose declaration could not be read.
    lost: BTreeSet<&'a str>,
}

/// What a name in a package stands for.
#[derive(Clone, Copy, Debug)]
struct Entry {
    item: usize,
    span: Span,
}

/// A declaration and the handle it gets in the checked model.
#[derive(Clone, Copy, Debug)]
pub struct Declared<'a> {
    /// The tree.
    pub item: &'a ast::Item,
    /// Position in [`Resolved::packages`].
    pub package: usize,
    /// Position in [`Resolved::files`].
    pub file: usize,
    /// Its handle.
    pub id: ir::Item,
}

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A built-in type.
    Builtin(Builtin),
    /// A declaration, by position in [`Resolved::items`].
    Item(usize),
    /// A parameter of the declaration that the name stands in, by position.
    Param(usize),
    /// Already reported.
    Error,
}

/// A built-in type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// A type without arguments, by its name.
    Scalar(&'static str),
    /// `list<T>`
    List,
    /// `map<K, V>`
    Map,
    /// `set<T>`
    Set,
    /// `decimal(p, s)`
    Decimal,
}

impl<'a> Resolved<'a> {
    /// What the type name at this place means.
    pub fn target(&self, path: &ast::Path) -> Target {
        self.targets.get(&path.span).copied().unwrap_or(Target::Error)
    }

    /// Where a package declares a name, if it does.
    pub fn declared_in(&self, package: usize, name: &str) -> Option<Span> {
        self.packages[package].scope.get(name).map(|entry| entry.span)
    }

    /// The constant that the name at this place means; `None` if it means none.
    pub fn constant(&self, path: &ast::Path) -> Option<Target> {
        self.constants.get(&path.span).copied()
    }

    /// What the name of an annotation means that is not built in; `None` if it means nothing.
    pub fn annotation(&self, path: &ast::Path) -> Option<Target> {
        self.annotations.get(&path.span).copied()
    }

    /// Where declarations are named, and which, by position in [`Resolved::items`]; sorted by place. Imports do not count.
    pub fn uses(&self) -> Vec<(Span, usize)> {
        let item = |target: &Target| if let Target::Item(item) = target { Some(*item) } else { None };
        let all = [&self.targets, &self.constants, &self.annotations].into_iter().flatten();
        let mut uses: Vec<(Span, usize)> = all.filter_map(|(span, target)| Some((*span, item(target)?))).collect();
        uses.sort_unstable();
        uses
    }

    /// The declared annotations that a file sees, as it writes them.
    pub fn visible_annotations(&self, file: FileId) -> Vec<String> {
        annotations::visible(self, file)
    }

    /// The constants that a file sees, as it writes them.
    pub fn visible_constants(&self, file: FileId) -> Vec<String> {
        values::visible(self, file)
    }
}

/// Binds every name of the project.
pub fn resolve(files: &[ast::File]) -> (Resolved<'_>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let (packages, items) = scope::collect(files, &mut diagnostics);
    let mut resolved = Resolved {
        files,
        packages,
        items,
        targets: HashMap::new(),
        constants: HashMap::new(),
        annotations: HashMap::new(),
        scopes: Vec::new(),
    };
    let scopes = imports::bind(&resolved, &mut diagnostics);
    resolved.targets = types::bind(&resolved, &scopes, &mut diagnostics);
    resolved.constants = values::bind(&resolved, &scopes);
    resolved.annotations = annotations::bind(&resolved, &scopes);
    resolved.scopes = scopes;
    internal::check(&resolved, &mut diagnostics);
    (resolved, diagnostics)
}
