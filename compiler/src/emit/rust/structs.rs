//! Structs: the type, its default and its row.

use super::Package;
use super::docs::docs;
use super::generics::Generics;
use super::names::field_names;
use super::rows;
use super::types::{Collections, collections, declared, default_value, derives_default, digest, rust_type};
use crate::emit::writer::Writer;
use crate::ir::{self, StructLevel};

/// Writes a struct without its delta.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::StructId) {
    let decl = &g.schema[id];
    let names = &g.names.structs[id.0 as usize];
    let (name, g) = (&names.name, &g.within(&names.params));
    let collections = collections(decl.level);
    let generics = &Generics::new(g, &decl.params, collections);
    docs(w, &decl.docs);
    declaration(g, w, &Declaration { name, generics, body: &decl.body, collections, derives: "", vis: "pub " });
    w.blank();
    match decl.level {
        StructLevel::Serializers => {
            w.block(format_args!("impl {name}"), |w| {
                w.line("/// Digest of the layout, which both sides must share.");
                w.line(format_args!("pub const DIGEST: [u8; 16] = {};", digest(decl.digest)));
            });
            w.blank();
            rows::plain_impl(g, w, (name, generics), &decl.body);
        }
        StructLevel::Fields | StructLevel::Partials => rows::row_impl(g, w, (name, generics), &decl.body),
    }
    row_value(g, w, id, generics);
    if decl.level != StructLevel::Partials {
        generics.call(w, &g.rt("leaf"), name);
    }
}

/// Writes what makes the row a value, alone and in columns.
fn row_value(g: &Package<'_>, w: &mut Writer, id: ir::StructId, generics: &Generics) {
    let (decl, name) = (&g.schema[id], &g.names.structs[id.0 as usize].name);
    let (width, columns) = match decl.level {
        StructLevel::Serializers => ("Plain", decl.body.fields.len() as u32),
        StructLevel::Fields | StructLevel::Partials => ("Counted", decl.body.slots),
    };
    let mut retired = decl.body.retired.clone();
    retired.sort_by_key(|retired| retired.id);
    let retired = retired.iter().map(|retired| format!("{} {}", retired.id, rows::shape_word(retired.shape)));
    let retired = retired.collect::<Vec<_>>().join(" ");
    w.block(format_args!("{}!", g.rt("row_value")), |w| {
        w.block(format_args!("{}{name} {width} {columns} [{retired}]", generics.macro_head()), |w| {
            let names = field_names(&decl.body);
            for (field, name) in rows::by_id(&decl.body, &names) {
                let ty = rust_type(g, &field.ty, collections(decl.level));
                let default = declared(field).map_or_else(String::new, |_| format!(" = {}", default_value(g, field)));
                let access = field.access.map_or_else(String::new, |level| format!(", access {level}"));
                let recursive = if g.schema.recursive.contains(&(id, field.id)) { " => rows" } else { "" };
                w.line(format_args!("{} {name}: {ty}{default}{access}{recursive};", field.id));
            }
        });
    });
}

/// A struct to declare.
pub(super) struct Declaration<'a> {
    pub(super) name: &'a str,
    pub(super) generics: &'a Generics,
    pub(super) body: &'a ir::Body,
    pub(super) collections: Collections,
    /// What is derived beside the usual, with a comma in front.
    pub(super) derives: &'a str,
    pub(super) vis: &'a str,
}

/// Writes the struct and its default.
pub(super) fn declaration(g: &Package<'_>, w: &mut Writer, decl: &Declaration<'_>) {
    let &Declaration { name, generics, body, collections, derives, vis } = decl;
    // Deriving would ask every parameter for a default, whether there is a value of it or not.
    let zero =
        generics.is_empty() && body.fields.iter().all(|field| declared(field).is_none() && derives_default(&field.ty));
    let default = if zero { "Default, " } else { "" };
    w.line(format_args!("#[derive(Clone, Debug, {default}PartialEq{derives})]"));
    if body.fields.is_empty() {
        return w.line(format_args!("{vis}struct {name} {{}}"));
    }
    generics.declare(w, &format!("{vis}struct {name}{}", generics.declared()), |w| {
        for (field, name) in body.fields.iter().zip(field_names(body)) {
            docs(w, &field.docs);
            w.line(format_args!("{vis}{name}: {},", rust_type(g, &field.ty, collections)));
        }
    });
    if !zero {
        w.blank();
        generics.default_impl(w, &format!("{name}{}", generics.args("")), |w| {
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
    let generics = &Generics::default();
    declaration(g, w, &Declaration { name, generics, body, collections: Collections::Plain, derives: "", vis: "" });
    w.blank();
    rows::row_impl(g, w, (name, generics), body);
}
