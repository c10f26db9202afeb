//! Fields, methods, events, parameters and annotations are written in lowerCamel.

use super::Cx;
use crate::diag::{Diagnostic, codes};
use crate::syntax::ast::{FieldBody, ItemKind, MethodWord, Name, Param, UnitBody};
use heck::ToLowerCamelCase;

pub(super) fn find(cx: &Cx<'_>, found: &mut Vec<Diagnostic>) {
    for (_, declared) in cx.items() {
        let mut rule = Rule { found };
        match &declared.item.kind {
            ItemKind::Struct { body, .. } => rule.fields(body),
            ItemKind::Union { body, .. } => {
                body.cases.iter().filter_map(|case| case.payload.as_ref()).for_each(|body| rule.fields(body));
            }
            ItemKind::Store { key, body, .. } => {
                rule.params("part of a key", key.as_deref().unwrap_or_default());
                rule.methods(body);
            }
            ItemKind::Service { body } => rule.methods(body),
            ItemKind::Annotation { params, .. } => {
                rule.name("annotation", &declared.item.name);
                rule.params("parameter", params);
            }
            ItemKind::Enum { .. }
            | ItemKind::View { .. }
            | ItemKind::Alias { .. }
            | ItemKind::Newtype { .. }
            | ItemKind::Const { .. } => {}
        }
    }
}

struct Rule<'f> {
    found: &'f mut Vec<Diagnostic>,
}

impl Rule<'_> {
    fn fields(&mut self, body: &FieldBody) {
        body.fields.iter().for_each(|field| self.name("field", &field.name));
    }

    fn methods(&mut self, body: &UnitBody) {
        for method in &body.methods {
            let what = if method.word == MethodWord::Event { "event" } else { "method" };
            self.name(what, &method.name);
            self.params("part of a key", method.key.as_deref().unwrap_or_default());
            self.params("parameter", &method.params);
        }
    }

    fn params(&mut self, what: &str, params: &[Param]) {
        params.iter().for_each(|param| self.name(what, &param.name));
    }

    fn name(&mut self, what: &str, name: &Name) {
        let text = name.text.as_str();
        // `_` is a parameter that is gone.
        if text == "_" || (text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.contains('_')) {
            return;
        }
        let right = text.to_lower_camel_case();
        // Nothing is left of `__`, and `_1` would be no name.
        if right == text || !right.starts_with(|c: char| c.is_ascii_lowercase()) {
            return;
        }
        let message = format!("{what} `{text}` is not written in lowerCamel");
        let d = Diagnostic::warning(&codes::NAME_CASE, message, name.span, format!("written `{right}`"));
        self.found.push(
            d.note(
                "Each language gets names in its own case, whatever the schema says; only the schema reads unevenly.",
            )
            .note("`@allow(name_case, \"why\")` on it, on what holds it, or behind `package NAME` allows it."),
        );
    }
}
