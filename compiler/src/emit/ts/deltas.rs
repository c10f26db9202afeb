//! The delta of a `partials` struct: a new value from an old one and bytes.

use super::expr::Expr;
use super::module::Module;
use super::names::field_names;
use super::rows::{Slot, return_object, shape, slots};
use super::types::{Form, default_value, is_true, patcher, reader, ts_type};
use crate::emit::writer::Writer;
use crate::ir::{self, Type};

/// Writes the function that applies a delta.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::StructId, args: &[Type]) {
    let (body, (_, names)) = (&m.schema.struct_body(id, args), m.of_struct(id, args));
    let ty = ts_type(m, &Type::Struct(id, args.to_vec()), Form::Full);
    let fields = field_names(body, &[]);
    let variables = m.variables(&fields);
    let v = if body.fields.is_empty() { "_v" } else { "v" };
    w.line("/** Applies a delta; objects off its path stay the same. */");
    let parameters = [format!("{v}: {ty}"), format!("r: {}", m.rs("Reader"))];
    w.list(format!("export function {}(", names.patch), &parameters, &format!("): {ty} {{"));
    w.enclosed_rest("}", |w| {
        w.line(format_args!("const ops = {}(r);", m.rs("readOps")));
        for (first, last) in body.unused() {
            w.line(format_args!("{}(r, ops, {first}, {last});", m.rs("refuseOps")));
        }
        for slot in slots(body, &fields, &variables) {
            match slot {
                Slot::Field(field, name, variable) => {
                    change(m, field, name).write(w, &format!("const {variable} = "), ";");
                }
                Slot::Retired(retired) => {
                    let shape = shape(m, retired.shape);
                    w.line(format_args!("{}(r, ops, {}, {shape});", m.rs("skipField"), retired.id));
                }
            }
        }
        w.line(format_args!("{}(r, ops, {});", m.rs("endOps"), body.slots));
        return_object(w, &[], &fields, &variables);
    });
}

/// The call that gives the new value of a field.
fn change(m: &Module<'_>, field: &ir::Field, name: &str) -> Expr {
    let mut arguments = vec!["r".to_owned(), "ops".to_owned(), field.id.to_string(), format!("v.{name}")];
    let mut functions = Vec::new();
    let function = match &field.ty {
        Type::Bool => {
            arguments.push(is_true(field).to_string());
            "boolField"
        }
        Type::Optional(inner) if **inner == Type::Bool => "optBoolField",
        ty => {
            arguments.push(default_value(m, field));
            functions.push(reader(m, ty));
            functions.extend(patcher(m, ty));
            if functions.len() == 2 { "patchField" } else { "field" }
        }
    };
    Expr::Call(m.rs(function), arguments.into_iter().map(Expr::Text).chain(functions).collect())
}
