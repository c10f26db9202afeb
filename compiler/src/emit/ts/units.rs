//! Stores and services: what a client opens, its calls and events.

use super::checks;
use super::docs::{docs, docs_or, string};
use super::module::{As, Module};
use super::names::{EventNames, MethodNames, UnitNames, field_names};
use super::rows::{generic, properties, property, read_fn, read_row, return_object, write_fn, write_row};
use super::structs::interface;
use super::types::{Form, ts_type};
use crate::emit::names::lower_camel;
use crate::emit::writer::Writer;
use crate::ir::wire::hex;
use crate::ir::{self, MethodKind, Type, UnitKind};

/// Writes a store or a service.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::UnitId) {
    let unit = &m.schema[id];
    let u = Unit { m, unit, names: &m.names.units[id.0 as usize] };
    if let UnitKind::Store { key: Some(key), .. } = &unit.kind {
        u.key(w, key);
    }
    for (method, names) in unit.methods.iter().zip(&u.names.method_names) {
        u.method(w, method, names);
    }
    for (event, names) in unit.events.iter().zip(&u.names.event_names) {
        u.event(w, event, names);
    }
    if unit.of.is_none() {
        u.methods(w);
        if let UnitKind::Store { .. } = unit.kind {
            u.events(w);
        }
    }
    u.definition(w);
}

struct Unit<'a> {
    m: &'a Module<'a>,
    unit: &'a ir::Unit,
    names: &'a UnitNames,
}

impl Unit<'_> {
    fn word(&self) -> &'static str {
        match (self.unit.of, &self.unit.kind) {
            (Some(_), _) => "view",
            (None, UnitKind::Service) => "service",
            (None, UnitKind::Store { .. }) => "store",
        }
    }

    fn key(&self, w: &mut Writer, key: &ir::Body) {
        let UnitNames { write_key, key: name, .. } = self.names;
        let store = self.unit.of.map_or(&self.unit.name, |store| &self.m.schema[store].name);
        self.key_rows(w, key, &format!("Names one instance of the store `{store}`."), name, write_key);
    }

    fn key_rows(&self, w: &mut Writer, key: &ir::Body, what: &str, name: &str, write_key: &str) {
        let fields = field_names(key, &[]);
        w.line(format_args!("/** {what} */"));
        interface(w, name, |w| properties(self.m, w, key, &fields, Form::Full), key.fields.is_empty());
        write_fn(self.m, w, write_key, ("v", name), |w| {
            write_row(self.m, w, key, &fields, Form::Full);
        });
        if !self.names.check_key.is_empty() {
            checks::check_fn(self.m, w, &self.names.check_key, name, |w| checks::fields(self.m, w, key, &fields, "at"));
        }
    }

    /// The arguments of a method and its codecs.
    fn method(&self, w: &mut Writer, method: &ir::Method, names: &MethodNames) {
        let m = self.m;
        let fields = field_names(&method.params, &[]);
        if !method.params.fields.is_empty() {
            w.block(format_args!("export interface {}", names.args), |w| {
                for (field, name) in method.params.fields.iter().zip(&fields) {
                    docs(w, &field.docs);
                    let optional = field.default.is_some() || matches!(field.ty, Type::Optional(_));
                    w.line(property(m, field, name, Form::Init, optional));
                }
            });
            write_fn(m, w, &names.write, ("v", &names.args), |w| {
                write_row(m, w, &method.params, &fields, Form::Init);
            });
            if !names.check.is_empty() {
                checks::check_fn(m, w, &names.check, &names.args, |w| {
                    checks::fields(m, w, &method.params, &fields, "at");
                });
            }
        }
        if let Some((_, ty)) = &method.streams.takes {
            self.item_writer(w, ty, names);
        }
        let MethodKind::Rpc { result: Some(ty), .. } = &method.kind else { return };
        if matches!(ty, Type::Struct(..)) {
            return;
        }
        let result = ts_type(m, ty, Form::Full);
        read_fn(m, w, &names.read, &result, |w| {
            let body = result_body(ty);
            let variables = m.variables(&field_names(&body, &[]));
            read_row(m, w, &body, &variables, "readPayload");
            w.line(format_args!("return {};", variables.join(", ")));
        });
    }

    /// Writes what a caller streams as the row of one value, unless it is a struct.
    fn item_writer(&self, w: &mut Writer, ty: &Type, names: &MethodNames) {
        if matches!(ty, Type::Struct(..)) {
            return;
        }
        let (m, body) = (self.m, result_body(ty));
        write_fn(m, w, &names.write_item, ("value", &ts_type(m, ty, Form::Init)), |w| {
            w.line("const v = { value };");
            write_row(m, w, &body, &["value".to_owned()], Form::Full);
        });
    }

    fn event(&self, w: &mut Writer, event: &ir::Event, names: &EventNames) {
        let m = self.m;
        if let Some(key) = &event.key {
            let what = format!("Names one key of the event `{}` of the store `{}`.", event.name, self.unit.name);
            self.key_rows(w, key, &what, &names.key, &names.write_key);
        }
        let fields = field_names(&event.params, &[]);
        docs_or(w, &event.docs, &format!("The event `{}` of the store `{}`.", event.name, self.unit.name));
        let empty = event.params.fields.is_empty();
        interface(w, &names.body, |w| properties(m, w, &event.params, &fields, Form::Full), empty);
        read_fn(m, w, &names.read, &names.body, |w| {
            let variables = m.variables(&fields);
            read_row(m, w, &event.params, &variables, "readPayload");
            return_object(w, &[], &fields, &variables);
        });
    }

    fn methods(&self, w: &mut Writer) {
        w.line(format_args!("/** Calls of the {} `{}`. */", self.word(), self.unit.name));
        let body = |w: &mut Writer| {
            for (method, names) in self.unit.methods.iter().zip(&self.names.method_names) {
                docs(w, &method.docs);
                self.method_type(w, method, names);
            }
        };
        interface(w, &self.names.methods, body, self.unit.methods.is_empty());
    }

    fn method_type(&self, w: &mut Writer, method: &ir::Method, names: &MethodNames) {
        let m = self.m;
        let has_args = !method.params.fields.is_empty();
        let mut arguments = Vec::new();
        if has_args {
            arguments.push(names.args.clone());
        }
        let function = match &method.kind {
            MethodKind::Send if has_args => "Send",
            MethodKind::Send => return w.line(format_args!("readonly {}: {};", names.name, m.rs("Send0"))),
            MethodKind::Rpc { result, error } => {
                let result = result.as_ref().map_or("undefined".to_owned(), |ty| ts_type(m, ty, Form::Full));
                let error = error.map_or("never".to_owned(), |id| {
                    m.name(m.schema[id].package, &m.names.unions[id.0 as usize].name, As::Type)
                });
                if method.streams.any() {
                    let mut parameters: Vec<String> = arguments.iter().map(|args| format!("args: {args}")).collect();
                    parameters.extend(method.streams.takes.as_ref().map(|(name, ty)| {
                        format!("{}: {}<{}>", lower_camel(name), m.rs("Items"), ts_type(m, ty, Form::Init))
                    }));
                    arguments = vec![format!("[{}]", parameters.join(", ")), result, error];
                    if method.streams.gives { "StreamRpc" } else { "UploadRpc" }
                } else {
                    arguments.extend([result, error]);
                    if has_args { "Rpc" } else { "Rpc0" }
                }
            }
        };
        generic(w, &format!("readonly {}: {}", names.name, m.rs(function)), &arguments, ";");
    }

    fn events(&self, w: &mut Writer) {
        w.line(format_args!("/** Events of the store `{}`. */", self.unit.name));
        let body = |w: &mut Writer| {
            for (event, names) in self.unit.events.iter().zip(&self.names.event_names) {
                docs(w, &event.docs);
                match event.key {
                    Some(_) => {
                        let keyed = [names.key.clone(), names.body.clone()];
                        generic(w, &format!("readonly {}: {}", names.name, self.m.rs("Keyed")), &keyed, ";");
                    }
                    None => w.line(format_args!("readonly {}: {};", names.name, names.body)),
                }
            }
        };
        interface(w, &self.names.events, body, self.unit.events.is_empty());
    }

    fn definition(&self, w: &mut Writer) {
        let (m, names) = (self.m, self.names);
        docs_or(w, &self.unit.docs, &format!("The {} `{}`.", self.word(), self.unit.name));
        let parameters = match &self.unit.kind {
            UnitKind::Service => vec![names.methods.clone()],
            UnitKind::Store { state, key } => {
                let state = ts_type(m, state, Form::Full);
                let key = if key.is_some() { names.key.clone() } else { "undefined".to_owned() };
                match self.unit.of {
                    Some(_) => vec![key, state],
                    None => vec![key, state, names.methods.clone(), names.events.clone()],
                }
            }
        };
        let ty = match (self.unit.of, &self.unit.kind) {
            (Some(_), _) => "ViewDef",
            (None, UnitKind::Service) => "ServiceDef",
            (None, UnitKind::Store { .. }) => "StoreDef",
        };
        generic(w, &format!("export const {}: {}", names.name, m.rs(ty)), &parameters, " = {");
        w.enclosed_rest("};", |w| {
            let package = &m.schema[self.unit.package].name;
            w.line(format_args!("name: {},", string(&format!("{package}.{}", self.unit.name))));
            w.line(format_args!("digest: \"{}\",", hex(self.unit.digest)));
            let ancestors: Vec<String> =
                self.unit.ancestors.iter().map(|digest| format!("\"{}\"", hex(*digest))).collect();
            w.list("ancestors: [", &ancestors, "],");
            if let UnitKind::Store { state, key } = &self.unit.kind {
                self.state(w, state, key.is_some());
            }
            self.method_definitions(w);
            if let UnitKind::Store { .. } = self.unit.kind {
                let events = self.unit.events.iter().zip(&names.event_names);
                let events = events.map(|(event, names)| (names.name.as_str(), event_definition(event, names)));
                objects(w, "events", &events.collect::<Vec<_>>());
            }
        });
    }

    fn state(&self, w: &mut Writer, state: &Type, has_key: bool) {
        let m = self.m;
        let Type::Struct(id, args) = state else { return };
        let (package, names) = m.of_struct(*id, args);
        w.line(format_args!("writeKey: {},", if has_key { &self.names.write_key } else { "undefined" }));
        if !self.names.check_key.is_empty() {
            w.line(format_args!("checkKey: {},", self.names.check_key));
        }
        w.line(format_args!("read: {},", m.name(package, &names.read, As::Value)));
        w.line(format_args!("patch: {},", m.name(package, &names.patch, As::Value)));
    }

    fn method_definitions(&self, w: &mut Writer) {
        let methods = self.unit.methods.iter().zip(&self.names.method_names);
        let methods = methods.map(|(method, names)| (names.name.as_str(), self.method_definition(method, names)));
        objects(w, "methods", &methods.collect::<Vec<_>>());
    }

    fn method_definition(&self, method: &ir::Method, names: &MethodNames) -> Vec<String> {
        let m = self.m;
        let write = if method.params.fields.is_empty() { "undefined" } else { &names.write };
        let mut items = match method.kind {
            MethodKind::Rpc { .. } if method.streams.any() => vec!["kind: \"stream\"".to_owned()],
            MethodKind::Rpc { .. } => vec!["kind: \"rpc\"".to_owned()],
            MethodKind::Send => vec!["kind: \"send\"".to_owned()],
        };
        items.push(format!("id: {:#010x}", method.id));
        items.push(format!("write: {write}"));
        if !names.check.is_empty() {
            items.push(format!("check: {}", names.check));
        }
        if let MethodKind::Rpc { result, error } = &method.kind {
            let read = match result {
                None => m.rs("readUnit"),
                Some(Type::Struct(id, args)) => m.struct_fn(*id, args, |names| &names.read),
                Some(_) => names.read.clone(),
            };
            let error = error.map_or("undefined".to_owned(), |id| {
                m.name(m.schema[id].package, &m.names.unions[id.0 as usize].read, As::Value)
            });
            if method.streams.any() {
                let write = match &method.streams.takes {
                    None => "undefined".to_owned(),
                    Some((_, Type::Struct(id, args))) => m.struct_fn(*id, args, |names| &names.write),
                    Some(_) => names.write_item.clone(),
                };
                items.push(format!("writeItem: {write}"));
            }
            items.push(format!("read: {read}"));
            items.push(format!("readError: {error}"));
            if method.streams.any() {
                items.push(format!("gives: {}", method.streams.gives));
                items.push(format!("run: {}", m.rs("runStream")));
            }
        }
        items
    }
}

fn event_definition(event: &ir::Event, names: &EventNames) -> Vec<String> {
    let mut items = vec![format!("id: {:#010x}", event.id), format!("read: {}", names.read)];
    items.extend(event.key.as_ref().map(|_| format!("writeKey: {}", names.write_key)));
    items
}

/// Writes an object of objects, one per line where it fits.
fn objects(w: &mut Writer, name: &str, entries: &[(&str, Vec<String>)]) {
    if entries.is_empty() {
        return w.line(format_args!("{name}: {{}},"));
    }
    w.enclosed(format_args!("{name}: {{"), "},", |w| {
        for (name, items) in entries {
            w.spaced_list(format!("{name}: {{"), items, "},");
        }
    });
}

/// The row of a bare result.
fn result_body(ty: &Type) -> ir::Body {
    let value = ir::Field {
        id: 1,
        name: "value".to_owned(),
        docs: ir::Docs::default(),
        ty: ty.clone(),
        default: None,
        access: None,
        constraints: Vec::new(),
    };
    ir::Body { fields: vec![value], retired: Vec::new(), slots: 1 }
}
