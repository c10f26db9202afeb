//! Structs: the interfaces, the constructor, the row.

use super::docs::docs;
use super::module::{As, Module};
use super::names::{StructNames, field_names};
use super::rows::{properties, read_row, return_all, return_object, write_row};
use super::types::{Form, default_test, default_value, has_init, is_true, read, reader, write, writer};
use crate::emit::writer::Writer;
use crate::ir::{self, StructLevel, Type};

/// Writes a struct without its delta.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::StructId) {
    let decl = &m.schema[id];
    let s =
        Struct { m, body: &decl.body, names: &m.names.structs[id.0 as usize], fields: field_names(&decl.body, &[]) };
    docs(w, &decl.docs);
    interface(w, &s.names.name, |w| properties(m, w, s.body, &s.fields, Form::Full), s.body.fields.is_empty());
    interface(w, &s.names.init, |w| properties(m, w, s.body, &s.fields, Form::Init), s.body.fields.is_empty());
    s.make(w);
    if decl.level == StructLevel::Serializers {
        let digest: String = decl.digest.iter().map(|byte| format!("{byte:02x}")).collect();
        w.line(format!("/** Digest of the layout of `{}`, which both sides must share. */", decl.name));
        w.line(format!("export const {}: {} = \"{digest}\";", s.names.digest, m.rs("Digest")));
        s.write_plain(w);
        s.read_plain(w);
    } else {
        s.write(w);
        s.read(w);
    }
    s.values(w);
    s.is_default(w);
}

/// Writes an interface; one without properties is no interface for a linter, so it is a record of nothing.
pub(super) fn interface(w: &mut Writer, name: &str, body: impl FnOnce(&mut Writer), empty: bool) {
    if empty {
        w.line(format!("export type {name} = {{ readonly [key in never]: never }};"));
    } else {
        w.block(format!("export interface {name}"), body);
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
            let items = self.fields().map(|(field, name)| format!("{name}: {}", self.filled(field, name)));
            w.spaced_list("return {", &items.collect::<Vec<_>>(), "};");
        });
    }

    /// A property of `init`, completed.
    fn filled(&self, field: &ir::Field, name: &str) -> String {
        let value = format!("init.{name}");
        match &field.ty {
            Type::Struct(_) => self.completed(&field.ty, &value),
            Type::Optional(inner) if has_init(inner) => {
                format!("{value} === undefined ? undefined : {}", self.completed(inner, &value))
            }
            Type::Optional(_) => value,
            Type::List(_) | Type::Map(..) if has_init(&field.ty) => {
                format!(
                    "{value} === undefined ? {} : {}",
                    default_value(self.m, field),
                    self.completed(&field.ty, &value)
                )
            }
            _ => format!("{value} ?? {}", default_value(self.m, field)),
        }
    }

    /// A value given as `TInit`, as `T`.
    fn completed(&self, ty: &Type, value: &str) -> String {
        let m = self.m;
        match ty {
            Type::Struct(id) => {
                let make = &m.names.structs[id.0 as usize].make;
                format!("{}({value})", m.name(m.schema[*id].package, make, As::Value))
            }
            Type::List(item) => format!("{value}.map({})", self.completer(item)),
            Type::Map(_, item) => format!("{}({value}, {})", m.rs("mapValues"), self.completer(item)),
            Type::Optional(inner) => format!("{value} === undefined ? undefined : {}", self.completed(inner, value)),
            _ => value.to_owned(),
        }
    }

    fn completer(&self, ty: &Type) -> String {
        let body = self.completed(ty, "v");
        // A conditional after an arrow stands in parentheses.
        if matches!(ty, Type::Optional(_)) { format!("(v) => ({body})") } else { format!("(v) => {body}") }
    }

    fn write_head(&self) -> String {
        let StructNames { write, init, .. } = self.names;
        format!("export function {write}(w: {}, {}: {init}): void", self.m.rs("Writer"), self.parameter("v"))
    }

    fn write(&self, w: &mut Writer) {
        w.block(self.write_head(), |w| write_row(self.m, w, self.body, &self.fields, Form::Init));
    }

    fn read(&self, w: &mut Writer) {
        let StructNames { read, name, .. } = self.names;
        w.block(format!("export function {read}(r: {}): {name}", self.m.rs("Reader")), |w| {
            let variables = self.m.variables(&self.fields);
            read_row(self.m, w, self.body, &variables, "readRow");
            return_object(w, &[], &self.fields, &variables);
        });
    }

    fn write_plain(&self, w: &mut Writer) {
        if self.body.fields.is_empty() {
            let StructNames { write, init, .. } = self.names;
            let head = format!("export function {write}(_w: {}, _v: {init}): void", self.m.rs("Writer"));
            return w.line(format!("{head} {{}}"));
        }
        w.block(self.write_head(), |w| {
            for (field, name) in self.fields() {
                let value = format!("v.{name}");
                let call = match &field.ty {
                    Type::Optional(inner) => {
                        format!("{}(w, {value}, {})", self.m.rs("writeOption"), writer(self.m, inner))
                    }
                    // A struct that is left out is written by its own encoder, all of whose fields are then missing.
                    Type::Struct(_) => write(self.m, &field.ty, &format!("{value} ?? {{}}")).text(),
                    ty => write(self.m, ty, &format!("{value} ?? {}", default_value(self.m, field))).text(),
                };
                w.line(format!("{call};"));
            }
        });
    }

    fn read_plain(&self, w: &mut Writer) {
        let StructNames { read: function, name, .. } = self.names;
        if self.body.fields.is_empty() {
            let head = format!("export function {function}(_r: {}): {name}", self.m.rs("Reader"));
            return w.block(head, |w| w.line("return {};"));
        }
        w.block(format!("export function {function}(r: {}): {name}", self.m.rs("Reader")), |w| {
            let variables = self.m.variables(&self.fields);
            for (field, variable) in self.body.fields.iter().zip(&variables) {
                let value = match &field.ty {
                    Type::Optional(inner) => format!("{}(r, {})", self.m.rs("readOption"), reader(self.m, inner)),
                    ty => read(self.m, ty).text(),
                };
                w.line(format!("const {variable} = {value};"));
            }
            return_object(w, &[], &self.fields, &variables);
        });
    }

    /// The forms with a byte length in front.
    fn values(&self, w: &mut Writer) {
        let StructNames { name, init, write, read, write_value, read_value, .. } = self.names;
        let m = self.m;
        w.block(format!("export function {write_value}(w: {}, v: {init}): void", m.rs("Writer")), |w| {
            w.line(format!("{}(w, v, {write});", m.rs("writeNested")));
        });
        w.block(format!("export function {read_value}(r: {}): {name}", m.rs("Reader")), |w| {
            w.line(format!("return {}(r, {read});", m.rs("readNested")));
        });
    }

    fn is_default(&self, w: &mut Writer) {
        let StructNames { is_default, init, .. } = self.names;
        w.block(format!("export function {is_default}({}: {init}): boolean", self.parameter("v")), |w| {
            let tests = self.fields().map(|(field, name)| self.missing_or_default(field, &format!("v.{name}")));
            return_all(w, &tests.collect::<Vec<_>>());
        });
    }

    fn missing_or_default(&self, field: &ir::Field, value: &str) -> String {
        let m = self.m;
        match &field.ty {
            Type::Bool => format!("{value} !== {}", !is_true(field)),
            Type::Optional(_) | Type::Union(_) => format!("{value} === undefined"),
            Type::Struct(_) | Type::List(_) | Type::Map(..) | Type::Bytes | Type::Timestamp => {
                format!("({value} === undefined || {})", default_test(m, field, value, true))
            }
            Type::F32 | Type::F64 | Type::Decimal { .. } => {
                default_test(m, field, &format!("{value} ?? {}", default_value(m, field)), true)
            }
            _ => default_test(m, field, &format!("({value} ?? {})", default_value(m, field)), true),
        }
    }
}
