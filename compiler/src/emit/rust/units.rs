//! Stores and services: the key, the handle, the handler trait and the server side of every call.

use super::Package;
use super::docs::{attributes, docs_and, docs_or, string};
use super::names::{UnitNames, field_names, is_bare, taken_bare};
use super::structs::{self, Declaration};
use super::types::{Collections, digest, rust_type, wire_id};
use crate::emit::names::Scope;
use crate::emit::writer::Writer;
use crate::ir::{self, MethodKind, UnitKind};

/// Writes a store or a service.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::UnitId) {
    let unit = &g.schema[id];
    let (state, key) = match &unit.kind {
        UnitKind::Store { state, key } => (Some(state), key.as_ref()),
        UnitKind::Service => (None, None),
    };
    let u = Unit {
        g,
        unit,
        names: &g.names.units[id.0 as usize],
        state: state.map(|ty| rust_type(g, ty, Collections::Shared)),
        key,
    };
    if let Some(key) = u.key {
        u.key_struct(w, key);
        w.blank();
    }
    for (event, names) in unit.events.iter().zip(&u.names.events) {
        if let Some(key) = &event.key {
            let what = format!("Names one key of the event `{}` of [`{}`].", event.name, u.names.name);
            u.key_rows(w, &names.key, &what, key);
            w.blank();
        }
    }
    u.unit_struct(w, id);
    if unit.of.is_some() {
        return;
    }
    w.blank();
    if u.state.is_some() {
        u.handle(w);
        w.blank();
    }
    u.bodies(w);
    u.handler(w);
    w.blank();
    u.server(w);
    w.blank();
    u.dispatch(w);
}

pub(super) struct Unit<'a> {
    pub(super) g: &'a Package<'a>,
    pub(super) unit: &'a ir::Unit,
    pub(super) names: &'a UnitNames,
    /// The path of the state; none for a service.
    pub(super) state: Option<String>,
    pub(super) key: Option<&'a ir::Body>,
}

impl Unit<'_> {
    pub(super) fn rt(&self, path: &str) -> String {
        self.g.rt(path)
    }

    pub(super) fn level(&self, number: u32) -> String {
        format!("{}({number})", self.rt("Level"))
    }

    pub(super) fn key_type(&self) -> &str {
        if self.key.is_some() { &self.names.key } else { "()" }
    }

    /// `store` or `service`, for docs.
    pub(super) fn word(&self) -> &'static str {
        match (self.unit.of, &self.state) {
            (Some(_), _) => "view",
            (None, Some(_)) => "store",
            (None, None) => "service",
        }
    }

    fn key_struct(&self, w: &mut Writer, key: &ir::Body) {
        let what = match self.unit.of {
            Some(store) => format!("Names one instance of the store `{}`.", self.g.schema[store].name),
            None => format!("Names one instance of [`{}`].", self.names.name),
        };
        self.key_rows(w, &self.names.key, &what, key);
    }

    fn key_rows(&self, w: &mut Writer, name: &str, what: &str, key: &ir::Body) {
        w.line(format_args!("/// {what}"));
        let derives = ", Eq, PartialOrd, Ord, Hash";
        let generics = &super::generics::Generics::default();
        let declaration =
            Declaration { name, generics, body: key, collections: Collections::Plain, derives, vis: "pub " };
        structs::declaration(self.g, w, &declaration);
        w.blank();
        super::rows::row_impl(self.g, w, (name, generics), key);
    }

    fn unit_struct(&self, w: &mut Writer, id: ir::UnitId) {
        let unit = &self.names.unit;
        w.line(format_args!("/// What the runtime knows of the {} `{}`.", self.word(), self.unit.name));
        w.line("#[derive(Clone, Copy, Debug)]");
        w.line(format_args!("pub struct {unit};"));
        w.blank();
        w.block(format_args!("impl {} for {unit}", self.rt("Unit")), |w| {
            w.line(format_args!("type Key = {};", self.key_type()));
            w.line(format_args!("type State = {};", self.state.as_deref().unwrap_or("()")));
            let info = self.rt("UnitInfo");
            w.enclosed(format_args!("const INFO: &'static {info} = &{info} {{"), "};", |w| self.info(w));
            self.views(w, id);
        });
    }

    /// The views of the store.
    fn views(&self, w: &mut Writer, id: ir::UnitId) {
        let views = self.g.schema.units.iter().zip(&self.g.names.units).filter(|(unit, _)| unit.of == Some(id));
        let projection = self.rt("Projection");
        let views: Vec<String> = views
            .map(|(unit, names)| {
                format!("{projection}::of::<{}>()", self.g.names.path(self.g.id, unit.package, &names.unit))
            })
            .collect();
        if views.is_empty() {
            return;
        }
        let start = format!("const VIEWS: &'static [{projection}<Self::State>] =");
        let all = format!("&[{}];", views.join(", "));
        if !w.fits(&format!("{start} {all}")) && w.fits(&format!("    {all}")) {
            w.line(start);
            return w.indented(|w| w.line(all));
        }
        w.list(format!("{start} &["), &views, "];");
    }

    fn info(&self, w: &mut Writer) {
        let package = &self.g.schema[self.unit.package].name;
        w.line(format_args!("name: {},", string(&format!("{package}.{}", self.unit.name))));
        w.line(format_args!("digest: {},", digest(self.unit.digest)));
        let ancestors: Vec<String> = self.unit.ancestors.iter().map(|ancestor| digest(*ancestor)).collect();
        w.list("ancestors: &[", &ancestors, "],");
        w.line(format_args!("access: {},", self.level(self.unit.access)));
        let methods = self.unit.methods.iter().map(|method| {
            let kind = match method.kind {
                MethodKind::Rpc { .. } if method.streams.any() => "Stream",
                MethodKind::Rpc { .. } => "Rpc",
                MethodKind::Send => "Send",
            };
            let kind = format!("kind: {}", self.rt(&format!("MethodKind::{kind}")));
            (method.id, &method.name, method.access, Some(kind))
        });
        self.infos(w, "methods", &self.rt("MethodInfo"), methods.collect());
        let events = self.unit.events.iter().map(|event| (event.id, &event.name, event.access, None));
        self.infos(w, "events", &self.rt("EventInfo"), events.collect());
    }

    fn infos(&self, w: &mut Writer, label: &str, ty: &str, infos: Vec<(u32, &String, u32, Option<String>)>) {
        let fields = |(id, name, access, kind): (u32, &String, u32, Option<String>)| {
            let mut fields = vec![format!("id: {}", wire_id(id)), format!("name: {}", string(name))];
            fields.extend(kind);
            fields.push(format!("access: {}", self.level(access)));
            fields
        };
        let infos: Vec<Vec<String>> = infos.into_iter().map(fields).collect();
        let flat: Vec<String> = infos.iter().map(|fields| format!("{ty} {{ {} }}", fields.join(", "))).collect();
        let line = format!("{label}: &[{}],", flat.join(", "));
        if w.fits(&line) {
            return w.line(line);
        }
        if let [only] = infos.as_slice() {
            // A formatter lets the brackets of a single element embrace its braces.
            return w.enclosed(format_args!("{label}: &[{ty} {{"), "}],", |w| {
                for field in only {
                    w.line(format_args!("{field},"));
                }
            });
        }
        w.enclosed(format_args!("{label}: &["), "],", |w| {
            for fields in &infos {
                w.spaced_list(format!("{ty} {{"), fields, "},");
            }
        });
    }

    fn handle(&self, w: &mut Writer) {
        let (name, unit) = (&self.names.name, &self.names.unit);
        docs_or(w, &self.unit.docs, &format!("One open instance of the store `{}`.", self.unit.name));
        w.line("#[derive(Clone, Debug)]");
        w.list(format!("pub struct {name}("), &[format!("{}<{unit}>", self.rt("Instance"))], ");");
        w.blank();
        self.deref(w, name, &format!("{}<{unit}>", self.rt("Instance")));
        self.emitters(w, name, "emit", "");
    }

    fn deref(&self, w: &mut Writer, name: &str, target: &str) {
        w.block(format_args!("impl ::core::ops::Deref for {name}"), |w| {
            w.line(format_args!("type Target = {target};"));
            w.blank();
            w.block("fn deref(&self) -> &Self::Target", |w| w.line("&self.0"));
        });
    }

    fn emitters(&self, w: &mut Writer, name: &str, function: &str, where_: &str) {
        if self.unit.events.is_empty() {
            return;
        }
        w.blank();
        w.block(format_args!("impl {name}"), |w| {
            for (n, event) in self.unit.events.iter().enumerate() {
                if n > 0 {
                    w.blank();
                }
                self.emitter(w, event, n, function, where_);
            }
        });
    }

    fn emitter(&self, w: &mut Writer, event: &ir::Event, n: usize, function: &str, where_: &str) {
        let names = &self.names.events[n];
        let more: &[&str] = if where_.is_empty() { &[] } else { &[where_] };
        docs_and(w, &event.docs, &format!("Fires the event `{}`.", event.name), more);
        let fields = field_names(&event.params);
        let mut parameters = vec!["&self".to_owned()];
        let mut scope = Scope::default();
        fields.iter().for_each(|name| _ = scope.claim(name));
        let key = event.key.as_ref().map(|_| scope.claim("key"));
        parameters.extend(key.as_ref().map(|key| format!("{key}: &{}", names.key)));
        parameters.extend(self.parameters(&event.params));
        w.list(format!("pub fn emit_{}(", names.name), &parameters, ") {");
        w.enclosed_rest("}", |w| {
            w.spaced_list(format!("let event = {} {{", names.body), &fields, "};");
            match key {
                Some(key) => w.line(format_args!("self.0.{function}_keyed({}, {key}, &event);", wire_id(event.id))),
                None => w.line(format_args!("self.0.{function}({}, &event);", wire_id(event.id))),
            }
        });
    }

    pub(super) fn parameters(&self, body: &ir::Body) -> Vec<String> {
        let fields = body.fields.iter().zip(field_names(body));
        fields.map(|(field, name)| format!("{name}: {}", rust_type(self.g, &field.ty, Collections::Plain))).collect()
    }

    /// The structs of parameters, bare results and events.
    fn bodies(&self, w: &mut Writer) {
        for (method, names) in self.unit.methods.iter().zip(&self.names.methods) {
            structs::implicit(self.g, w, &names.args, &method.params);
            w.blank();
            if let (true, Some(body)) = (is_bare(&method.kind), result_body(&method.kind)) {
                structs::implicit(self.g, w, &names.result, &body);
                w.blank();
                if method.streams.gives {
                    self.conversion(w, &names.result, &body, Way::In);
                    w.blank();
                }
            }
            if let Some(ty) = taken_bare(method) {
                let body = bare_body(ty);
                structs::implicit(self.g, w, &names.item, &body);
                w.blank();
                self.conversion(w, &names.item, &body, Way::Out);
                w.blank();
            }
        }
        for (event, names) in self.unit.events.iter().zip(&self.names.events) {
            structs::implicit(self.g, w, &names.body, &event.params);
            w.blank();
        }
    }

    /// The conversion that the ends of streams make with each item.
    fn conversion(&self, w: &mut Writer, row: &str, body: &ir::Body, way: Way) {
        let Some(field) = body.fields.first() else { return };
        let value = rust_type(self.g, &field.ty, Collections::Plain);
        let (from, to, name) =
            if way == Way::In { (value.as_str(), row, "value") } else { (row, value.as_str(), "row") };
        super::generics::impl_block(w, &format!("impl ::core::convert::From<{from}>"), to, &[], |w| {
            w.list("fn from(", &[format!("{name}: {from}")], ") -> Self {");
            w.enclosed_rest("}", |w| w.line(if way == Way::In { "Self { value }" } else { "row.value" }));
        });
    }

    fn server(&self, w: &mut Writer) {
        let UnitNames { name, unit, handler, server, dispatch, .. } = self.names;
        let what = if self.state.is_some() { "; also the way to its open instances" } else { "" };
        w.line(format_args!("/// Serves the {} `{}` with a handler{what}.", self.word(), self.unit.name));
        attributes(w, &self.unit.docs);
        w.line("#[derive(Clone, Debug)]");
        w.list(format!("pub struct {server}("), &[format!("{}<{unit}>", self.rt("Family"))], ");");
        w.blank();
        self.deref(w, server, &format!("{}<{unit}>", self.rt("Family")));
        w.blank();
        w.block(format_args!("impl {server}"), |w| {
            w.line("/// Serves with this handler.");
            w.block(format_args!("pub fn new<H: {handler}>(handler: H) -> Self"), |w| {
                w.line(format_args!("Self({}::new({dispatch}(handler)))", self.rt("Family")));
            });
            if self.state.is_some() {
                w.blank();
                self.instances(w, name);
            }
        });
        self.emitters(w, server, "emit_all", "Reaches every open instance.");
    }

    fn instances(&self, w: &mut Writer, name: &str) {
        let mut parameters = vec!["&self".to_owned()];
        parameters.extend(self.key.map(|_| format!("key: &{}", self.names.key)));
        let argument = if self.key.is_some() { "key" } else { "&()" };
        w.line("/// The instance, if it is open.");
        w.list("pub fn get(", &parameters, &format!(") -> {}<{name}> {{", self.g.prelude("Option")));
        w.enclosed_rest("}", |w| w.line(format_args!("self.0.get({argument}).map({name})")));
        w.blank();
        w.line("/// The instance, opened by the handler if it is not open yet.");
        w.line("/// # Errors");
        w.line("/// What the handler answers.");
        let result = format!("{}<{name}, {}>", self.g.prelude("Result"), self.rt("Refused"));
        w.list("pub async fn open(", &parameters, &format!(") -> {result} {{"));
        w.enclosed_rest("}", |w| w.line(format_args!("self.0.open({argument}).await.map({name})")));
    }
}

/// From a bare value to its row, or back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// The row of a bare result.
fn result_body(kind: &MethodKind) -> Option<ir::Body> {
    let MethodKind::Rpc { result: Some(ty), .. } = kind else { return None };
    Some(bare_body(ty))
}

fn bare_body(ty: &ir::Type) -> ir::Body {
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
