//! Constants.

use super::docs::docs;
use super::module::Module;
use super::types::{Form, literal_value, ts_type};
use crate::emit::writer::Writer;
use crate::ir::{self, Type};

/// Writes a constant: of the type of its value, so that it can be told apart in a `switch`.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::ConstId) {
    let constant = &m.schema[id];
    docs(w, &constant.docs);
    let name = &m.names.constants[id.0 as usize];
    let ty = match &constant.ty {
        Type::Enum(_) => format!(": {}", ts_type(m, &constant.ty, Form::Full)),
        _ => String::new(),
    };
    w.line(format_args!("export const {name}{ty} = {};", literal_value(m, &constant.ty, &constant.value)));
}
