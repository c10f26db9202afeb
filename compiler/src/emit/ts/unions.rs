//! Unions and errors: an interface per case, discriminated by `kind`.

use super::docs::docs;
use super::enums::union_of;
use super::generics::{angles, declared};
use super::inits::return_completed;
use super::module::Module;
use super::names::{UnionNames, field_names, kinds};
use super::rows::{function, properties, read_fn, read_row, return_object, write_fn, write_row};
use super::types::{Form, union_has_init, union_type};
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
    form(m, w, union, (&names.name, &names.cases), &used, Form::Full);
    if union_has_init(union) {
        form(m, w, union, (&names.init, &names.case_inits), &used, Form::Init);
    }
}

/// Writes the types of one form. A case that carries nothing is the same in both.
fn form(
    m: &Module<'_>,
    w: &mut Writer,
    union: &ir::Union,
    (name, cases): (&str, &[String]),
    used: &[Vec<u32>],
    form: Form,
) {
    let args = cases.iter().zip(used).map(|(name, used)| {
        let used = (0..union.params.len() as u32).filter(|n| used.contains(n)).map(|n| m.param(n));
        format!("{name}{}", angles(used.collect()))
    });
    let mut types: Vec<String> = args.collect();
    if union.open && !union.is_error {
        types.push(m.rs("UnknownCase"));
    }
    union_of(w, &format!("{name}{}", declared(m, &union.params, form, |_| true)), &types);
    for (((case, name), kind), used) in union.cases.iter().zip(cases).zip(&kinds(union)).zip(used) {
        if form == Form::Init && case.body.fields.is_empty() {
            continue;
        }
        if form == Form::Full {
            docs(w, &case.docs);
        }
        let params = declared(m, &union.params, form, |n| used.contains(&n));
        w.block(format_args!("export interface {name}{params}"), |w| {
            w.line(format_args!("readonly kind: \"{kind}\";"));
            properties(m, w, &case.body, &payload(&case.body), form);
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
    let [full, init] = [Form::Full, Form::Init].map(|form| union_type(m, id, args, form));
    if union_has_init(union) {
        function(w, &names.make, &[format!("init: {init}")], &full, |w| make(m, w, union, names));
    }
    write_fn(m, w, &names.write, ("v", &init), |w| write(m, w, union, names));
    read_fn(m, w, &names.read, &full, |w| read(m, w, union, names));
    let (ty, used) = (Type::Union(id, args.to_vec()), m.names.used());
    if used.writes(&ty) {
        write_fn(m, w, &names.write_value, ("v", &init), |w| {
            w.line(format_args!("{}(w, v, {});", m.rs("writeNested"), names.write));
        });
    }
    if used.reads(&ty) {
        read_fn(m, w, &names.read_value, &full, |w| {
            w.line(format_args!("return {}(r, {});", m.rs("readNested"), names.read));
        });
    }
    if !names.check.is_empty() {
        let fields: Vec<_> = union.cases.iter().map(|case| payload(&case.body)).collect();
        super::checks::check_fn(m, w, &names.check, &init, |w| {
            super::checks::cases(m, w, union, &names.kinds, &fields)
        });
    }
}

/// Completes the payload of each case that has one.
fn make(m: &Module<'_>, w: &mut Writer, union: &ir::Union, names: &UnionNames) {
    w.block("switch (init.kind)", |w| {
        for (case, kind) in union.cases.iter().zip(&names.kinds) {
            if !case.body.fields.is_empty() {
                w.line(format_args!("case \"{kind}\":"));
                let first = [format!("kind: \"{kind}\"")];
                w.indented(|w| return_completed(m, w, &first, &case.body, &payload(&case.body)));
            }
        }
        // What carries nothing, and what is not known, is complete.
        if union.open || union.cases.iter().any(|case| case.body.fields.is_empty()) {
            w.line("default:");
            w.line("  return init;");
        }
    });
}

fn payload(body: &ir::Body) -> Vec<String> {
    field_names(body, &["kind"])
}

fn write(m: &Module<'_>, w: &mut Writer, union: &ir::Union, names: &UnionNames) {
    w.block("switch (v.kind)", |w| {
        for (case, kind) in union.cases.iter().zip(&names.kinds) {
            let id = format!("{}(w, {});", m.rs("writeCase"), case.id);
            if case.body.fields.is_empty() {
                w.enclosed(format_args!("case \"{kind}\":"), "  break;", |w| w.line(id));
                continue;
            }
            w.enclosed(format_args!("case \"{kind}\": {{"), "}", |w| {
                w.line(id);
                let form = if union.is_error { Form::Full } else { Form::Init };
                write_row(m, w, &case.body, &payload(&case.body), form);
                w.line("break;");
            });
        }
        if union.open {
            w.enclosed("case \"unrecognized\":", "  break;", |w| {
                w.line(format_args!("{}(w, v);", m.rs("writeUnknown")))
            });
        }
    });
}

fn read(m: &Module<'_>, w: &mut Writer, union: &ir::Union, names: &UnionNames) {
    w.line(format_args!("const id = {}(r);", m.rs("readCase")));
    w.block("switch (id)", |w| {
        for (case, kind) in union.cases.iter().zip(&names.kinds) {
            let first = [format!("kind: \"{kind}\"")];
            if case.body.fields.is_empty() {
                w.line(format_args!("case {}:", case.id));
                w.line(format_args!("  {}(r);", m.rs("skipRest")));
                w.line(format_args!("  return {{ {} }};", first[0]));
                continue;
            }
            w.enclosed(format_args!("case {}: {{", case.id), "}", |w| {
                let fields = payload(&case.body);
                let variables = m.variables(&fields);
                read_row(m, w, &case.body, &variables, "readPayload");
                return_object(w, &first, &fields, &variables);
            });
        }
        w.line("default:");
        let rest =
            if union.open { format!("{}(r, id)", m.rs("readUnknown")) } else { format!("{}(r)", m.rs("refuseCase")) };
        w.line(format_args!("  return {rest};"));
    });
}
