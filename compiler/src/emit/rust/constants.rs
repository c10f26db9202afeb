//! Constants.

use super::Package;
use super::docs::{docs, string};
use super::types::{Collections, literal_value, rust_type};
use crate::emit::writer::Writer;
use crate::ir::{self, Literal};

/// Writes a constant.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::ConstId) {
    let constant = &g.schema[id];
    docs(w, &constant.docs);
    let name = &g.names.constants[id.0 as usize];
    let (ty, value) = match &constant.value {
        Literal::String(text) => ("&str".to_owned(), string(text)),
        value => (rust_type(g, &constant.ty, Collections::Plain), literal_value(g, &constant.ty, value)),
    };
    w.line(format_args!("pub const {name}: {ty} = {value};"));
}
