//! Type names and error names: what each of them means.

use super::imports::{FileScope, Imported};
use super::{Builtin, Resolved, Target, internal};
use crate::diag::{Diagnostic, Fix, codes, suggest};
use crate::ir::StructLevel;
use crate::source::Span;
use crate::syntax::ast::{self, FieldBody, Item, ItemKind, Path, Type, TypeKind, TypeParam};
use crate::syntax::words;
use std::collections::HashMap;

/// What people coming from other languages write, and what it is called here.
const FOREIGN: [(&str, &str); 48] = [
    ("int", "i32"),
    ("int8", "i8"),
    ("int16", "i16"),
    ("int32", "i32"),
    ("int64", "i64"),
    ("sint32", "i32"),
    ("sint64", "i64"),
    ("uint", "u32"),
    ("uint8", "u8"),
    ("uint16", "u16"),
    ("uint32", "u32"),
    ("uint64", "u64"),
    ("byte", "u8"),
    ("short", "i16"),
    ("long", "i64"),
    ("usize", "u64"),
    ("isize", "i64"),
    ("number", "f64"),
    ("float", "f32"),
    ("float32", "f32"),
    ("float64", "f64"),
    ("double", "f64"),
    ("str", "string"),
    ("String", "string"),
    ("text", "string"),
    ("char", "string"),
    ("boolean", "bool"),
    ("Boolean", "bool"),
    ("Vec", "list"),
    ("vec", "list"),
    ("Array", "list"),
    ("array", "list"),
    ("List", "list"),
    ("repeated", "list"),
    ("Map", "map"),
    ("HashMap", "map"),
    ("BTreeMap", "map"),
    ("Record", "map"),
    ("dict", "map"),
    ("Set", "set"),
    ("HashSet", "set"),
    ("BTreeSet", "set"),
    ("IndexSet", "set"),
    ("Date", "timestamp"),
    ("DateTime", "timestamp"),
    ("datetime", "timestamp"),
    ("Duration", "duration"),
    ("guid", "uuid"),
];

/// How many different unknown names of a run get a suggestion.
const MAX_SUGGESTED: usize = 1_000;

/// What a name may stand for at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Type,
    Error,
    /// A store or its state.
    Store,
}

/// Binds every type name and `throws` name.
pub(super) fn bind(
    resolved: &Resolved<'_>,
    scopes: &[FileScope<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) -> HashMap<Span, Target> {
    let mut binder = Binder {
        resolved,
        scopes,
        item: None,
        file: 0,
        package: 0,
        params: &[],
        targets: HashMap::new(),
        suggested: HashMap::new(),
        diagnostics,
    };
    for declared in &resolved.items {
        binder.file = declared.file;
        binder.package = declared.package;
        binder.item = Some(declared.item);
        binder.params(&declared.item.params);
        binder.item(declared.item);
    }
    binder.targets
}

struct Binder<'s, 'a> {
    resolved: &'s Resolved<'a>,
    scopes: &'s [FileScope<'a>],
    /// Whose names are being bound.
    item: Option<&'s Item>,
    file: usize,
    package: usize,
    /// The parameters that may be named.
    params: &'a [TypeParam],
    targets: HashMap<Span, Target>,
    /// What has been suggested for an unknown type, by file and name.
    suggested: HashMap<(usize, String), Option<String>>,
    diagnostics: &'s mut Vec<Diagnostic>,
}

impl<'a> Binder<'_, 'a> {
    /// A default may name the parameters in front of it, what follows all of them.
    fn params(&mut self, params: &'a [TypeParam]) {
        for (n, param) in params.iter().enumerate() {
            self.params = &params[..n];
            param.default.iter().for_each(|ty| self.ty(ty));
        }
        self.params = params;
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Struct { body, .. } => self.fields(body),
            ItemKind::Enum { repr, .. } => repr.iter().for_each(|ty| self.ty(ty)),
            ItemKind::Union { body, .. } => {
                body.cases.iter().filter_map(|c| c.payload.as_ref()).for_each(|body| self.fields(body));
            }
            ItemKind::Store { key, state, body } => {
                key.iter().flatten().for_each(|p| self.param(p));
                self.ty(state);
                self.methods(body);
            }
            ItemKind::Service { body } => self.methods(body),
            ItemKind::View { of, .. } => self.path(of, Wanted::Store),
            ItemKind::Alias { target } => self.ty(target),
            ItemKind::Newtype { base } => self.ty(base),
            ItemKind::Annotation { params, .. } => params.iter().for_each(|p| self.param(p)),
            ItemKind::Const { ty, .. } => self.ty(ty),
        }
    }

    fn fields(&mut self, body: &FieldBody) {
        body.fields.iter().for_each(|f| self.ty(&f.ty));
    }

    fn methods(&mut self, body: &ast::UnitBody) {
        for method in &body.methods {
            method.key.iter().flatten().chain(&method.params).for_each(|p| self.param(p));
            method.result.iter().for_each(|ty| self.ty(ty));
            if let Some(path) = &method.throws {
                self.path(path, Wanted::Error);
            }
        }
    }

    fn param(&mut self, param: &ast::Param) {
        // What stands behind `_:` is a shape.
        if param.name.text != "_" {
            self.ty(&param.ty);
        }
    }

    fn ty(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Named { path, args, .. } => {
                self.path(path, Wanted::Type);
                args.iter().for_each(|arg| self.ty(arg));
            }
            TypeKind::Array { element, .. } => self.ty(element),
            TypeKind::Optional(inner) => self.ty(inner),
            TypeKind::Error => {}
        }
    }

    fn path(&mut self, path: &Path, wanted: Wanted) {
        let target = match path.segments.as_slice() {
            [name] => self.single(path, &name.text, wanted),
            _ => self.qualified(path, wanted),
        };
        if let (Target::Item(idx), Some(of)) = (target, self.item.filter(|item| item.internal.is_none())) {
            let found = &self.resolved.items[idx];
            if found.item.internal.is_some() && found.package == self.package {
                self.diagnostics.push(internal::leak(found.item, of, path.span));
            }
        }
        self.targets.insert(path.span, target);
    }

    fn single(&mut self, path: &Path, name: &str, wanted: Wanted) -> Target {
        if let Some(builtin) = builtin(name) {
            return match wanted {
                Wanted::Type | Wanted::Store => Target::Builtin(builtin),
                Wanted::Error => self.not_an_error(path, "a built-in type"),
            };
        }
        if let Some(n) = self.params.iter().position(|param| param.name.text == name) {
            return match wanted {
                // What a view is of stands outside of generic declarations.
                Wanted::Type | Wanted::Store => Target::Param(n),
                Wanted::Error => self.not_an_error(path, "a type parameter"),
            };
        }
        let package = &self.resolved.packages[self.package];
        if let Some(entry) = package.scope.get(name) {
            return self.usable(path, entry.item, wanted);
        }
        match self.scopes[self.file].get(name) {
            Some((Imported::Item(item), _)) => self.usable(path, *item, wanted),
            Some((Imported::Package(p), _)) => {
                let message = format!("`{name}` is a package, not a type");
                let label = format!("`{}`; its types are written `{name}.Type`", self.resolved.packages[*p].name);
                self.fail(Diagnostic::new(&codes::NOT_A_TYPE, message, path.span, label))
            }
            Some((Imported::Error, _)) => Target::Error,
            None if package.lost.contains(name) => Target::Error,
            None => self.unknown(path, name, wanted),
        }
    }

    fn qualified(&mut self, path: &Path, wanted: Wanted) -> Target {
        let whole = path.dotted();
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else { return Target::Error };
        let alias = self.scopes[self.file].get(first.text.as_str()).map(|(imported, _)| *imported);
        match (alias, path.segments.len()) {
            (Some(Imported::Error), _) => Target::Error,
            (Some(Imported::Package(p)), 2) => {
                let package = &self.resolved.packages[p];
                match package.scope.get(last.text.as_str()) {
                    Some(entry) => self.usable(path, entry.item, wanted),
                    None if package.lost.contains(last.text.as_str()) => Target::Error,
                    None => {
                        let right = suggest::closest(&last.text, self.names_of(p, wanted));
                        let message = format!("package `{}` has no `{}`", package.name, last.text);
                        let d = Diagnostic::new(&codes::UNKNOWN_TYPE, message, last.span, "not declared there");
                        self.fail(d.did_you_mean(&last.text, right))
                    }
                }
            }
            _ => {
                let aliases = self.scopes[self.file].iter();
                let aliases = aliases.filter(|(_, (i, _))| matches!(i, Imported::Package(_))).map(|(name, _)| *name);
                let right = suggest::closest(&first.text, aliases).filter(|_| path.segments.len() == 2);
                let message = format!("unknown type `{whole}`");
                let label = format!("`{}` is not the alias of an import", first.text);
                let span = if right.is_some() { first.span } else { path.span };
                let d = Diagnostic::new(&codes::UNKNOWN_TYPE, message, span, label).did_you_mean(&first.text, right);
                self.fail(d.note("Types of other packages are written `alias.Type` behind `import a.b.v1 as alias`."))
            }
        }
    }

    /// A declaration that was found: may it stand here?
    fn usable(&mut self, path: &Path, idx: usize, wanted: Wanted) -> Target {
        let item = self.resolved.items[idx].item;
        let what = match (&item.kind, wanted) {
            (_, Wanted::Store) => return Target::Item(idx),
            (ItemKind::Union { is_error: true, .. }, Wanted::Error) => return Target::Item(idx),
            (ItemKind::Union { is_error: false, .. }, Wanted::Type) => return Target::Item(idx),
            (
                ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Alias { .. } | ItemKind::Newtype { .. },
                Wanted::Type,
            ) => {
                return Target::Item(idx);
            }
            (ItemKind::Union { is_error: true, .. }, _) => "an error",
            (ItemKind::Union { .. }, _) => "a union",
            (ItemKind::Struct { .. }, _) => "a struct",
            (ItemKind::Enum { .. }, _) => "an enum",
            (ItemKind::Store { .. }, _) => "a store",
            (ItemKind::Service { .. }, _) => "a service",
            (ItemKind::View { .. }, _) => "a view",
            (ItemKind::Alias { .. }, _) => "an alias of a type",
            (ItemKind::Newtype { .. }, _) => "a newtype",
            (ItemKind::Const { .. }, _) => "a constant",
            (ItemKind::Annotation { .. }, _) => "an annotation",
        };
        if wanted == Wanted::Error {
            let declared = item.name.span;
            let target = self.not_an_error(path, what);
            if let Some(last) = self.diagnostics.pop() {
                self.diagnostics.push(last.label(declared, "declared here"));
            }
            return target;
        }
        let message = format!("`{}` is {what}, not a type", item.name.text);
        let mut d = Diagnostic::new(&codes::NOT_A_TYPE, message, path.span, "a struct, enum or union is needed here")
            .label(item.name.span, "declared here");
        if what == "an error" {
            d = d.note("Errors are named behind `throws` only; what they have in common with data can be a union.");
        }
        self.fail(d)
    }

    fn not_an_error(&mut self, path: &Path, what: &str) -> Target {
        let message = format!("`{}` is {what}, not an error", path.dotted());
        let d = Diagnostic::new(&codes::NOT_AN_ERROR, message, path.span, "`throws` names an `error`");
        self.fail(d.note("An error is declared `error Name { next 2, 1 NotFound }`."))
    }

    fn unknown(&mut self, path: &Path, name: &str, wanted: Wanted) -> Target {
        let what = match wanted {
            Wanted::Type => "type",
            Wanted::Error => "error",
            Wanted::Store => "store",
        };
        let d = Diagnostic::new(
            &codes::UNKNOWN_TYPE,
            format!("unknown {what} `{name}`"),
            path.span,
            "neither declared in this package nor imported",
        );
        if let Some((_, right)) =
            FOREIGN.iter().find(|(foreign, _)| *foreign == name).filter(|_| wanted == Wanted::Type)
        {
            return self.fail(d.did_you_mean(name, Some(right)));
        }
        if matches!(name, "Option" | "optional" | "Optional") {
            return self.fail(d.note("An optional type is written with `?` behind it: `string?`."));
        }
        if matches!(name, "i128" | "u128" | "int128" | "uint128") {
            return self
                .fail(d.note("Integers have up to 64 bits; `bigint` has no limit, `decimal(38, 0)` has 38 digits."));
        }
        if name == "stream" {
            return self.fail(d.note("An rpc is written `rpc name(stream x: T) -> stream U`; a stream is no type."));
        }
        if self.item.is_some_and(|item| item.params.iter().any(|param| param.name.text == name)) {
            return self.fail(d.note("The default of a parameter may name only parameters in front of it."));
        }
        if name == "Result" {
            return self.fail(d.note("An rpc is written `rpc name() -> T throws E`."));
        }
        if let Some(right) = suggest::closest(name, self.params.iter().map(|param| param.name.text.as_str())) {
            return self.fail(d.did_you_mean(name, Some(right)));
        }
        if let Some(known) = self.suggested.get(&(self.file, name.to_owned())) {
            let right = known.clone();
            return self.fail(d.did_you_mean(name, right.as_deref()));
        }
        let builtins: &[&str] = if wanted == Wanted::Type { &words::TYPES } else { &[] };
        let imported = self.scopes[self.file].iter();
        let imported = imported.filter(|(_, (i, _))| matches!(i, Imported::Item(_))).map(|(name, _)| *name);
        let own = self.names_of(self.package, wanted);
        // A file full of wrong names must not cost the square of its length.
        let right = match self.suggested.len() < MAX_SUGGESTED {
            true => suggest::closest(name, builtins.iter().copied().chain(own).chain(imported)).map(str::to_owned),
            false => None,
        };
        if let Some(elsewhere) = self.elsewhere(name) {
            let d = d.note(format!("Package `{elsewhere}` has a `{name}`: `import {elsewhere}.{{{name}}}`."));
            return self.fail(match self.import_place() {
                Some(at) => d.fix(
                    Fix::guess(format!("add `import {elsewhere}.{{{name}}}`"))
                        .edit(at, format!("\nimport {elsewhere}.{{{name}}}")),
                ),
                None => d,
            });
        }
        let d = d.did_you_mean(name, right.as_deref());
        if wanted == Wanted::Type {
            self.suggested.insert((self.file, name.to_owned()), right);
        }
        self.fail(d)
    }

    /// Another package that declares the name.
    fn elsewhere(&self, name: &str) -> Option<String> {
        let mut packages = self.resolved.packages.iter().enumerate();
        let has = |(idx, p): &(usize, &super::Package<'_>)| {
            *idx != self.package && !p.name.is_empty() && p.scope.contains_key(name)
        };
        packages.find(has).map(|(_, p)| p.name.clone())
    }

    /// Where a new import line goes.
    fn import_place(&self) -> Option<Span> {
        let file = &self.resolved.files[self.file];
        let last = file.imports.last().map(|i| i.span);
        Some(last.or(file.package.as_ref().map(|p| p.span))?.after())
    }

    fn names_of(&self, package: usize, wanted: Wanted) -> Vec<&str> {
        let scope = &self.resolved.packages[package].scope;
        let fits = |entry: &super::Entry| match &self.resolved.items[entry.item].item.kind {
            ItemKind::Union { is_error: true, .. } => wanted == Wanted::Error,
            ItemKind::Union { .. } => wanted == Wanted::Type,
            ItemKind::Store { .. } => wanted == Wanted::Store,
            ItemKind::Struct { level: Some(StructLevel::Partials), .. } if wanted == Wanted::Store => true,
            ItemKind::Struct { .. } | ItemKind::Enum { .. } | ItemKind::Alias { .. } | ItemKind::Newtype { .. } => {
                wanted == Wanted::Type
            }
            _ => false,
        };
        scope.iter().filter(|(_, entry)| fits(entry)).map(|(name, _)| *name).collect()
    }

    fn fail(&mut self, diagnostic: Diagnostic) -> Target {
        self.diagnostics.push(diagnostic);
        Target::Error
    }
}

fn builtin(name: &str) -> Option<Builtin> {
    match words::TYPES.iter().find(|b| **b == name)? {
        &"list" => Some(Builtin::List),
        &"map" => Some(Builtin::Map),
        &"set" => Some(Builtin::Set),
        &"decimal" => Some(Builtin::Decimal),
        scalar => Some(Builtin::Scalar(scalar)),
    }
}
