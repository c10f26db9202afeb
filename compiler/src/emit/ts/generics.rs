//! Generic declarations: generic types, and functions for each list of arguments they are used with.
//!
//! A codec that is handed the codecs of its arguments would be slower and keep all of them in a bundle; only what a
//! schema uses travels, so there is one straight codec for each use, in the module that uses it.

use std::collections::HashMap;

use super::module::{As, Module};
use super::names::{StructNames, UnionNames};
use super::types::{Form, ts_type};
use super::{structs, unions};
use crate::emit::names::{PROTOTYPE_NAMES, Scope, upper_camel};
use crate::emit::writer::Writer;
use crate::ir::generics::Instances;
use crate::ir::{self, Type};

/// Longest name that is made of its arguments' names.
const MAX_LABEL: usize = 80;

/// The generic types that a package uses, with the names of their functions.
#[derive(Default)]
pub(super) struct Uses {
    order: Vec<Type>,
    names: HashMap<Type, UseNames>,
}

/// The names of one use.
enum UseNames {
    Struct(StructNames),
    Union(UnionNames),
}

impl Uses {
    /// Collects what a package uses and names it.
    pub(super) fn new(schema: &ir::Schema, package: &ir::Package, scope: &mut Scope) -> Self {
        let mut instances = Instances::default();
        for &item in &package.items {
            for ty in schema.types_of(item) {
                instances.add(schema, ty);
            }
        }
        let mut uses = Self { order: instances.all, names: HashMap::new() };
        for (n, ty) in uses.order.iter().enumerate() {
            let mut label = label(schema, ty);
            if label.len() > MAX_LABEL {
                label = format!("{}{}", head(schema, ty), n + 1);
            }
            let names = match ty {
                Type::Struct(id, _) => {
                    let mut names = StructNames { name: label, ..StructNames::default() };
                    super::names::claim_codec(&mut names, &schema[*id], scope, schema.is_constrained(ty));
                    UseNames::Struct(names)
                }
                Type::Union(id, _) => {
                    let mut names = UnionNames { name: label, ..UnionNames::default() };
                    super::names::claim_union_codec(&mut names, &schema[*id], scope, schema.is_constrained(ty));
                    UseNames::Union(names)
                }
                _ => continue,
            };
            uses.names.insert(ty.clone(), names);
        }
        uses
    }

    /// Every use, in order.
    pub(super) fn all(&self) -> &[Type] {
        &self.order
    }
}

impl<'a> Module<'a> {
    /// The names of a struct's functions, and the package whose module has them.
    pub(super) fn of_struct(&self, id: ir::StructId, args: &[Type]) -> (ir::PackageId, &'a StructNames) {
        let declared = (self.schema[id].package, &self.names.structs[id.0 as usize]);
        if args.is_empty() {
            return declared;
        }
        match self.names.uses(self.id).names.get(&Type::Struct(id, args.to_vec())) {
            Some(UseNames::Struct(names)) => (self.id, names),
            _ => declared,
        }
    }

    /// The names of a union's functions, and the package whose module has them.
    pub(super) fn of_union(&self, id: ir::UnionId, args: &[Type]) -> (ir::PackageId, &'a UnionNames) {
        let declared = (self.schema[id].package, &self.names.unions[id.0 as usize]);
        if args.is_empty() {
            return declared;
        }
        match self.names.uses(self.id).names.get(&Type::Union(id, args.to_vec())) {
            Some(UseNames::Union(names)) => (self.id, names),
            _ => declared,
        }
    }

    /// A function of a struct.
    pub(super) fn struct_fn(&self, id: ir::StructId, args: &[Type], pick: impl Fn(&StructNames) -> &str) -> String {
        let (package, names) = self.of_struct(id, args);
        self.name(package, pick(names), As::Value)
    }

    /// A function of a union.
    pub(super) fn union_fn(&self, id: ir::UnionId, args: &[Type], pick: impl Fn(&UnionNames) -> &str) -> String {
        let (package, names) = self.of_union(id, args);
        self.name(package, pick(names), As::Value)
    }
}

/// Writes the functions of every use.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer) {
    for ty in m.names.uses(m.id).all() {
        w.blank();
        match ty {
            Type::Struct(id, args) => structs::emit_use(m, w, *id, args),
            Type::Union(id, args) => unions::emit_use(m, w, *id, args),
            _ => {}
        }
    }
}

/// The parameters of a generic declaration, behind its name: `<T, E = string>`. Only those that `wanted` picks.
pub(super) fn declared(m: &Module<'_>, params: &[ir::Param], form: Form, wanted: impl Fn(u32) -> bool) -> String {
    let all = params.iter().zip(0..).filter(|(_, n)| wanted(*n)).map(|(param, n)| {
        let name = ts_type(m, &Type::Param(n), form);
        match &param.default {
            Some(default) => format!("{name} = {}", ts_type(m, default, form)),
            None => name,
        }
    });
    angles(all.collect())
}

/// Arguments behind a name.
pub(super) fn arguments(m: &Module<'_>, args: &[Type], form: Form) -> String {
    angles(args.iter().map(|ty| ts_type(m, ty, form)).collect())
}

pub(super) fn angles(all: Vec<String>) -> String {
    if all.is_empty() { String::new() } else { format!("<{}>", all.join(", ")) }
}

/// The parameters' names: they hide nothing that the module uses.
pub(super) fn param_names(params: &[ir::Param], declared: &Scope) -> Vec<String> {
    let mut scope = Scope::new(PROTOTYPE_NAMES);
    for global in ["Date", "ReadonlyMap", "ReadonlySet", "Uint8Array"] {
        scope.claim(global);
    }
    let free = |name: &str| {
        let mut name = upper_camel(name);
        while declared.has(&name) {
            name.push('_');
        }
        name
    };
    params.iter().map(|param| scope.claim(&free(&param.name))).collect()
}

/// A type as a part of a name: `PageOfPost`.
fn label(schema: &ir::Schema, ty: &Type) -> String {
    let mut parts = ty.parts();
    let (params, args): (&[ir::Param], &[Type]) = match ty {
        Type::Struct(id, args) => (&schema[*id].params, args),
        Type::Union(id, args) => (&schema[*id].params, args),
        _ => (&[], &[]),
    };
    // Arguments that need not be written are no part of the name either.
    let is_default = |n: usize| params[n].default.as_ref().is_some_and(|ty| ty.substitute(args) == args[n]);
    while !args.is_empty() && parts.len() > 1 && is_default(parts.len() - 1) {
        parts.pop();
    }
    let parts: Vec<String> = parts.into_iter().map(|part| label(schema, part)).collect();
    let head = head(schema, ty);
    match ty {
        Type::Optional(_) => format!("{head}{}", parts.concat()),
        _ if parts.is_empty() => head,
        _ => format!("{head}Of{}", parts.join("And")),
    }
}

fn head(schema: &ir::Schema, ty: &Type) -> String {
    match ty {
        Type::List(_) => "List".to_owned(),
        Type::Set(_) => "Set".to_owned(),
        Type::Array(_, len) => format!("Array{len}"),
        Type::Map(..) => "Map".to_owned(),
        Type::Optional(_) => "Optional".to_owned(),
        Type::Decimal { precision, scale } => format!("Decimal{precision}x{scale}"),
        Type::Struct(id, _) => upper_camel(&schema[*id].name),
        Type::Union(id, _) => upper_camel(&schema[*id].name),
        Type::Enum(id) => upper_camel(&schema[*id].name),
        Type::Newtype(id, _) => upper_camel(&schema[*id].name),
        scalar => format!("{scalar:?}"),
    }
}
