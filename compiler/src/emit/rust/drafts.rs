//! Drafts: how the state of a store is changed in place.

use super::docs::attributes;
use super::partials::Partial;
use super::types::is_copy;
use crate::emit::names::{Scope, rust_ident, snake};
use crate::emit::writer::Writer;
use crate::ir::{self, Type};

impl Partial<'_> {
    pub(super) fn partial(&self, w: &mut Writer) {
        let (patch, draft) = (&self.patch_ty, self.draft);
        let draft_ty = format!("{draft}{}", self.generics.args("'a"));
        self.generics.impl_block(w, &self.g.rt("delta::Partial"), &self.ty, |w| {
            w.line(format_args!("type Draft<'a> = {draft_ty};"));
            w.blank();
            let parameters =
                ["state: &'a mut Self".to_owned(), format!("patch: ::core::option::Option<&'a mut {patch}>")];
            w.list("fn draft<'a>(", &parameters, &format!(") -> {draft_ty} {{"));
            w.enclosed_rest("}", |w| w.line(format_args!("{draft} {{ state, patch }}")));
        });
    }

    pub(super) fn draft_struct(&self, w: &mut Writer) {
        let (name, ty, patch) = (self.name, &self.ty, &self.patch_ty);
        let declared = format!("{}{}", self.draft, self.generics.args("'a"));
        let anonymous = format!("{}{}", self.draft, self.generics.args("'_"));
        w.line(format_args!(
            "/// A [`{name}`] that is being changed: reads go through `Deref`, writes through setters."
        ));
        w.line("#[derive(Debug)]");
        self.generics.block(w, &format!("pub struct {declared}"), |w| {
            w.line(format_args!("state: &'a mut {ty},"));
            w.line("/// None while an enclosing value is set as a whole.");
            w.line(format_args!("patch: ::core::option::Option<&'a mut {patch}>,"));
        });
        w.blank();
        self.generics.impl_block(w, "::core::ops::Deref", &anonymous, |w| {
            w.line(format_args!("type Target = {ty};"));
            w.blank();
            w.block("fn deref(&self) -> &Self::Target", |w| w.line("self.state"));
        });
    }

    pub(super) fn draft_methods(&self, w: &mut Writer) {
        let mut scope = Scope::default();
        let head = format!("impl{} {}{}", self.generics.args(""), self.draft, self.generics.args("'_"));
        self.generics.block(w, &head, |w| {
            for (n, (field, name)) in self.fields().enumerate() {
                if n > 0 {
                    w.blank();
                }
                self.setter(w, field, name, &scope.claim(&format!("set_{}", snake(&field.name))));
            }
            for (field, name) in self.fields() {
                let method = format!("{}_mut", snake(&field.name));
                match &field.ty {
                    Type::Optional(inner) => {
                        if let Some(draft) = self.draft_type(inner) {
                            self.optional_draft(w, field, name, &scope.claim(&rust_ident(&method)), &draft);
                        }
                    }
                    ty => {
                        if let Some(draft) = self.draft_type(ty) {
                            self.plain_draft(w, field, name, &scope.claim(&rust_ident(&method)), &draft);
                        }
                    }
                }
            }
        });
    }

    fn setter(&self, w: &mut Writer, field: &ir::Field, name: &str, method: &str) {
        w.line(format_args!("/// Sets `{name}`."));
        attributes(w, &field.docs);
        w.list(format!("pub fn {method}("), &["&mut self".to_owned(), format!("value: {}", self.ty(&field.ty))], ") {");
        w.enclosed_rest("}", |w| {
            // -0 and 0 are equal and yet not the same.
            let bits = match &field.ty {
                Type::F32 | Type::F64 => ".to_bits()",
                Type::Newtype(_, base) if matches!(**base, Type::F32 | Type::F64) => ".0.to_bits()",
                Type::Optional(inner) if is_float_newtype(inner) => ".map(|value| value.0.to_bits())",
                Type::Optional(inner) if **inner == Type::F32 => ".map(f32::to_bits)",
                Type::Optional(inner) if **inner == Type::F64 => ".map(f64::to_bits)",
                _ => "",
            };
            let test = match field.ty.has_params() {
                true => format!("!{}(&self.state.{name}, &value)", self.g.rt("delta::Delta::same")),
                false => format!("self.state.{name}{bits} != value{bits}"),
            };
            w.block(format_args!("if {test}"), |w| {
                let some = self.g.prelude("Some");
                w.block(format_args!("if let {some}(patch) = self.patch.as_deref_mut()"), |w| {
                    let clone = if is_copy(&field.ty) { "" } else { ".clone()" };
                    w.line(format_args!("patch.{name} = {}::Set(value{clone});", self.g.rt("Change")));
                });
                w.line(format_args!("self.state.{name} = value;"));
            });
        });
    }

    fn plain_draft(&self, w: &mut Writer, field: &ir::Field, name: &str, method: &str, draft: &str) {
        w.blank();
        w.line(format_args!("/// Changes `{name}` in place."));
        attributes(w, &field.docs);
        w.list(format!("pub fn {method}("), &["&mut self".to_owned()], &format!(") -> {draft} {{"));
        w.enclosed_rest("}", |w| {
            self.edit(w, name);
            w.line(format_args!("{}(&mut self.state.{name}, patch)", self.g.rt("delta::Partial::draft")));
        });
    }

    fn optional_draft(&self, w: &mut Writer, field: &ir::Field, name: &str, method: &str, draft: &str) {
        let option = self.g.prelude("Option");
        w.blank();
        w.line(format_args!("/// Changes `{name}` in place, if there is one."));
        attributes(w, &field.docs);
        w.list(format!("pub fn {method}("), &["&mut self".to_owned()], &format!(") -> {option}<{draft}> {{"));
        w.enclosed_rest("}", |w| {
            w.line(format_args!("let state = self.state.{name}.as_mut()?;"));
            self.edit(w, name);
            w.line(format_args!("{}({}(state, patch))", self.g.prelude("Some"), self.g.rt("delta::Partial::draft")));
        });
    }

    fn edit(&self, w: &mut Writer, name: &str) {
        w.line(format_args!("let patch = self.patch.as_deref_mut().and_then(|patch| patch.{name}.edit());"));
    }

    /// The type of a draft, for types that have one.
    fn draft_type(&self, ty: &Type) -> Option<String> {
        match ty {
            Type::List(item) => Some(self.g.rt(&format!("ListDraft<'_, {}>", self.ty(item)))),
            Type::Map(key, value) => Some(self.g.rt(&format!("MapDraft<'_, {}, {}>", self.ty(key), self.ty(value)))),
            Type::Array(item, _) => Some(self.g.rt(&format!("ArrayDraft<'_, {}>", self.ty(item)))),
            Type::Set(item) => Some(self.g.rt(&format!("SetDraft<'_, {}>", self.ty(item)))),
            Type::Struct(id, args) => {
                let draft = self.nested(*id, &self.g.names.structs[id.0 as usize].draft)?;
                let args = args.iter().map(|ty| format!(", {}", self.ty(ty)));
                Some(format!("{draft}<'_{}>", args.collect::<String>()))
            }
            Type::Param(n) if self.generics.is_partials(*n) => {
                Some(format!("<{} as {}>::Draft<'_>", self.ty(ty), self.g.rt("delta::Partial")))
            }
            _ => None,
        }
    }
}

fn is_float_newtype(ty: &Type) -> bool {
    matches!(ty, Type::Newtype(_, base) if matches!(**base, Type::F32 | Type::F64))
}
