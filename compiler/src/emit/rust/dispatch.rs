//! From bytes to the handler and back: what the runtime calls.

use super::names::{MethodNames, UnitNames, field_names, is_bare};
use super::types::{Collections, rust_type, wire_id};
use super::units::Unit;
use crate::emit::writer::Writer;
use crate::ir::{self, MethodKind};

impl Unit<'_> {
    pub(super) fn dispatch(&self, w: &mut Writer) {
        let UnitNames { unit, handler, dispatch, .. } = self.names;
        w.line(format_args!("struct {dispatch}<H>(H);"));
        w.blank();
        let head = format!("impl<H: {handler}> {}", self.rt("Dispatch"));
        super::generics::impl_block(w, &head, &format!("{dispatch}<H>"), &[], |w| {
            w.line(format_args!("type Unit = {unit};"));
            w.blank();
            self.dispatch_open(w);
            w.blank();
            self.dispatch_level(w);
            w.blank();
            self.dispatch_close(w);
            w.blank();
            if self.unit.events.iter().any(|event| event.key.is_some()) {
                self.dispatch_event_key(w);
                w.blank();
                self.dispatch_listened(w);
                w.blank();
            }
            self.dispatch_call(w);
        });
    }

    fn dispatch_event_key(&self, w: &mut Writer) {
        w.block("fn is_event_key(&self, event: u32, key: &[u8]) -> bool", |w| {
            w.block("match event", |w| {
                for (event, names) in self.unit.events.iter().zip(&self.names.events) {
                    if event.key.is_some() {
                        let canonical = self.rt("codec::is_canonical");
                        arm(w, &format!("{} =>", wire_id(event.id)), &format!("{canonical}::<{}>(key)", names.key));
                    }
                }
                w.line("_ => key.is_empty(),");
            });
        });
    }

    fn dispatch_listened(&self, w: &mut Writer) {
        let parameters = [
            "&'a self".to_owned(),
            format!("instance: {}<{}>", self.rt("Instance"), self.names.unit),
            "event: u32".to_owned(),
            "key: &'a [u8]".to_owned(),
            "is_first: bool".to_owned(),
        ];
        w.list("fn listened<'a>(", &parameters, &format!(") -> {} {{", self.boxed("'a", "()")));
        w.enclosed_rest("}", |w| {
            w.enclosed("::std::boxed::Box::pin(async move {", "})", |w| {
                w.line(format_args!("let handle = {}(instance);", self.names.name));
                w.block("match (event, is_first)", |w| {
                    for (event, names) in self.unit.events.iter().zip(&self.names.events) {
                        if event.key.is_some() {
                            self.told(w, event.id, true, &names.started, &names.key);
                            self.told(w, event.id, false, &names.stopped, &names.key);
                        }
                    }
                    w.line("_ => {}");
                });
            });
        });
    }

    fn told(&self, w: &mut Writer, event: u32, is_first: bool, hook: &str, key: &str) {
        w.block(format_args!("({}, {is_first}) =>", wire_id(event)), |w| {
            assign(w, "let key =", &format!("{}::<{key}>(key);", self.rt("codec::decode")));
            w.block(format_args!("if let {}(key) = key", self.g.prelude("Ok")), |w| {
                assign(w, "let told =", &format!("{}::{hook}(&self.0, &handle, &key);", self.names.handler));
                w.line("told.await;");
            });
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
                return w
                    .line(format_args!("::std::boxed::Box::pin(::core::future::ready({}(())))", self.g.prelude("Ok")));
            }
            let arguments = if self.key.is_some() { "&self.0, key" } else { "&self.0" };
            w.line(format_args!("::std::boxed::Box::pin({}::open({arguments}))", self.names.handler));
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
            w.line(format_args!("::std::boxed::Box::pin({}::level({arguments}))", self.names.handler));
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
                w.line(format_args!("let handle = {}(instance);", self.names.name));
                w.line(format_args!("{}::close(&self.0, &handle).await;", self.names.handler));
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
                return w.line(format_args!("::std::boxed::Box::pin(::core::future::ready({unimplemented}))"));
            }
            w.enclosed("::std::boxed::Box::pin(async move {", "})", |w| {
                match self.state {
                    Some(_) => w.line(format_args!("let handle = {}(instance);", self.names.name)),
                    None => w.line("let _ = instance;"),
                }
                w.block("match method", |w| {
                    for (method, names) in self.unit.methods.iter().zip(&self.names.methods) {
                        w.block(format_args!("{} =>", wire_id(method.id)), |w| self.call(w, method, names));
                    }
                    w.line(format_args!("_ => {unimplemented},"));
                });
            });
        });
    }

    /// Where the items of a call come from and go to.
    fn streams(&self, method: &ir::Method, names: &MethodNames) -> Vec<String> {
        let row = |ty: &ir::Type, bare: &str| {
            if bare.is_empty() { rust_type(self.g, ty, Collections::Plain) } else { bare.to_owned() }
        };
        let source = method.streams.takes.as_ref().map(|(_, ty)| ("Source", row(ty, &names.item)));
        let given = match &method.kind {
            MethodKind::Rpc { result: Some(ty), .. } if method.streams.gives => Some(ty),
            _ => None,
        };
        let sink = given.map(|ty| ("Sink", row(ty, &names.result)));
        source.into_iter().chain(sink).map(|(end, row)| format!("{}::of::<{row}>(ctx)", self.rt(end))).collect()
    }

    fn call(&self, w: &mut Writer, method: &ir::Method, names: &MethodNames) {
        let (ok, fault) = (self.g.prelude("Ok"), self.rt("Fault"));
        let used = if method.params.fields.is_empty() { "" } else { "let args = " };
        let decode = format!("{}::<{}>(args);", self.rt("codec::decode"), names.args);
        assign(w, "let args =", &decode);
        w.line(format_args!("{used}args.map_err({fault}::bad_arguments)?;"));
        if self.g.schema.is_body_constrained(&method.params) {
            w.line(format_args!("{fault}::check_arguments(&args)?;"));
        }
        let mut arguments = vec!["&self.0".to_owned(), "ctx".to_owned()];
        arguments.extend(self.state.as_ref().map(|_| "&handle".to_owned()));
        arguments.extend(field_names(&method.params).iter().map(|name| format!("args.{name}")));
        arguments.extend(self.streams(method, names));
        let function = format!("{}::{}(", self.names.handler, names.name);
        let flat = format!("{function}{});", arguments.join(", "));
        if w.fits(&format!("    {flat}")) {
            assign(w, "let future =", &flat);
        } else {
            w.list(format!("let future = {function}"), &arguments, ");");
        }
        let MethodKind::Rpc { result, error } = &method.kind else {
            w.line("future.await;");
            return w.line(format_args!("{ok}({}::new())", self.rt("Bytes")));
        };
        let map = match error {
            Some(_) => format!("|fail| {fault}::declared(fail, ctx.level())"),
            None => format!("{fault}::from"),
        };
        let encode = self.rt("codec::encode_at");
        match result {
            // The items have gone before.
            Some(_) if method.streams.gives => {
                w.line(format_args!("future.await.map_err({map})?;"));
                w.line(format_args!("{ok}({}::new())", self.rt("Bytes")));
            }
            None => {
                w.line(format_args!("future.await.map_err({map})?;"));
                w.line(format_args!("{ok}({}::new())", self.rt("Bytes")));
            }
            Some(ty) => {
                w.line(format_args!("let value = future.await.map_err({map})?;"));
                if self.g.schema.is_constrained(ty) {
                    w.line(format_args!("{fault}::check_result(&value)?;"));
                }
                if is_bare(&method.kind) {
                    w.line(format_args!("let value = {} {{ value }};", names.result));
                }
                w.line(format_args!("{ok}({encode}(&value, ctx.level()))"));
            }
        }
    }
}

/// Writes an arm of a match, which rather stands in braces than is broken.
fn arm(w: &mut Writer, pattern: &str, value: &str) {
    let flat = format!("{pattern} {value},");
    if w.fits(&flat) {
        w.line(flat);
    } else {
        w.enclosed(format_args!("{pattern} {{"), "}", |w| w.line(value));
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
