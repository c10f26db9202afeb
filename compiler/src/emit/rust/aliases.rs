//! Aliases: another name of a type.

use super::Package;
use super::docs::docs;
use super::generics::Generics;
use super::types::{Collections, rust_type};
use crate::emit::writer::Writer;
use crate::ir;

/// Writes an alias.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::AliasId) {
    let (alias, names) = (&g.schema[id], &g.names.aliases[id.0 as usize]);
    let g = &g.within(&names.params);
    let generics = Generics::new(g, &alias.params, Collections::Plain);
    docs(w, &alias.docs);
    let target = rust_type(g, &alias.ty, Collections::Plain);
    w.line(format_args!("pub type {}{} = {target};", names.name, generics.declared()));
}
