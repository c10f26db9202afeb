//! Partials: the patch of a struct, its delta, and the draft through which it is changed.

use super::Package;
use super::generics::Generics;
use super::names::field_names;
use super::rows::{self, Slot, slots};
use super::types::{Collections, Place, declared, default_maker, default_test_for, rust_type, with_arguments};
use crate::emit::names::{Scope, snake};
use crate::emit::writer::Writer;
use crate::ir::{self, StructLevel, Type};

/// Writes everything that a `partials` struct has beyond a `fields` struct.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::StructId) {
    let names = &g.names.structs[id.0 as usize];
    let g = &g.within(&names.params);
    let generics = Generics::new(g, &g.schema[id].params, Collections::Shared);
    let args = generics.args("");
    let p = Partial {
        g,
        ty: format!("{}{args}", names.name),
        patch_ty: format!("{}{args}", names.patch),
        generics,
        name: &names.name,
        path: &names.path,
        patch: &names.patch,
        draft: &names.draft,
        body: &g.schema[id].body,
        fields: field_names(&g.schema[id].body),
    };
    w.blank();
    p.patch_struct(w);
    w.blank();
    p.patch_builder(w);
    w.blank();
    p.delta(w);
    w.blank();
    p.partial(w);
    w.blank();
    p.draft_struct(w);
    if !p.body.fields.is_empty() {
        w.blank();
        p.draft_methods(w);
    }
    w.blank();
    p.paths(w);
}

/// A `partials` struct that is being written.
pub(super) struct Partial<'a> {
    pub(super) g: &'a Package<'a>,
    pub(super) generics: Generics,
    /// The struct and its patch with their parameters; without them: their names.
    pub(super) ty: String,
    pub(super) patch_ty: String,
    pub(super) name: &'a str,
    pub(super) path: &'a str,
    pub(super) patch: &'a str,
    pub(super) draft: &'a str,
    pub(super) body: &'a ir::Body,
    pub(super) fields: Vec<String>,
}

impl Partial<'_> {
    pub(super) fn fields(&self) -> impl Iterator<Item = (&ir::Field, &str)> {
        self.body.fields.iter().zip(self.fields.iter().map(String::as_str))
    }

    pub(super) fn ty(&self, ty: &Type) -> String {
        rust_type(self.g, ty, Collections::Shared)
    }

    /// The call of a function of `Delta`.
    fn delta_fn(&self, name: &str) -> String {
        self.g.rt(&format!("delta::Delta::{name}"))
    }

    fn patch_struct(&self, w: &mut Writer) {
        w.line(format_args!("/// What a commit changes in a [`{}`].", self.name));
        let default = if self.generics.is_empty() { "Default, " } else { "" };
        w.line(format_args!("#[derive(Clone, Debug, {default}PartialEq)]"));
        if self.body.fields.is_empty() {
            return w.line(format_args!("pub struct {} {{}}", self.patch));
        }
        let change = self.g.rt("Change");
        self.generics.block(w, &format!("pub struct {}", self.patch_ty), |w| {
            for (field, name) in self.fields() {
                w.line(format_args!("pub {name}: {change}<{}>,", self.ty(&field.ty)));
            }
        });
        if !self.generics.is_empty() {
            w.blank();
            self.generics.impl_block(w, "::core::default::Default", &self.patch_ty, |w| {
                w.block("fn default() -> Self", |w| {
                    let fields: Vec<String> =
                        self.fields().map(|(_, name)| format!("{name}: {change}::Keep")).collect();
                    w.spaced_list("Self {", &fields, "}");
                });
            });
        }
    }

    fn patch_builder(&self, w: &mut Writer) {
        let mut scope = Scope::new(&["new"]);
        let change = self.g.rt("Change");
        let head = format!("impl{} {}", self.generics.args(""), self.patch_ty);
        self.generics.block(w, &head, |w| {
            w.line("/// Changes nothing yet.");
            w.block("pub fn new() -> Self", |w| w.line("::core::default::Default::default()"));
            for (field, name) in self.fields() {
                w.blank();
                w.line(format_args!("/// Sets `{name}`."));
                w.line("#[must_use]");
                let method = scope.claim(name);
                w.list(
                    format!("pub fn {method}("),
                    &["mut self".to_owned(), format!("value: {}", self.ty(&field.ty))],
                    ") -> Self {",
                );
                w.enclosed_rest("}", |w| {
                    w.line(format_args!("self.{name} = {change}::Set(value);"));
                    w.line("self");
                });
            }
            for (field, name) in self.fields() {
                let Some(patch) = self.patch_type(&field.ty) else { continue };
                w.blank();
                w.line(format_args!("/// Changes a part of `{name}`."));
                w.line("#[must_use]");
                let method = scope.claim(&format!("{}_patch", snake(&field.name)));
                w.list(format!("pub fn {method}("), &["mut self".to_owned(), format!("patch: {patch}")], ") -> Self {");
                w.enclosed_rest("}", |w| {
                    w.line(format_args!("self.{name} = {change}::Patch(patch);"));
                    w.line("self");
                });
            }
        });
    }

    /// The type of a patch, for types that have one.
    fn patch_type(&self, ty: &Type) -> Option<String> {
        match ty {
            Type::Optional(inner) => self.patch_type(inner),
            Type::List(item) => Some(self.g.rt(&format!("ListPatch<{}>", self.ty(item)))),
            Type::Map(key, value) => Some(self.g.rt(&format!("MapPatch<{}, {}>", self.ty(key), self.ty(value)))),
            Type::Array(item, _) => Some(self.g.rt(&format!("ArrayPatch<{}>", self.ty(item)))),
            Type::Set(item) => Some(self.g.rt(&format!("SetPatch<{}>", self.ty(item)))),
            Type::Struct(id, args) => {
                let patch = self.nested(*id, &self.g.names.structs[id.0 as usize].patch)?;
                Some(with_arguments(self.g, patch, args, Collections::Shared))
            }
            Type::Param(n) if self.generics.is_partials(*n) => {
                Some(format!("<{} as {}>::Patch", self.ty(ty), self.g.rt("delta::Delta")))
            }
            _ => None,
        }
    }

    pub(super) fn nested(&self, id: ir::StructId, name: &str) -> Option<String> {
        let partials = self.g.schema[id].level == StructLevel::Partials;
        partials.then(|| self.g.names.path(self.g.id, self.g.schema[id].package, name))
    }

    fn delta(&self, w: &mut Writer) {
        let g = self.g;
        let (change, patch) = (g.rt("Change"), &self.patch_ty);
        self.generics.impl_block(w, &g.rt("delta::Delta"), &self.ty, |w| {
            w.line(format_args!("type Patch = {patch};"));
            w.blank();
            w.block(format_args!("fn is_empty(patch: &{patch}) -> bool"), |w| {
                self.unused(w, &["patch"]);
                let tests = self.fields().map(|(_, name)| format!("patch.{name}.is_keep()"));
                rows::conjunction(w, &tests.collect::<Vec<_>>());
            });
            w.blank();
            let result = format!("::core::result::Result<(), {}>", g.rt("delta::Mismatch"));
            let parameters = ["&mut self".to_owned(), format!("patch: &{patch}")];
            w.list("fn apply(", &parameters, &format!(") -> {result} {{"));
            w.enclosed_rest("}", |w| {
                self.unused(w, &["patch"]);
                self.each(w, |name| format!("patch.{name}.apply(&mut self.{name})?;"));
                w.line(format_args!("{}(())", g.prelude("Ok")));
            });
            w.blank();
            w.block(format_args!("fn diff(&self, new: &Self) -> {change}<Self>"), |w| {
                self.unused(w, &["new"]);
                let diff = self.delta_fn("diff");
                let fields = self.fields().map(|(_, name)| format!("{name}: {diff}(&self.{name}, &new.{name})"));
                w.spaced_list(format!("{change}::from_patch({} {{", self.patch), &fields.collect::<Vec<_>>(), "})");
            });
            w.blank();
            w.block(format_args!("fn settle(&self, patch: &mut {patch})"), |w| {
                self.unused(w, &["patch"]);
                self.each(w, |name| format!("patch.{name}.settle(&self.{name});"));
            });
            w.blank();
            let parameters = [format!("patch: &mut {patch}"), "old: &Self".to_owned(), "new: &Self".to_owned()];
            w.list("fn prune(", &parameters, ") {");
            w.enclosed_rest("}", |w| {
                self.unused(w, &["patch", "old", "new"]);
                self.each(w, |name| format!("patch.{name}.prune(&old.{name}, &new.{name});"));
            });
            w.blank();
            let parameters = [format!("patch: &{patch}"), format!("w: &mut {}", g.rt("codec::Writer"))];
            w.list("fn encode_patch(", &parameters, ") -> bool {");
            w.enclosed_rest("}", |w| self.encode_patch(w));
            w.blank();
            rows::decode_fn(g, w, "decode_patch", patch, |w| self.decode_patch(w));
            super::checks::patch(g, w, patch, self.body);
        });
    }

    fn each(&self, w: &mut Writer, line: impl Fn(&str) -> String) {
        for (_, name) in self.fields() {
            w.line(line(name));
        }
    }

    /// Names the parameters that a struct without fields has no use for.
    fn unused(&self, w: &mut Writer, parameters: &[&str]) {
        if let ([], [parameter]) = (self.body.fields.as_slice(), parameters) {
            w.line(format_args!("let _ = {parameter};"));
        } else if self.body.fields.is_empty() {
            w.line(format_args!("let _ = ({});", parameters.join(", ")));
        }
    }

    fn encode_patch(&self, w: &mut Writer) {
        self.unused(w, &["patch"]);
        w.line(format_args!("let ops = w.ops({});", self.body.slots));
        if self.body.fields.iter().any(|field| self.g.schema.hides(&field.ty)) {
            w.line("let level = w.level();");
        }
        for slot in slots(self.body, &self.fields) {
            let Slot::Field(field, name) = slot else { continue };
            let call = self.change_call(field, name);
            match field.access {
                Some(level) => {
                    w.block(format_args!("if w.sees({}({level}))", self.g.rt("Level")), |w| w.line(call));
                }
                None => w.line(call),
            }
        }
        w.line("w.end_ops(ops)");
    }

    fn change_call(&self, field: &ir::Field, name: &str) -> String {
        let arguments = format!("ops, {}, &patch.{name}", field.id);
        match &field.ty {
            Type::Bool => format!("w.change_bool({arguments}, {});", declared(field).is_some()),
            Type::Optional(inner) if **inner == Type::Bool => format!("w.change_opt_bool({arguments});"),
            Type::Optional(_) => format!("w.change_opt({arguments});"),
            _ => {
                let test = default_test_for(self.g, field, &Place::reference("v"), "level").is;
                let test = match test.strip_suffix("(v)") {
                    Some(function) => function.to_owned(),
                    None => format!("|v| {test}"),
                };
                format!("w.change({arguments}, {test});")
            }
        }
    }

    fn decode_patch(&self, w: &mut Writer) {
        w.line("let ops = r.ops()?;");
        rows::refuse_unused(w, self.body, "ops(&ops");
        let mutable = if self.body.fields.is_empty() { "" } else { "mut " };
        w.line(format_args!("let {mutable}patch = {}::new();", self.patch));
        for slot in slots(self.body, &self.fields) {
            match slot {
                Slot::Field(field, name) => {
                    let id = field.id;
                    let call = match &field.ty {
                        Type::Bool => format!("change_bool(&ops, {id}, {})", declared(field).is_some()),
                        Type::Optional(inner) if **inner == Type::Bool => format!("change_opt_bool(&ops, {id})"),
                        Type::Optional(_) => format!("change_opt(&ops, {id})"),
                        _ => format!("change(&ops, {id}, {})", default_maker(self.g, field)),
                    };
                    w.line(format_args!("patch.{name} = r.{call}?;"));
                }
                Slot::Retired(retired) => {
                    w.line(format_args!(
                        "r.skip_change(&ops, {}, {})?;",
                        retired.id,
                        rows::shape(self.g, retired.shape)
                    ));
                }
            }
        }
        w.line(format_args!("r.end_ops(&ops, {})?;", self.body.slots));
        w.line(format_args!("{}(patch)", self.g.prelude("Ok")));
    }
}
