//! The handler trait: what the application does for a unit.

use super::Package;
use super::docs::{attributes, docs};
use super::names::{MethodNames, field_names};
use super::types::{Collections, rust_type};
use super::units::Unit;
use crate::emit::names::{Scope, rust_ident, snake};
use crate::emit::writer::Writer;
use crate::ir::{self, MethodKind};

impl Unit<'_> {
    pub(super) fn handler(&self, w: &mut Writer) {
        w.line(format_args!("/// What the application does for the {} `{}`.", self.word(), self.unit.name));
        // A store's own words stand on its handle, which a service does not have.
        let own = if self.state.is_some() { Vec::new() } else { self.unit.docs.text() };
        if !own.is_empty() {
            w.line("///");
            docs(w, &own.into());
        }
        attributes(w, &self.unit.docs);
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
                for (event, names) in self.unit.events.iter().zip(&self.names.events) {
                    if event.key.is_some() {
                        w.blank();
                        let docs = format!("/// The first listener of a key of `{}` has come.", event.name);
                        self.hook(w, &names.started, &names.key, &docs);
                        w.blank();
                        let docs = format!("/// The last listener of a key of `{}` has gone.", event.name);
                        self.hook(w, &names.stopped, &names.key, &docs);
                    }
                }
                for (method, names) in self.unit.methods.iter().zip(&self.names.methods) {
                    w.blank();
                    self.method(w, method, names);
                }
            },
        );
    }

    /// What is told of the listeners of a keyed event.
    fn hook(&self, w: &mut Writer, name: &str, key: &str, docs: &str) {
        w.line(docs);
        let instance = rust_ident(&snake(&self.unit.name));
        let mut scope = Scope::new(&[&instance]);
        let key_name = scope.claim("key");
        let parameters =
            ["&self".to_owned(), format!("{instance}: &{}", self.names.name), format!("{key_name}: &{key}")];
        signature(self.g, w, &format!("fn {name}("), &parameters, "()", " {");
        w.enclosed_rest("}", |w| {
            w.line(format_args!("let _ = ({instance}, {key_name});"));
            w.line("::core::future::ready(())");
        });
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
            w.line(format_args!(
                "::core::future::ready({}(::core::default::Default::default()))",
                self.g.prelude("Ok")
            ));
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
            w.line(format_args!("::core::future::ready({})", self.level(lowest)));
        });
    }

    fn close_method(&self, w: &mut Writer) {
        w.line("/// The last subscriber has gone and the linger time is over.");
        let instance = rust_ident(&snake(&self.unit.name));
        let parameters = ["&self".to_owned(), format!("{instance}: &{}", self.names.name)];
        signature(self.g, w, "fn close(", &parameters, "()", " {");
        w.enclosed_rest("}", |w| {
            w.line(format_args!("let _ = {instance};"));
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
        if let Some((name, ty)) = &method.streams.takes {
            let item = rust_type(self.g, ty, Collections::Plain);
            parameters.push(format!("{}: {}<{item}>", scope.claim(&rust_ident(&snake(name))), self.rt("Source")));
        }
        let output = match &method.kind {
            MethodKind::Send => "()".to_owned(),
            MethodKind::Rpc { result, error } => {
                let mut value = result.as_ref().map_or("()".to_owned(), |ty| rust_type(self.g, ty, Collections::Plain));
                if method.streams.gives {
                    parameters.push(format!("{}: {}<{value}>", scope.claim("out"), self.rt("Sink")));
                    "()".clone_into(&mut value);
                }
                let error = match error {
                    None => self.rt("Refused"),
                    Some(id) => {
                        let error = rust_type(self.g, &ir::Type::Union(*id, Vec::new()), Collections::Plain);
                        format!("{}<{error}>", self.rt("Fail"))
                    }
                };
                format!("{}<{value}, {error}>", self.g.prelude("Result"))
            }
        };
        signature(self.g, w, &format!("fn {}(", names.name), &parameters, &output, ";");
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
            w.line(format_args!(") -> {future}"));
            w.line(format_args!("+ {send}{end}"));
        } else {
            w.line(") -> impl ::core::future::Future<");
            w.indented(|w| w.line(format_args!("Output = {output},")));
            w.line(format_args!("> + {send}{end}"));
        }
    } else if end == ";" || w.fits(&format!(") -> {result}{end}")) {
        w.line(format_args!(") -> {result}{end}"));
    } else {
        w.line(format_args!(") -> {result}"));
        w.line(end.trim_start());
    }
}
