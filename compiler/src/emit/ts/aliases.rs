//! Aliases: another name of a type.

use super::docs::docs;
use super::module::Module;
use super::types::{Form, ts_type};
use crate::emit::writer::Writer;
use crate::ir;

/// Writes an alias.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::AliasId) {
    let alias = &m.schema[id];
    docs(w, &alias.docs);
    let name = &m.names.aliases[id.0 as usize];
    w.line(format!("export type {name} = {};", ts_type(m, &alias.ty, Form::Full)));
}
