//! Newtypes: a brand of the base, which travels alone.

use super::docs::{docs, string};
use super::module::Module;
use super::rows::{function, read_fn};
use super::types::{Form, read, ts_type};
use crate::emit::writer::Writer;
use crate::ir;

/// Writes a newtype.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::NewtypeId) {
    let (newtype, names) = (&m.schema[id], &m.names.newtypes[id.0 as usize]);
    let (name, base) = (&names.name, ts_type(m, &newtype.base, Form::Full));
    let brand = string(&format!("{}.{}", m.schema[newtype.package].name, newtype.name));
    docs(w, &newtype.docs);
    super::rows::generic(w, &format!("export type {name} = {}", m.rs("Brand")), &[base.clone(), brand], ";");
    docs(w, &newtype.docs.marks());
    function(w, &names.make, &[format!("value: {base}")], name, |w| w.line(format_args!("return value as {name};")));
    if !newtype.constraints.is_empty() {
        super::checks::newtype(m, w, newtype, &names.check, name);
    }
    read_fn(m, w, &names.read, name, |w| read(m, &newtype.base).write(w, "return ", &format!(" as {name};")));
    super::columns::newtype(m, w, id);
}
