//! Names in values: which constant each of them means. Members of enums are found later, by the type of their place.

use super::imports::{FileScope, Imported};
use super::{Package, Resolved, Target};
use crate::source::{FileId, Span};
use crate::syntax::ast::{
    Annotation, FieldBody, ItemKind, Param, Path, Step, Type, TypeKind, UnitBody, Value, ValueKind,
};
use crate::syntax::walk;
use std::collections::HashMap;

/// Binds every name in a value that is the name of a constant.
pub(super) fn bind(resolved: &Resolved<'_>, scopes: &[FileScope<'_>]) -> HashMap<Span, Target> {
    let mut binder = Binder { resolved, scope: None, package: 0, constants: HashMap::new() };
    for (package, of) in resolved.packages.iter().enumerate() {
        binder.package = package;
        for &file in &of.files {
            binder.scope = scopes.get(file);
            binder.annotations(&resolved.files[file].annotations);
        }
    }
    for declared in &resolved.items {
        binder.scope = scopes.get(declared.file);
        binder.package = declared.package;
        walk::annotations(declared.item, &mut |annotations, _| binder.annotations(annotations));
        match &declared.item.kind {
            ItemKind::Struct { body, .. } => binder.fields(body),
            ItemKind::Union { body, .. } => {
                body.cases.iter().filter_map(|c| c.payload.as_ref()).for_each(|body| binder.fields(body));
            }
            ItemKind::Store { key, state, body } => {
                binder.ty(state);
                key.iter().for_each(|key| binder.params(key));
                binder.methods(body);
            }
            ItemKind::Service { body } => binder.methods(body),
            ItemKind::Const { ty, value } => {
                binder.ty(ty);
                binder.value(value);
            }
            ItemKind::Annotation { params, .. } => binder.params(params),
            ItemKind::Alias { target: ty } | ItemKind::Newtype { base: ty } => binder.ty(ty),
            ItemKind::Enum { repr, .. } => repr.iter().for_each(|ty| binder.ty(ty)),
            ItemKind::View { .. } => {}
        }
    }
    binder.constants
}

/// The constants that a file sees, as it writes them.
pub(super) fn visible(resolved: &Resolved<'_>, file: FileId) -> Vec<String> {
    let Some(idx) = resolved.files.iter().position(|f| f.id == file) else { return Vec::new() };
    let own = resolved.packages.iter().filter(|p| p.files.contains(&idx));
    let mut names: Vec<String> = own.flat_map(|p| constants_of(resolved, p)).map(str::to_owned).collect();
    for (name, (imported, _)) in resolved.scopes.get(idx).into_iter().flatten() {
        match imported {
            Imported::Item(item) if is_constant(resolved, *item) => names.push((*name).to_owned()),
            Imported::Package(p) => {
                names.extend(
                    constants_of(resolved, &resolved.packages[*p]).map(|constant| format!("{name}.{constant}")),
                );
            }
            _ => {}
        }
    }
    names
}

fn constants_of<'r>(resolved: &'r Resolved<'_>, package: &'r Package<'_>) -> impl Iterator<Item = &'r str> {
    package.scope.iter().filter(|(_, entry)| is_constant(resolved, entry.item)).map(|(name, _)| *name)
}

fn is_constant(resolved: &Resolved<'_>, item: usize) -> bool {
    matches!(resolved.items[item].item.kind, ItemKind::Const { .. })
}

struct Binder<'s, 'a> {
    resolved: &'s Resolved<'a>,
    scope: Option<&'s FileScope<'a>>,
    package: usize,
    constants: HashMap<Span, Target>,
}

impl Binder<'_, '_> {
    fn fields(&mut self, body: &FieldBody) {
        for field in &body.fields {
            self.ty(&field.ty);
            field.default.iter().for_each(|value| self.value(value));
        }
    }

    fn methods(&mut self, body: &UnitBody) {
        for method in &body.methods {
            method.key.iter().for_each(|key| self.params(key));
            self.params(&method.params);
            method.result.iter().for_each(|ty| self.ty(ty));
        }
    }

    fn params(&mut self, params: &[Param]) {
        for param in params {
            self.ty(&param.ty);
            param.default.iter().for_each(|value| self.value(value));
        }
    }

    /// The lengths of arrays are values.
    fn ty(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Named { args, .. } => args.iter().for_each(|arg| self.ty(arg)),
            TypeKind::Array { element, len } => {
                self.ty(element);
                self.value(len);
            }
            TypeKind::Optional(inner) => self.ty(inner),
            TypeKind::Error => {}
        }
    }

    fn annotations(&mut self, annotations: &[Annotation]) {
        annotations.iter().flat_map(|annotation| &annotation.args).for_each(|arg| self.value(&arg.value));
    }

    fn value(&mut self, value: &Value) {
        match &value.kind {
            ValueKind::Call(_, inner) => self.value(inner),
            ValueKind::Path(path) => {
                if let Some(target) = self.find(path) {
                    self.constants.insert(path.span, target);
                }
            }
            ValueKind::Expr(steps) => {
                for step in steps {
                    if let Step::Value(value) = step {
                        self.value(value);
                    }
                }
            }
            _ => {}
        }
    }

    fn find(&self, path: &Path) -> Option<Target> {
        let imported = |name: &str| self.scope.and_then(|scope| scope.get(name)).map(|(imported, _)| *imported);
        match path.segments.as_slice() {
            [name] => self.in_package(self.package, &name.text).or_else(|| match imported(&name.text)? {
                Imported::Item(item) => is_constant(self.resolved, item).then_some(Target::Item(item)),
                Imported::Error => Some(Target::Error),
                Imported::Package(_) => None,
            }),
            [first, name] => match imported(&first.text)? {
                Imported::Package(package) => self.in_package(package, &name.text),
                Imported::Error => Some(Target::Error),
                Imported::Item(_) => None,
            },
            _ => None,
        }
    }

    fn in_package(&self, package: usize, name: &str) -> Option<Target> {
        let package = &self.resolved.packages[package];
        match package.scope.get(name) {
            Some(entry) => is_constant(self.resolved, entry.item).then_some(Target::Item(entry.item)),
            None => package.lost.contains(name).then_some(Target::Error),
        }
    }
}
