//! Structs: the type, its default and its row.

use super::Package;
use super::docs::docs;
use super::names::field_names;
use super::rows;
use super::types::{Collections, collections, declared, default_value, digest, rust_type};
use crate::emit::writer::Writer;
use crate::ir::{self, StructLevel};

/// Writes a struct without its delta.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::StructId) {
    let decl = &g.schema[id];
    let name = &g.names.structs[id.0 as usize].name;
    docs(w, &decl.docs);
    declaration(
        g,
        w,
        &Declaration { name, body: &decl.body, collections: collections(decl.level), derives: "", vis: "pub " },
    );
    w.blank();
    match decl.level {
        StructLevel::Serializers => {
            w.block(format!("impl {name}"), |w| {
                w.line("/// Digest of the layout, which both sides must share.");
                w.line(format!("pub const DIGEST: [u8; 16] = {};", digest(decl.digest)));
            });
            w.blank();
            rows::plain_impl(g, w, name, &decl.body);
        }
        StructLevel::Fields | StructLevel::Partials => rows::row_impl(g, w, name, &decl.body),
    }
    w.line(format!("{}!({name});", g.rt("row_value")));
    if decl.level != StructLevel::Partials {
        w.line(format!("{}!({name});", g.rt("leaf")));
    }
}

/// A struct to declare.
pub(super) struct Declaration<'a> {
    pub(super) name: &'a str,
    pub(super) body: &'a ir::Body,
    pub(super) collections: Collections,
    /// What is derived beside the usual, with a comma in front.
    pub(super) derives: &'a str,
    pub(super) vis: &'a str,
}

/// Writes the struct and its default.
pub(super) fn declaration(g: &Package<'_>, w: &mut Writer, decl: &Declaration<'_>) {
    let &Declaration { name, body, collections, derives, vis } = decl;
    let zero = body.fields.iter().all(|field| declared(field).is_none());
    let default = if zero { "Default, " } else { "" };
    w.line(format!("#[derive(Clone, Debug, {default}PartialEq{derives})]"));
    if body.fields.is_empty() {
        return w.line(format!("{vis}struct {name} {{}}"));
    }
    w.block(format!("{vis}struct {name}"), |w| {
        for (field, name) in body.fields.iter().zip(field_names(body)) {
            docs(w, &field.docs);
            w.line(format!("{vis}{name}: {},", rust_type(g, &field.ty, collections)));
        }
    });
    if !zero {
        w.blank();
        w.block(format!("impl ::core::default::Default for {name}"), |w| {
            w.block("fn default() -> Self", |w| {
                let fields = body.fields.iter().zip(field_names(body));
                let fields = fields.map(|(field, name)| format!("{name}: {}", default_value(g, field)));
                w.spaced_list("Self {", &fields.collect::<Vec<_>>(), "}");
            });
        });
    }
}

/// Writes an implicit struct: parameters, a bare result, the body of an event.
pub(super) fn implicit(g: &Package<'_>, w: &mut Writer, name: &str, body: &ir::Body) {
    declaration(g, w, &Declaration { name, body, collections: Collections::Plain, derives: "", vis: "" });
    w.blank();
    rows::row_impl(g, w, name, body);
}
