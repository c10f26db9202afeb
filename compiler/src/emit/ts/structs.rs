//! Structs: the interfaces, the constructor, the row.

use super::docs::docs;
use super::expr::Expr;
use super::generics::declared;
use super::inits::return_completed;
use super::module::Module;
use super::names::{StructNames, field_names};
use super::rows::{function, properties, read_fn, read_row, return_all, return_object, write_fn, write_row};
use super::types::{Form, based, default_test, default_value, is_true, read, reader, ts_type, write, writer};
use crate::emit::writer::Writer;
use crate::ir::wire::hex;
use crate::ir::{self, StructLevel, Type};

/// Writes a struct without its delta.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::StructId) {
    let (decl, names) = (&m.schema[id], &m.names.structs[id.0 as usize]);
    docs(w, &decl.docs);
    m.within(ir::Item::Struct(id), || {
        let (body, fields) = (&decl.body, field_names(&decl.body, &[]));
        for (name, form) in [(&names.name, Form::Full), (&names.init, Form::Init)] {
            let name = format!("{name}{}", declared(m, &decl.params, form, |_| true));
            interface(w, &name, |w| properties(m, w, body, &fields, form), body.fields.is_empty());
        }
    });
    if decl.params.is_empty() {
        codec(m, w, (id, &Type::Struct(id, Vec::new())), names, &decl.body);
    }
}

/// Writes the functions of a generic struct with these arguments.
pub(super) fn emit_use(m: &Module<'_>, w: &mut Writer, id: ir::StructId, args: &[Type]) {
    let ty = Type::Struct(id, args.to_vec());
    let [name, init] = [Form::Full, Form::Init].map(|form| ts_type(m, &ty, form));
    let names = StructNames { name, init, ..m.of_struct(id, args).1.clone() };
    codec(m, w, (id, &ty), &names, &m.schema.struct_body(id, args));
    if m.schema[id].level == StructLevel::Partials {
        w.blank();
        super::deltas::emit(m, w, id, args);
    }
}

fn codec(m: &Module<'_>, w: &mut Writer, (id, ty): (ir::StructId, &Type), names: &StructNames, body: &ir::Body) {
    let decl = &m.schema[id];
    let s = Struct { m, body, names, fields: field_names(body, &[]) };
    docs(w, &decl.docs.marks());
    s.make(w);
    if decl.level == StructLevel::Serializers {
        let digest = hex(decl.digest);
        w.line(format_args!("/** Digest of the layout of `{}`, which both sides must share. */", decl.name));
        w.line(format_args!("export const {}: {} = \"{digest}\";", s.names.digest, m.rs("Digest")));
        s.write_plain(w);
        s.read_plain(w);
    } else {
        s.write(w);
        s.read(w);
    }
    s.values(w, ty);
    if !names.check.is_empty() {
        super::checks::check_fn(m, w, &s.names.check, &s.names.init, |w| {
            super::checks::fields(m, w, s.body, &s.fields, "at");
        });
    }
    super::columns::emit(m, w, (id, ty), &super::columns::Declared { body, names, fields: &s.fields });
}

/// Writes an interface; one without properties is no interface for a linter, so it is a record of nothing.
pub(super) fn interface(w: &mut Writer, name: &str, body: impl FnOnce(&mut Writer), empty: bool) {
    if empty {
        w.line(format_args!("export type {name} = {{ readonly [key in never]: never }};"));
    } else {
        w.block(format_args!("export interface {name}"), body);
    }
}

struct Struct<'a> {
    m: &'a Module<'a>,
    body: &'a ir::Body,
    names: &'a StructNames,
    fields: Vec<String>,
}

impl Struct<'_> {
    fn fields(&self) -> impl Iterator<Item = (&ir::Field, &str)> {
        self.body.fields.iter().zip(self.fields.iter().map(String::as_str))
    }

    /// A parameter's name, marked as unused where there are no fields to use it for.
    fn parameter(&self, name: &'static str) -> &'static str {
        match (self.body.fields.is_empty(), name) {
            (true, "v") => "_v",
            (true, "init") => "_init",
            _ => name,
        }
    }

    fn make(&self, w: &mut Writer) {
        let StructNames { name, init, make, .. } = self.names;
        let parameter = format!("{}: {init} = {{}}", self.parameter("init"));
        w.list(format!("export function {make}("), &[parameter], &format!("): {name} {{"));
        w.enclosed_rest("}", |w| {
            return_completed(self.m, w, &[], self.body, &self.fields);
        });
    }

    fn write(&self, w: &mut Writer) {
        let StructNames { write, init, .. } = self.names;
        write_fn(self.m, w, write, (self.parameter("v"), init), |w| {
            write_row(self.m, w, self.body, &self.fields, Form::Init);
        });
    }

    fn read(&self, w: &mut Writer) {
        let StructNames { read, name, .. } = self.names;
        read_fn(self.m, w, read, name, |w| {
            let variables = self.m.variables(&self.fields);
            read_row(self.m, w, self.body, &variables, "readRow");
            return_object(w, &[], &self.fields, &variables);
        });
    }

    fn write_plain(&self, w: &mut Writer) {
        if self.body.fields.is_empty() {
            let StructNames { write, init, .. } = self.names;
            let parameters = [format!("_w: {}", self.m.rs("Writer")), format!("_v: {init}")];
            return w.list(format!("export function {write}("), &parameters, "): void {}");
        }
        let StructNames { write: function, init, .. } = self.names;
        write_fn(self.m, w, function, ("v", init), |w| {
            for (field, name) in self.fields() {
                let value = format!("v.{name}");
                let call = match &field.ty {
                    Type::Optional(inner) => {
                        let arguments = vec![Expr::text("w"), Expr::Text(value), writer(self.m, inner)];
                        Expr::Call(self.m.rs("writeOption"), arguments)
                    }
                    // A struct that is left out is written by its own encoder, all of whose fields are then missing.
                    Type::Struct(..) => write(self.m, &field.ty, &format!("{value} ?? {{}}")),
                    ty => write(self.m, ty, &format!("{value} ?? {}", default_value(self.m, field))),
                };
                call.write(w, "", ";");
            }
        });
    }

    fn read_plain(&self, w: &mut Writer) {
        let StructNames { read: function, name, .. } = self.names;
        if self.body.fields.is_empty() {
            let parameters = [format!("_r: {}", self.m.rs("Reader"))];
            return self::function(w, function, &parameters, name, |w| w.line("return {};"));
        }
        read_fn(self.m, w, function, name, |w| {
            let variables = self.m.variables(&self.fields);
            for (field, variable) in self.body.fields.iter().zip(&variables) {
                let value = match &field.ty {
                    Type::Optional(inner) => {
                        Expr::Call(self.m.rs("readOption"), vec![Expr::text("r"), reader(self.m, inner)])
                    }
                    ty => read(self.m, ty),
                };
                value.write(w, &format!("const {variable} = "), ";");
            }
            return_object(w, &[], &self.fields, &variables);
        });
    }

    /// The forms with a byte length in front, and the test for the default, where something refers to them.
    fn values(&self, w: &mut Writer, ty: &Type) {
        let StructNames { name, init, write, read, write_value, read_value, .. } = self.names;
        let (m, used) = (self.m, self.m.names.used());
        if used.writes(ty) {
            write_fn(m, w, write_value, ("v", init), |w| {
                w.line(format_args!("{}(w, v, {write});", m.rs("writeNested")));
            });
        }
        if used.reads(ty) {
            read_fn(m, w, read_value, name, |w| {
                w.line(format_args!("return {}(r, {read});", m.rs("readNested")));
            });
        }
        if used.tests(ty) {
            self.is_default(w);
        }
    }

    fn is_default(&self, w: &mut Writer) {
        let StructNames { is_default, init, .. } = self.names;
        let parameter = format!("{}: {init}", self.parameter("v"));
        function(w, is_default, &[parameter], "boolean", |w| {
            let tests = self.fields().map(|(field, name)| self.missing_or_default(field, &format!("v.{name}")));
            return_all(w, &tests.collect::<Vec<_>>());
        });
    }

    fn missing_or_default(&self, field: &ir::Field, value: &str) -> String {
        let m = self.m;
        match &field.ty {
            Type::Newtype(..) => self.missing_or_default(&based(field), value),
            Type::Bool => format!("{value} !== {}", !is_true(field)),
            Type::Optional(_) | Type::Union(..) => format!("{value} === undefined"),
            Type::Struct(..)
            | Type::List(_)
            | Type::Array(..)
            | Type::Map(..)
            | Type::Set(_)
            | Type::Bytes
            | Type::Timestamp => {
                format!("({value} === undefined || {})", default_test(m, field, value, true))
            }
            Type::F32 | Type::F64 | Type::Decimal { .. } => {
                default_test(m, field, &format!("{value} ?? {}", default_value(m, field)), true)
            }
            _ => default_test(m, field, &format!("({value} ?? {})", default_value(m, field)), true),
        }
    }
}
