//! Newtypes: a struct around the base, which travels alone.

use super::Package;
use super::docs::docs;
use super::types::{Collections, is_copy, is_integer, rust_type};
use crate::emit::writer::Writer;
use crate::ir::{self, Type};

/// Writes a newtype.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::NewtypeId) {
    let newtype = &g.schema[id];
    let name = &g.names.newtypes[id.0 as usize];
    let base = rust_type(g, &newtype.base, Collections::Plain);
    let copy = if is_copy(&newtype.base) { "Copy, " } else { "" };
    let total = if matches!(newtype.base, Type::F32 | Type::F64) { "PartialOrd" } else { "Eq, PartialOrd, Ord, Hash" };
    docs(w, &newtype.docs);
    w.line(format_args!("#[derive(Clone, {copy}Debug, Default, PartialEq, {total})]"));
    w.line(format_args!("pub struct {name}(pub {base});"));
    let display = if is_displayed(&newtype.base) { ", Display" } else { "" };
    super::checks::newtype(g, w, &format!("{}!({name}, {base}{display}", g.rt("newtype")), newtype);
    if is_integer(&newtype.base) || matches!(newtype.base, Type::String | Type::Uuid) {
        let key = g.rt("codec::Key");
        w.block(format_args!("impl {key} for {name}"), |w| {
            w.block("fn path_text(&self) -> ::std::string::String", |w| {
                w.line(format_args!("{key}::path_text(&self.0)"))
            });
        });
    }
}

fn is_displayed(base: &Type) -> bool {
    !matches!(base, Type::Bytes | Type::Timestamp | Type::Duration)
}
