//! The parameters of generic declarations, at each of the places where Rust wants them.

use super::Package;
use crate::emit::names::{Scope, upper_camel};
use crate::emit::writer::Writer;
use crate::ir;

/// The parameters of a declaration; empty for most.
#[derive(Clone, Debug, Default)]
pub(super) struct Generics {
    pub(super) names: Vec<String>,
    /// What follows a name in the declaration of the type: ` = String`.
    defaults: Vec<String>,
    /// `K: Key`: what a plain declaration needs, because its collections do.
    needed: Vec<String>,
    /// What impls need.
    bounds: Vec<String>,
    /// What `Default` needs.
    zeros: Vec<String>,
    /// Which are asked to be `partials` structs.
    partials: Vec<bool>,
}

/// The parameters' names: they hide nothing that the declaration uses.
pub(super) fn param_names(params: &[ir::Param], declared: &Scope) -> Vec<String> {
    let mut scope =
        Scope::new(&["Err", "None", "Ok", "Option", "Result", "Self", "Send", "Some", "String", "Sync", "Vec"]);
    let free = |name: &str| {
        let mut name = upper_camel(name);
        while declared.has(&name) {
            name.push('_');
        }
        name
    };
    params.iter().map(|param| scope.claim(&free(&param.name))).collect()
}

impl Generics {
    /// The parameters of a declaration; `g` knows their names.
    pub(super) fn new(g: &Package<'_>, params: &[ir::Param], collections: super::types::Collections) -> Self {
        let mut all = Self { names: g.params.to_vec(), ..Self::default() };
        for (param, name) in params.iter().zip(g.params) {
            let ir::Bounds { key, zero, strukt, partials } = param.bounds;
            let default =
                param.default.as_ref().map(|ty| format!(" = {}", super::types::rust_type(g, ty, collections)));
            all.defaults.push(default.unwrap_or_default());
            let delta = g.rt(if partials { "delta::Partial" } else { "delta::Delta" });
            let mut bounds = vec![delta];
            if key {
                all.needed.push(format!("{name}: {}", g.rt("codec::Key")));
                bounds.push(g.rt("codec::Key"));
            }
            if zero || strukt || partials {
                bounds.push("::core::default::Default".to_owned());
            }
            if bounds.len() > 1 {
                all.zeros.push(format!("{name}: {}", bounds[1..].join(" + ")));
            }
            all.bounds.push(format!("{name}: {}", bounds.join(" + ")));
            all.partials.push(partials);
        }
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether a parameter is asked to be a `partials` struct.
    pub(super) fn is_partials(&self, n: u32) -> bool {
        self.partials.get(n as usize).copied().unwrap_or_default()
    }

    /// `<T, E>`, with a lifetime in front if one is given.
    pub(super) fn args(&self, lifetime: &str) -> String {
        let first = Some(lifetime).filter(|l| !l.is_empty());
        let all: Vec<&str> = first.into_iter().chain(self.names.iter().map(String::as_str)).collect();
        if all.is_empty() { String::new() } else { format!("<{}>", all.join(", ")) }
    }

    /// The parameters of a type's declaration: `<T, E = String>`.
    pub(super) fn declared(&self) -> String {
        let all: Vec<String> =
            self.names.iter().zip(&self.defaults).map(|(name, default)| name.clone() + default).collect();
        if all.is_empty() { String::new() } else { format!("<{}>", all.join(", ")) }
    }

    /// Writes `head` with what a plain declaration needs and a body.
    pub(super) fn declare(&self, w: &mut Writer, head: &str, body: impl FnOnce(&mut Writer)) {
        block(w, head, &self.needed, body);
    }

    /// Writes `head` with what impls need and a body.
    pub(super) fn block(&self, w: &mut Writer, head: &str, body: impl FnOnce(&mut Writer)) {
        block(w, head, &self.bounds, body);
    }

    /// Writes `impl Trait for Type` with what impls need.
    pub(super) fn impl_block(&self, w: &mut Writer, trait_: &str, ty: &str, body: impl FnOnce(&mut Writer)) {
        let head = format!("impl{} {trait_}", self.args(""));
        impl_block(w, &head, ty, &self.bounds, body);
    }

    /// Writes `impl Default for Type`.
    pub(super) fn default_impl(&self, w: &mut Writer, ty: &str, body: impl FnOnce(&mut Writer)) {
        let head = format!("impl{} ::core::default::Default", self.args(""));
        impl_block(w, &head, ty, &self.zeros, body);
    }

    /// The parameters and what impls need, as macros take them in front of a name.
    pub(super) fn macro_head(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        format!("[{} where {}] ", self.names.join(", "), self.bounds.join(", "))
    }

    /// The same parameters, all of which have one more bound.
    pub(super) fn with_bound(&self, bound: &str) -> Self {
        let bounds = self.bounds.iter().map(|bounds| format!("{bounds} + {bound}"));
        Self { bounds: bounds.collect(), ..self.clone() }
    }

    /// Writes the call of a macro that implements something for the type.
    pub(super) fn call(&self, w: &mut Writer, name: &str, ty: &str) {
        self.call_with(w, name, &format!("{ty}{}", self.args("")), "");
    }

    /// The same with something behind the type, which is written with its parameters.
    pub(super) fn call_with(&self, w: &mut Writer, name: &str, ty: &str, more: &str) {
        if self.is_empty() {
            return w.line(format_args!("{name}!({ty}{more});"));
        }
        let (names, bounds) = (self.names.join(", "), self.bounds.join(", "));
        w.line(format_args!("{name}!([{names}] {ty}{more} where {bounds});"));
    }
}

fn block(w: &mut Writer, head: &str, bounds: &[String], body: impl FnOnce(&mut Writer)) {
    if bounds.is_empty() {
        return w.block(head, body);
    }
    w.line(head);
    where_block(w, bounds, body);
}

fn where_block(w: &mut Writer, bounds: &[String], body: impl FnOnce(&mut Writer)) {
    if bounds.is_empty() {
        return w.enclosed("{", "}", body);
    }
    w.enclosed_list("where", bounds);
    w.enclosed("{", "}", body);
}

/// Writes `impl Trait for Type where .. { .. }`.
pub(super) fn impl_block(w: &mut Writer, trait_: &str, ty: &str, bounds: &[String], body: impl FnOnce(&mut Writer)) {
    let head = format!("{trait_} for {ty}");
    let fits = w.fits(&if bounds.is_empty() { format!("{head} {{") } else { head.clone() });
    if fits {
        return block(w, &head, bounds, body);
    }
    w.line(trait_);
    w.indented(|w| w.line(format_args!("for {ty}")));
    where_block(w, bounds, body);
}
