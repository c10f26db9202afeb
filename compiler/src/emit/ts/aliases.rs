//! Aliases: another name of a type.

use super::docs::docs;
use super::generics::declared;
use super::module::Module;
use super::types::{Form, ts_type};
use crate::emit::writer::Writer;
use crate::ir;

/// Writes an alias.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::AliasId) {
    let (alias, names) = (&m.schema[id], &m.names.aliases[id.0 as usize]);
    docs(w, &alias.docs);
    m.within(ir::Item::Alias(id), || {
        let params = declared(m, &alias.params, Form::Full, |_| true);
        w.line(format_args!("export type {}{params} = {};", names.name, ts_type(m, &alias.ty, Form::Full)));
    });
}
