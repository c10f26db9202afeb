//! Unions and errors.

use super::Package;
use super::docs::docs;
use super::generics::Generics;
use super::names::field_names;
use super::rows;
use super::types::{Collections, Place, rust_type};
use crate::emit::names::Scope;
use crate::emit::writer::Writer;
use crate::ir;

/// Writes a union.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::UnionId) {
    let (union, names) = (&g.schema[id], &g.names.unions[id.0 as usize]);
    let g = &g.within(&names.params);
    let generics = Generics::new(g, &union.params, Collections::Plain);
    docs(w, &union.docs);
    w.line("#[derive(Clone, Debug, PartialEq)]");
    let head = format!("pub enum {}{}", names.name, generics.declared());
    generics.declare(w, &head, |w| declaration(g, w, union, &names.cases));
    w.blank();
    let ty = format!("{}{}", names.name, generics.args(""));
    generics.impl_block(w, &g.rt("codec::Union"), &ty, |w| {
        w.block(format_args!("fn encode_case(&self, w: &mut {})", g.rt("codec::Writer")), |w| {
            encode(g, w, union, &names.cases);
        });
        w.blank();
        rows::decode_fn(g, w, "decode_case", "Self", |w| decode(g, w, union, &names.cases));
        let bound: Vec<_> = union.cases.iter().map(|case| variables(&case.body)).collect();
        super::checks::union(g, w, union, &names.cases, &bound);
    });
    generics.call(w, &g.rt("union_value"), &names.name);
    generics.call(w, &g.rt("leaf"), &names.name);
    if union.is_error {
        error(g, w, &names.name);
    }
}

fn declaration(g: &Package<'_>, w: &mut Writer, union: &ir::Union, names: &[String]) {
    let flat: Vec<String> = union.cases.iter().zip(names).map(|(case, name)| one_line(g, case, name)).collect();
    // A formatter that breaks one payload breaks all.
    let documented = |case: &ir::Case| !case.docs.is_empty() || case.body.fields.iter().any(|f| !f.docs.is_empty());
    let broken = union.open || union.cases.iter().any(documented) || flat.iter().any(|line| !w.fits(line));
    for ((case, name), flat) in union.cases.iter().zip(names).zip(flat) {
        docs(w, &case.docs);
        if !broken || case.body.fields.is_empty() {
            w.line(flat);
            continue;
        }
        w.enclosed(format_args!("{name} {{"), "},", |w| {
            for (field, name) in case.body.fields.iter().zip(field_names(&case.body)) {
                docs(w, &field.docs);
                w.line(format_args!("{name}: {},", rust_type(g, &field.ty, Collections::Plain)));
            }
        });
    }
    if union.open {
        w.line("/// A case that this program does not know.");
        w.line(format_args!("Unrecognized({}),", g.rt("UnknownCase")));
    }
}

fn one_line(g: &Package<'_>, case: &ir::Case, name: &str) -> String {
    if case.body.fields.is_empty() {
        return format!("{name},");
    }
    let fields = case.body.fields.iter().zip(field_names(&case.body));
    let fields = fields.map(|(field, name)| format!("{name}: {}", rust_type(g, &field.ty, Collections::Plain)));
    format!("{name} {{ {} }},", fields.collect::<Vec<_>>().join(", "))
}

/// Variables for the fields of a payload, which must not hide `r`, `w` and `row`.
fn variables(body: &ir::Body) -> Vec<String> {
    let mut scope = Scope::new(&["at", "id", "r", "row", "value", "w"]);
    field_names(body).iter().map(|name| scope.claim(name)).collect()
}

/// `field` or `field: variable` for each field.
fn bindings(body: &ir::Body) -> Vec<String> {
    let bindings = field_names(body).into_iter().zip(variables(body));
    bindings.map(|(field, variable)| if field == variable { field } else { format!("{field}: {variable}") }).collect()
}

fn encode(g: &Package<'_>, w: &mut Writer, union: &ir::Union, names: &[String]) {
    if union.cases.is_empty() && !union.open {
        w.line("let _ = w;");
        return w.line("match *self {}");
    }
    w.block("match self", |w| {
        for (case, name) in union.cases.iter().zip(names) {
            let id = format!("w.varint({})", case.id);
            if case.body.fields.is_empty() {
                w.line(format_args!("Self::{name} => {id},"));
                continue;
            }
            w.spaced_list_then(format!("Self::{name} {{"), &bindings(&case.body), "} => {", "}", |w| {
                w.line(format_args!("{id};"));
                let (fields, variables) = (field_names(&case.body), variables(&case.body));
                rows::write_fields(g, w, &case.body, |name| {
                    let variable = fields.iter().position(|field| field == name).map(|n| variables[n].as_str());
                    Place::reference(variable.unwrap_or(name))
                });
            });
        }
        if union.open {
            w.line("Self::Unrecognized(case) => case.encode(w),");
        }
    });
}

fn decode(g: &Package<'_>, w: &mut Writer, union: &ir::Union, names: &[String]) {
    if !union.open {
        w.line("let at = r.offset();");
    }
    w.block("match r.u32()?", |w| {
        for (case, name) in union.cases.iter().zip(names) {
            w.block(format_args!("{} =>", case.id), |w| {
                if case.body.fields.is_empty() {
                    w.line("r.rest();");
                    return w.line(format_args!("{}(Self::{name})", g.prelude("Ok")));
                }
                w.line("let row = r.case_row()?;");
                rows::read_variables(g, w, &case.body, &variables(&case.body));
                w.spaced_list(format!("{}(Self::{name} {{", g.prelude("Ok")), &bindings(&case.body), "})");
            });
        }
        if union.open {
            let case = format!("{}::decode(r, id)?", g.rt("UnknownCase"));
            w.line(format_args!("id => {}(Self::Unrecognized({case})),", g.prelude("Ok")));
        } else {
            rows::arm(w, "_", &format!("{}(r.error_at(at, {}))", g.prelude("Err"), g.rt("codec::ErrorCode::Case")));
        }
    });
}

fn error(g: &Package<'_>, w: &mut Writer, name: &str) {
    w.blank();
    w.block(format_args!("impl ::core::fmt::Display for {name}"), |w| {
        w.block("fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result", |w| {
            w.line("::core::fmt::Debug::fmt(self, f)");
        });
    });
    w.line(format_args!("impl ::core::error::Error for {name} {{}}"));
    w.block(format_args!("impl ::core::convert::From<{name}> for {}<{name}>", g.rt("Fail")), |w| {
        w.block(format_args!("fn from(error: {name}) -> Self"), |w| w.line("Self::Error(error)"));
    });
}
