//! Stores and services: the key, the handle, the handler trait and the server side of every call.

use super::Package;
use super::docs::{docs, docs_or, string};
use super::names::{MethodNames, UnitNames, field_names, is_bare};
use super::structs::{self, Declaration};
use super::types::{Collections, digest, rust_type, struct_path, wire_id};
use crate::emit::names::{Scope, rust_ident, snake};
use crate::emit::writer::Writer;
use crate::ir::{self, MethodKind, UnitKind};

/// Writes a store or a service.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::UnitId) {
    let unit = &g.schema[id];
    let (state, key) = match &unit.kind {
        UnitKind::Store { state, key } => (Some(*state), key.as_ref()),
        UnitKind::Service => (None, None),
    };
    let u = Unit { g, unit, names: &g.names.units[id.0 as usize], state: state.map(|id| struct_path(g, id)), key };
    if let Some(key) = u.key {
        u.key_struct(w, key);
        w.blank();
    }
    u.unit_struct(w);
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

struct Unit<'a> {
    g: &'a Package<'a>,
    unit: &'a ir::Unit,
    names: &'a UnitNames,
    /// The path of the state; none for a service.
    state: Option<String>,
    key: Option<&'a ir::Body>,
}

impl Unit<'_> {
    fn rt(&self, path: &str) -> String {
        self.g.rt(path)
    }

    fn level(&self, number: u32) -> String {
        format!("{}({number})", self.rt("Level"))
    }

    fn key_type(&self) -> &str {
        if self.key.is_some() { &self.names.key } else { "()" }
    }

    /// `store` or `service`, for docs.
    fn word(&self) -> &'static str {
        if self.state.is_some() { "store" } else { "service" }
    }

    fn key_struct(&self, w: &mut Writer, key: &ir::Body) {
        w.line(format!("/// Names one instance of [`{}`].", self.names.name));
        let derives = ", Eq, PartialOrd, Ord, Hash";
        let name = &self.names.key;
        let declaration = Declaration { name, body: key, collections: Collections::Plain, derives, vis: "pub " };
        structs::declaration(self.g, w, &declaration);
        w.blank();
        super::rows::row_impl(self.g, w, name, key);
    }

    fn unit_struct(&self, w: &mut Writer) {
        let unit = &self.names.unit;
        w.line(format!("/// What the runtime knows of the {} `{}`.", self.word(), self.unit.name));
        w.line("#[derive(Clone, Copy, Debug)]");
        w.line(format!("pub struct {unit};"));
        w.blank();
        w.block(format!("impl {} for {unit}", self.rt("Unit")), |w| {
            w.line(format!("type Key = {};", self.key_type()));
            w.line(format!("type State = {};", self.state.as_deref().unwrap_or("()")));
            let info = self.rt("UnitInfo");
            w.enclosed(format!("const INFO: &'static {info} = &{info} {{"), "};", |w| self.info(w));
        });
    }

    fn info(&self, w: &mut Writer) {
        let package = &self.g.schema[self.unit.package].name;
        w.line(format!("name: {},", string(&format!("{package}.{}", self.unit.name))));
        w.line(format!("digest: {},", digest(self.unit.digest)));
        let ancestors: Vec<String> = self.unit.ancestors.iter().map(|ancestor| digest(*ancestor)).collect();
        w.list("ancestors: &[", &ancestors, "],");
        w.line(format!("access: {},", self.level(self.unit.access)));
        let methods = self.unit.methods.iter().map(|method| {
            let kind = match method.kind {
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
            return w.enclosed(format!("{label}: &[{ty} {{"), "}],", |w| {
                for field in only {
                    w.line(format!("{field},"));
                }
            });
        }
        w.enclosed(format!("{label}: &["), "],", |w| {
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
        w.block(format!("impl ::core::ops::Deref for {name}"), |w| {
            w.line(format!("type Target = {target};"));
            w.blank();
            w.block("fn deref(&self) -> &Self::Target", |w| w.line("&self.0"));
        });
    }

    fn emitters(&self, w: &mut Writer, name: &str, function: &str, where_: &str) {
        if self.unit.events.is_empty() {
            return;
        }
        w.blank();
        w.block(format!("impl {name}"), |w| {
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
        docs_or(w, &event.docs, &format!("Fires the event `{}`.", event.name));
        if !where_.is_empty() {
            w.line("///");
            w.line(format!("/// {where_}"));
        }
        let fields = field_names(&event.params);
        let mut parameters = vec!["&self".to_owned()];
        parameters.extend(self.parameters(&event.params));
        w.list(format!("pub fn emit_{}(", names.name), &parameters, ") {");
        w.enclosed_rest("}", |w| {
            w.spaced_list(format!("let event = {} {{", names.body), &fields, "};");
            w.line(format!("self.0.{function}({}, &event);", wire_id(event.id)));
        });
    }

    fn parameters(&self, body: &ir::Body) -> Vec<String> {
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
            }
        }
        for (event, names) in self.unit.events.iter().zip(&self.names.events) {
            structs::implicit(self.g, w, &names.body, &event.params);
            w.blank();
        }
    }

    fn handler(&self, w: &mut Writer) {
        w.line(format!("/// What the application does for the {} `{}`.", self.word(), self.unit.name));
        w.block(
            format!(
                "pub trait {}: {} + {} + 'static",
                self.names.handler,
                self.g.prelude("Send"),
                self.g.prelude("Sync")
            ),
            |w| {
                if let Some(state) = &self.state {
                    self.open_method(w, state);
                    w.blank();
                }
                self.level_method(w);
                if self.state.is_some() {
                    w.blank();
                    self.close_method(w);
                }
                for (method, names) in self.unit.methods.iter().zip(&self.names.methods) {
                    w.blank();
                    self.method(w, method, names);
                }
            },
        );
    }

    fn open_method(&self, w: &mut Writer, state: &str) {
        w.line("/// The state of a new instance. Called once until the instance closes.");
        let mut parameters = vec!["&self".to_owned()];
        parameters.extend(self.key.map(|_| format!("key: &{}", self.names.key)));
        let result = format!("{}<{state}, {}>", self.g.prelude("Result"), self.rt("Refused"));
        signature(self.g, w, "fn open(", &parameters, &result, " {");
        w.enclosed_rest("}", |w| {
            if self.key.is_some() {
                w.line("let _ = key;");
            }
            w.line(format!("::core::future::ready({}(::core::default::Default::default()))", self.g.prelude("Ok")));
        });
    }

    fn level_method(&self, w: &mut Writer) {
        w.line("/// The access level of a caller.");
        let mut parameters = vec!["&self".to_owned(), format!("ctx: &{}", self.rt("Ctx"))];
        parameters.extend(self.key.map(|_| format!("key: &{}", self.names.key)));
        signature(self.g, w, "fn level(", &parameters, &self.rt("Level"), " {");
        w.enclosed_rest("}", |w| {
            w.line(if self.key.is_some() { "let _ = (ctx, key);" } else { "let _ = ctx;" });
            let lowest = self.g.schema.levels.first().map_or(0, |level| level.number);
            w.line(format!("::core::future::ready({})", self.level(lowest)));
        });
    }

    fn close_method(&self, w: &mut Writer) {
        w.line("/// The last subscriber has gone and the linger time is over.");
        let instance = rust_ident(&snake(&self.unit.name));
        let parameters = ["&self".to_owned(), format!("{instance}: &{}", self.names.name)];
        signature(self.g, w, "fn close(", &parameters, "()", " {");
        w.enclosed_rest("}", |w| {
            w.line(format!("let _ = {instance};"));
            w.line("::core::future::ready(())");
        });
    }

    fn method(&self, w: &mut Writer, method: &ir::Method, names: &MethodNames) {
        docs(w, &method.docs);
        let mut scope = Scope::default();
        let declared: Vec<String> = self.parameters(&method.params);
        for name in field_names(&method.params) {
            scope.claim(&name);
        }
        let mut parameters = vec!["&self".to_owned(), format!("{}: &{}", scope.claim("ctx"), self.rt("Ctx"))];
        if self.state.is_some() {
            let instance = scope.claim(&rust_ident(&snake(&self.unit.name)));
            parameters.push(format!("{instance}: &{}", self.names.name));
        }
        parameters.extend(declared);
        let output = match &method.kind {
            MethodKind::Send => "()".to_owned(),
            MethodKind::Rpc { result, error } => {
                let value = result.as_ref().map_or("()".to_owned(), |ty| rust_type(self.g, ty, Collections::Plain));
                let error = match error {
                    None => self.rt("Refused"),
                    Some(id) => {
                        let error = rust_type(self.g, &ir::Type::Union(*id), Collections::Plain);
                        format!("{}<{error}>", self.rt("Fail"))
                    }
                };
                format!("{}<{value}, {error}>", self.g.prelude("Result"))
            }
        };
        signature(self.g, w, &format!("fn {}(", names.name), &parameters, &output, ";");
    }

    fn server(&self, w: &mut Writer) {
        let UnitNames { name, unit, handler, server, dispatch, .. } = self.names;
        let what = if self.state.is_some() { "; also the way to its open instances" } else { "" };
        w.line(format!("/// Serves the {} `{}` with a handler{what}.", self.word(), self.unit.name));
        w.line("#[derive(Clone, Debug)]");
        w.list(format!("pub struct {server}("), &[format!("{}<{unit}>", self.rt("Family"))], ");");
        w.blank();
        self.deref(w, server, &format!("{}<{unit}>", self.rt("Family")));
        w.blank();
        w.block(format!("impl {server}"), |w| {
            w.line("/// Serves with this handler.");
            w.block(format!("pub fn new<H: {handler}>(handler: H) -> Self"), |w| {
                w.line(format!("Self({}::new({dispatch}(handler)))", self.rt("Family")));
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
        w.enclosed_rest("}", |w| w.line(format!("self.0.get({argument}).map({name})")));
        w.blank();
        w.line("/// The instance, opened by the handler if it is not open yet.");
        w.line("/// # Errors");
        w.line("/// What the handler answers.");
        let result = format!("{}<{name}, {}>", self.g.prelude("Result"), self.rt("Refused"));
        w.list("pub async fn open(", &parameters, &format!(") -> {result} {{"));
        w.enclosed_rest("}", |w| w.line(format!("self.0.open({argument}).await.map({name})")));
    }

    fn dispatch(&self, w: &mut Writer) {
        let UnitNames { unit, handler, dispatch, .. } = self.names;
        w.line(format!("struct {dispatch}<H>(H);"));
        w.blank();
        let head = format!("impl<H: {handler}> {}", self.rt("Dispatch"));
        super::rows::impl_block(w, &head, &format!("{dispatch}<H>"), |w| {
            w.line(format!("type Unit = {unit};"));
            w.blank();
            self.dispatch_open(w);
            w.blank();
            self.dispatch_level(w);
            w.blank();
            self.dispatch_close(w);
            w.blank();
            self.dispatch_call(w);
        });
    }

    fn boxed(&self, lifetime: &str, output: &str) -> String {
        format!("{}<{lifetime}, {output}>", self.rt("BoxFuture"))
    }

    fn dispatch_open(&self, w: &mut Writer) {
        let key = self.key_type();
        let state = self.state.as_deref().unwrap_or("()");
        let result = format!("::core::result::Result<{state}, {}>", self.rt("Refused"));
        let parameters = ["&'a self".to_owned(), format!("key: &'a {key}")];
        w.list("fn open<'a>(", &parameters, &format!(") -> {} {{", self.boxed("'a", &result)));
        w.enclosed_rest("}", |w| {
            if self.key.is_none() {
                w.line("let () = key;");
            }
            if self.state.is_none() {
                return w.line(format!("::std::boxed::Box::pin(::core::future::ready({}(())))", self.g.prelude("Ok")));
            }
            let arguments = if self.key.is_some() { "&self.0, key" } else { "&self.0" };
            w.line(format!("::std::boxed::Box::pin({}::open({arguments}))", self.names.handler));
        });
    }

    fn dispatch_level(&self, w: &mut Writer) {
        let parameters =
            ["&'a self".to_owned(), format!("ctx: &'a {}", self.rt("Ctx")), format!("key: &'a {}", self.key_type())];
        w.list("fn level<'a>(", &parameters, &format!(") -> {} {{", self.boxed("'a", &self.rt("Level"))));
        w.enclosed_rest("}", |w| {
            if self.key.is_none() {
                w.line("let () = key;");
            }
            let arguments = if self.key.is_some() { "&self.0, ctx, key" } else { "&self.0, ctx" };
            w.line(format!("::std::boxed::Box::pin({}::level({arguments}))", self.names.handler));
        });
    }

    fn dispatch_close(&self, w: &mut Writer) {
        let instance = format!("{}<{}>", self.rt("Instance"), self.names.unit);
        let parameters = ["&self".to_owned(), format!("instance: {instance}")];
        w.list("fn close(", &parameters, &format!(") -> {} {{", self.boxed("'_", "()")));
        w.enclosed_rest("}", |w| {
            if self.state.is_none() {
                w.line("let _ = instance;");
                return w.line("::std::boxed::Box::pin(::core::future::ready(()))");
            }
            w.enclosed("::std::boxed::Box::pin(async move {", "})", |w| {
                w.line(format!("let handle = {}(instance);", self.names.name));
                w.line(format!("{}::close(&self.0, &handle).await;", self.names.handler));
            });
        });
    }

    fn dispatch_call(&self, w: &mut Writer) {
        let parameters = [
            "&'a self".to_owned(),
            format!("ctx: &'a {}", self.rt("Ctx")),
            format!("instance: {}<{}>", self.rt("Instance"), self.names.unit),
            "method: u32".to_owned(),
            "args: &'a [u8]".to_owned(),
        ];
        let result = format!("::core::result::Result<{}, {}>", self.rt("Bytes"), self.rt("Fault"));
        w.list("fn call<'a>(", &parameters, &format!(") -> {} {{", self.boxed("'a", &result)));
        w.enclosed_rest("}", |w| {
            let unimplemented = format!("{}({}::unimplemented())", self.g.prelude("Err"), self.rt("Fault"));
            if self.unit.methods.is_empty() {
                w.line("let _ = (ctx, instance, method, args);");
                return w.line(format!("::std::boxed::Box::pin(::core::future::ready({unimplemented}))"));
            }
            w.enclosed("::std::boxed::Box::pin(async move {", "})", |w| {
                match self.state {
                    Some(_) => w.line(format!("let handle = {}(instance);", self.names.name)),
                    None => w.line("let _ = instance;"),
                }
                w.block("match method", |w| {
                    for (method, names) in self.unit.methods.iter().zip(&self.names.methods) {
                        w.block(format!("{} =>", wire_id(method.id)), |w| self.call(w, method, names));
                    }
                    w.line(format!("_ => {unimplemented},"));
                });
            });
        });
    }

    fn call(&self, w: &mut Writer, method: &ir::Method, names: &MethodNames) {
        let (ok, fault) = (self.g.prelude("Ok"), self.rt("Fault"));
        let used = if method.params.fields.is_empty() { "" } else { "let args = " };
        let decode = format!("{}::<{}>(args);", self.rt("codec::decode"), names.args);
        assign(w, "let args =", &decode);
        w.line(format!("{used}args.map_err({fault}::bad_arguments)?;"));
        let mut arguments = vec!["&self.0".to_owned(), "ctx".to_owned()];
        arguments.extend(self.state.as_ref().map(|_| "&handle".to_owned()));
        arguments.extend(field_names(&method.params).iter().map(|name| format!("args.{name}")));
        let function = format!("{}::{}(", self.names.handler, names.name);
        let flat = format!("{function}{});", arguments.join(", "));
        if w.fits(&format!("    {flat}")) {
            assign(w, "let future =", &flat);
        } else {
            w.list(format!("let future = {function}"), &arguments, ");");
        }
        let MethodKind::Rpc { result, error } = &method.kind else {
            w.line("future.await;");
            return w.line(format!("{ok}({}::new())", self.rt("Bytes")));
        };
        let map = if error.is_some() { "declared" } else { "from" };
        let encode = self.rt("codec::encode_at");
        match result {
            None => {
                w.line(format!("future.await.map_err({fault}::{map})?;"));
                w.line(format!("{ok}({}::new())", self.rt("Bytes")));
            }
            Some(_) => {
                w.line(format!("let value = future.await.map_err({fault}::{map})?;"));
                if is_bare(&method.kind) {
                    w.line(format!("let value = {} {{ value }};", names.result));
                }
                w.line(format!("{ok}({encode}(&value, ctx.level()))"));
            }
        }
    }
}

/// Writes an assignment, which rather moves the whole value to the next line than to break it.
fn assign(w: &mut Writer, start: &str, value: &str) {
    let flat = format!("{start} {value}");
    if w.fits(&flat) {
        w.line(flat);
    } else {
        w.line(start);
        w.indented(|w| w.line(value));
    }
}

/// Writes the head of an asynchronous method up to `end`, which is `;` or ` {`.
fn signature(g: &Package<'_>, w: &mut Writer, head: &str, parameters: &[String], output: &str, end: &str) {
    let send = g.prelude("Send");
    let future = format!("impl ::core::future::Future<Output = {output}>");
    let result = format!("{future} + {send}");
    let one_line = format!("{head}{}) -> {result}{end}", parameters.join(", "));
    if w.fits(&one_line) {
        return w.line(one_line);
    }
    w.enclosed_list(head, parameters);
    // A formatter does not count what stands around the type of the result.
    if !w.fits(&format!("-> {result}")) {
        if w.fits(&format!("-> {future}")) {
            w.line(format!(") -> {future}"));
            w.line(format!("+ {send}{end}"));
        } else {
            w.line(") -> impl ::core::future::Future<");
            w.indented(|w| w.line(format!("Output = {output},")));
            w.line(format!("> + {send}{end}"));
        }
    } else if end == ";" || w.fits(&format!(") -> {result}{end}")) {
        w.line(format!(") -> {result}{end}"));
    } else {
        w.line(format!(") -> {result}"));
        w.line(end.trim_start());
    }
}

/// The row of a bare result.
fn result_body(kind: &MethodKind) -> Option<ir::Body> {
    let MethodKind::Rpc { result: Some(ty), .. } = kind else { return None };
    let value =
        ir::Field { id: 1, name: "value".to_owned(), docs: Vec::new(), ty: ty.clone(), default: None, access: None };
    Some(ir::Body { fields: vec![value], retired: Vec::new(), slots: 1 })
}
