//! Declared defaults.

use super::Cx;
use crate::diag::{Diagnostic, Fix, codes, suggest};
use crate::ir::{Literal, Type};
use crate::source::Span;
use crate::syntax::ast::{self, Path, TypeKind, Value, ValueKind};
use crate::syntax::words;

impl<'a> Cx<'a> {
    /// The default in the checked model. `ty` is `None` if the type has been reported.
    pub(super) fn default(
        &mut self,
        what: &str,
        ty: Option<&Type>,
        written: &ast::Type,
        value: &'a Value,
    ) -> Option<Literal> {
        if matches!(written.kind, TypeKind::Optional(_)) {
            let d = Diagnostic::new(
                &codes::DEFAULT_PLACE,
                format!("{what} is optional and has a default"),
                value.span,
                "a default",
            );
            let mark = Span { start: written.span.end - 1, ..written.span };
            self.report(
                d.label(mark, "optional")
                    .note("An absent optional is absent; an absent field with a default has the default. Choose one.")
                    .fix(Fix::guess("remove `?`").edit(mark, "")),
            );
            return None;
        }
        match ty? {
            Type::Bool => self.bool(what, value),
            Type::String => match &value.kind {
                ValueKind::String(text) => Some(Literal::String(text.clone())),
                _ => self.unfit(what, value, "a string, e.g. `\"text\"`"),
            },
            Type::F32 | Type::F64 => self.float(what, ty?, value),
            Type::Enum(id) => self.member(what, id.0 as usize, value),
            other => match int_range(other) {
                Some((low, high)) => self.int(what, value, low, high),
                None => self.no_default(what, written, value),
            },
        }
    }

    fn no_default(&mut self, what: &str, written: &ast::Type, value: &Value) -> Option<Literal> {
        let text = self.sources.slice(written.span).to_owned();
        let d = Diagnostic::new(
            &codes::DEFAULT_PLACE,
            format!("{what} cannot have a default"),
            value.span,
            "not possible here",
        );
        self.report(
            d.label(written.span, format!("`{text}` has none")).note(
                "Defaults exist for bool, integers, f32, f64, string and enums; anything else starts at its zero.",
            ),
        );
        None
    }

    fn bool(&mut self, what: &str, value: &Value) -> Option<Literal> {
        match word(value) {
            Some("true") => Some(Literal::Bool(true)),
            Some("false") => Some(Literal::Bool(false)),
            Some(other) => {
                let right = suggest::closest(other, words::BOOLS).map(str::to_owned);
                let message = format!("the default of {what} does not fit its type");
                let d = Diagnostic::new(&codes::DEFAULT_VALUE, message, value.span, "expected `true` or `false`");
                self.report(d.did_you_mean(other, right.as_deref()));
                None
            }
            None => self.unfit(what, value, "`true` or `false`"),
        }
    }

    fn int(&mut self, what: &str, value: &Value, low: i128, high: i128) -> Option<Literal> {
        match value.kind {
            ValueKind::Int(int) if (low..=high).contains(&int) => Some(Literal::Int(int)),
            _ => self.unfit(what, value, &format!("a whole number from {low} to {high}")),
        }
    }

    fn float(&mut self, what: &str, ty: &Type, value: &Value) -> Option<Literal> {
        let float = match value.kind {
            ValueKind::Float(float) => Some(float),
            ValueKind::Int(int) => Some(int as f64),
            _ => None,
        };
        let fits = float.filter(|f| *ty == Type::F64 || (*f as f32).is_finite());
        match fits {
            Some(float) => Some(Literal::Float(float)),
            None => self.unfit(what, value, "a number, e.g. `0.5`"),
        }
    }

    fn member(&mut self, what: &str, enum_idx: usize, value: &'a Value) -> Option<Literal> {
        let ValueKind::Path(path) = &value.kind else {
            return self.unfit(what, value, "the name of a member");
        };
        let e = &self.schema.enums[enum_idx];
        let name = member_name(path, &e.name)?;
        if let Some(member) = e.members.iter().find(|m| m.name == name) {
            return Some(Literal::Member(member.number));
        }
        if self.broken_enum(crate::ir::EnumId(enum_idx as u32)) {
            return None;
        }
        let right = suggest::closest(name, e.members.iter().map(|m| m.name.as_str())).map(str::to_owned);
        let message = format!("enum `{}` has no member `{name}`", e.name);
        let span = path.segments.last().map_or(path.span, |s| s.span);
        let d = Diagnostic::new(&codes::UNKNOWN_MEMBER, message, span, "not one of its members")
            .did_you_mean(name, right.as_deref());
        let d = match (e.members.len(), &right) {
            (1..=12, None) => {
                let list: Vec<String> = e.members.iter().map(|m| format!("`{}`", m.name)).collect();
                d.note(format!("Its members are {}.", list.join(", ")))
            }
            _ => d,
        };
        let d = match self.places.enums[enum_idx].0 {
            Some(declared) => d.label(declared, "declared here"),
            None => d,
        };
        self.report(d);
        None
    }

    fn unfit(&mut self, what: &str, value: &Value, expected: &str) -> Option<Literal> {
        if !matches!(value.kind, ValueKind::Error) {
            let message = format!("the default of {what} does not fit its type");
            self.report(Diagnostic::new(&codes::DEFAULT_VALUE, message, value.span, format!("expected {expected}")));
        }
        None
    }
}

fn word(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::Path(path) if path.segments.len() == 1 => path.segments.first().map(|s| s.text.as_str()),
        _ => None,
    }
}

/// `X` or `Mark.X`.
fn member_name<'p>(path: &'p Path, owner: &str) -> Option<&'p str> {
    match path.segments.as_slice() {
        [name] => Some(&name.text),
        [first, name] if first.text == owner => Some(&name.text),
        // Whatever it is, its last part cannot be a member; it is reported under the whole name.
        [first, ..] => Some(&first.text),
        [] => None,
    }
}

fn int_range(ty: &Type) -> Option<(i128, i128)> {
    Some(match ty {
        Type::U8 => (0, u8::MAX.into()),
        Type::U16 => (0, u16::MAX.into()),
        Type::U32 => (0, u32::MAX.into()),
        Type::U64 => (0, u64::MAX.into()),
        Type::I8 => (i8::MIN.into(), i8::MAX.into()),
        Type::I16 => (i16::MIN.into(), i16::MAX.into()),
        Type::I32 => (i32::MIN.into(), i32::MAX.into()),
        Type::I64 => (i64::MIN.into(), i64::MAX.into()),
        _ => return None,
    })
}
