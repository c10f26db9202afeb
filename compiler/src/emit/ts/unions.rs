//! Unions and errors: an interface per case, discriminated by `kind`.

use super::docs::docs;
use super::enums::union_of;
use super::generics::{angles, declared};
use super::module::Module;
use super::names::{UnionNames, field_names, kinds};
use super::rows::{properties, read_fn, read_row, return_object, write_fn, write_row};
use super::types::{Form, union_type};
use crate::emit::writer::Writer;
use crate::ir::{self, Type};

/// Writes a union.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::UnionId) {
    let (union, names) = (&m.schema[id], &m.names.unions[id.0 as usize]);
    docs(w, &union.docs);
    m.within(ir::Item::Union(id), || types(m, w, union, names));
    if union.params.is_empty() {
        codec(m, w, id, &[]);
    }
}

/// Writes the functions of a generic union with these arguments.
pub(super) fn emit_use(m: &Module<'_>, w: &mut Writer, id: ir::UnionId, args: &[Type]) {
    codec(m, w, id, args);
}

fn types(m: &Module<'_>, w: &mut Writer, union: &ir::Union, names: &UnionNames) {
    let used: Vec<Vec<u32>> = union.cases.iter().map(params_of).collect();
    let cases = names.cases.iter().zip(&used).map(|(name, used)| {
        let used = (0..union.params.len() as u32).filter(|n| used.contains(n)).map(|n| m.param(n));
        format!("{name}{}", angles(used.collect()))
    });
    let mut types: Vec<String> = cases.collect();
    if union.open && !union.is_error {
        types.push(m.rs("UnknownCase"));
    }
    union_of(w, &format!("{}{}", names.name, declared(m, &union.params, Form::Full, |_| true)), &types);
    let kinds = kinds(union);
    for (((case, name), kind), used) in union.cases.iter().zip(&names.cases).zip(&kinds).zip(&used) {
        docs(w, &case.docs);
        let params = declared(m, &union.params, Form::Full, |n| used.contains(&n));
        w.block(format!("export interface {name}{params}"), |w| {
            w.line(format!("readonly kind: \"{kind}\";"));
            properties(m, w, &case.body, &payload(&case.body), Form::Full);
        });
    }
}

/// The parameters that a case has values of.
fn params_of(case: &ir::Case) -> Vec<u32> {
    case.body.fields.iter().flat_map(|field| field.ty.params()).collect()
}

fn codec(m: &Module<'_>, w: &mut Writer, id: ir::UnionId, args: &[Type]) {
    let names = m.of_union(id, args).1;
    let union = &ir::Union { cases: m.schema.union_cases(id, args), ..m.schema[id].clone() };
    let ty = union_type(m, id, args);
    write_fn(m, w, &names.write, ("v", &ty), |w| write(m, w, union, names));
    read_fn(m, w, &names.read, &ty, |w| read(m, w, union, names));
    write_fn(m, w, &names.write_value, ("v", &ty), |w| {
        w.line(format!("{}(w, v, {});", m.rs("writeNested"), names.write));
    });
    read_fn(m, w, &names.read_value, &ty, |w| w.line(format!("return {}(r, {});", m.rs("readNested"), names.read)));
}

fn payload(body: &ir::Body) -> Vec<String> {
    field_names(body, &["kind"])
}

fn write(m: &Module<'_>, w: &mut Writer, union: &ir::Union, names: &UnionNames) {
    w.block("switch (v.kind)", |w| {
        for (case, kind) in union.cases.iter().zip(&names.kinds) {
            let id = format!("{}(w, {});", m.rs("writeCase"), case.id);
            if case.body.fields.is_empty() {
                w.enclosed(format!("case \"{kind}\":"), "  break;", |w| w.line(id));
                continue;
            }
            w.enclosed(format!("case \"{kind}\": {{"), "}", |w| {
                w.line(id);
                write_row(m, w, &case.body, &payload(&case.body), Form::Full);
                w.line("break;");
            });
        }
        if union.open {
            w.enclosed("case \"unrecognized\":", "  break;", |w| w.line(format!("{}(w, v);", m.rs("writeUnknown"))));
        }
    });
}

fn read(m: &Module<'_>, w: &mut Writer, union: &ir::Union, names: &UnionNames) {
    w.line(format!("const id = {}(r);", m.rs("readCase")));
    w.block("switch (id)", |w| {
        for (case, kind) in union.cases.iter().zip(&names.kinds) {
            let first = [format!("kind: \"{kind}\"")];
            if case.body.fields.is_empty() {
                w.line(format!("case {}:", case.id));
                w.line(format!("  {}(r);", m.rs("skipRest")));
                w.line(format!("  return {{ {} }};", first[0]));
                continue;
            }
            w.enclosed(format!("case {}: {{", case.id), "}", |w| {
                let fields = payload(&case.body);
                let variables = m.variables(&fields);
                read_row(m, w, &case.body, &variables, "readPayload");
                return_object(w, &first, &fields, &variables);
            });
        }
        w.line("default:");
        let rest =
            if union.open { format!("{}(r, id)", m.rs("readUnknown")) } else { format!("{}(r)", m.rs("refuseCase")) };
        w.line(format!("  return {rest};"));
    });
}
