//! Aliases: another name of a type.

use super::Package;
use super::docs::docs;
use super::types::{Collections, rust_type};
use crate::emit::writer::Writer;
use crate::ir;

/// Writes an alias.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::AliasId) {
    let alias = &g.schema[id];
    docs(w, &alias.docs);
    let name = &g.names.aliases[id.0 as usize];
    w.line(format!("pub type {name} = {};", rust_type(g, &alias.ty, Collections::Plain)));
}
