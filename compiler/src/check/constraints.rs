//! Constraints: what they limit, their limits, and the zeros and defaults that they exclude.

use super::Cx;
use super::annotations::{Annotations, Given, Used};
use super::pattern;
use super::values::{base, is_number};
use crate::diag::{Diagnostic, Fix, codes};
use crate::ir::constraints::Constraint;
use crate::ir::{self, Literal, Type};
use crate::source::Span;
use crate::syntax::ast::{Item, ItemKind, Value, ValueKind};

/// The annotations that are constraints.
const NAMES: [&str; 4] = ["range", "len", "count", "pattern"];

/// A constraint and the annotation that asks for it.
pub(super) type Placed = (Constraint, Span);

impl<'a> Cx<'a> {
    /// The constraints among annotations, in the order in which they are written. `ty` is `None` if it has been reported.
    pub(super) fn constraints(
        &mut self,
        what: &str,
        annotations: &Annotations<'a>,
        ty: Option<&Type>,
        written: Span,
    ) -> Vec<Placed> {
        let mut used: Vec<&Used<'a>> = NAMES.iter().filter_map(|name| annotations.get(name)).collect();
        used.sort_by_key(|used| used.span.start);
        let Some(ty) = ty else { return Vec::new() };
        let ty = if let Type::Optional(inner) = ty { inner } else { ty };
        let mut placed = Vec::new();
        for used in used {
            let constraint = self.constraint(what, used, base(ty), written);
            placed.extend(constraint.map(|constraint| (constraint, used.span)));
        }
        placed
    }

    fn constraint(&mut self, what: &str, used: &Used<'a>, ty: &Type, written: Span) -> Option<Constraint> {
        let (fits, on) = match used.builtin.name {
            "range" => (is_number(ty), "integers, f32 and f64"),
            "len" => (matches!(ty, Type::String | Type::Bytes), "strings and bytes"),
            "count" => (matches!(ty, Type::List(_) | Type::Map(..) | Type::Set(_)), "lists, sets and maps"),
            _ => (matches!(ty, Type::String), "strings"),
        };
        if !fits {
            self.wrong_type(what, used, ty, written, on);
            return None;
        }
        match used.builtin.name {
            "range" => self.limits(used, ty).map(|[low, high]| Constraint::Range { low, high }),
            "len" => self.counts(used).map(|[low, high]| Constraint::Len { low, high }),
            "count" => self.counts(used).map(|[low, high]| Constraint::Count { low, high }),
            _ => self.pattern(used),
        }
    }

    fn wrong_type(&mut self, what: &str, used: &Used<'a>, ty: &Type, written: Span, on: &str) {
        let name = used.builtin.name;
        let message = format!("{what} cannot have `@{name}`");
        let label = format!("limits {on}");
        let d = Diagnostic::new(&codes::CONSTRAINT_TYPE, message, used.span, label)
            .label(written, format!("this is a `{}`", self.sources.slice(written)));
        let other = match (name, ty) {
            ("range" | "count", Type::String | Type::Bytes) => Some("len"),
            ("range" | "len", Type::List(_) | Type::Map(..) | Type::Set(_)) => Some("count"),
            ("len" | "count", ty) if is_number(ty) => Some("range"),
            _ => None,
        };
        self.report(match other {
            Some(other) => {
                let start = used.span.start + 1;
                let place = Span { start, end: start + name.len() as u32, ..used.span };
                d.fix(Fix::guess(format!("@{name} -> @{other}")).edit(place, other))
            }
            None => d,
        });
    }

    /// Both limits; `_` stands for none.
    fn limits(&mut self, used: &Used<'a>, ty: &Type) -> Option<[Option<Literal>; 2]> {
        let (low, high) = (self.limit(used, "low", ty), self.limit(used, "high", ty));
        let (low, high) = (low?, high?);
        let message = match (&low, &high) {
            (None, None) => "limits nothing",
            (Some(low), Some(high)) if is_above(low, high) => "allows nothing",
            _ => return Some([low, high]),
        };
        let label = if low.is_none() { "at least one limit is needed" } else { "the first limit is above the second" };
        let message = format!("`{}` {message}", self.sources.slice(used.span));
        self.report(Diagnostic::new(&codes::CONSTRAINT_LIMITS, message, used.span, label));
        None
    }

    fn counts(&mut self, used: &Used<'a>) -> Option<[Option<u32>; 2]> {
        let number = |limit: Option<Literal>| match limit {
            Some(Literal::Int(int)) => u32::try_from(int).ok(),
            _ => None,
        };
        self.limits(used, &Type::U32).map(|limits| limits.map(number))
    }

    /// A limit of this type, `Some(None)` for `_`.
    fn limit(&mut self, used: &Used<'a>, name: &str, ty: &Type) -> Option<Option<Literal>> {
        let Some(Given::Value(value)) = used.arg(name) else { return None };
        if is_open(value) {
            return Some(None);
        }
        Some(Some(rounded(&self.argument_literal(used.builtin.name, name, ty, value)?, ty)))
    }

    fn pattern(&mut self, used: &Used<'a>) -> Option<Constraint> {
        let Some(Given::Text(text)) = used.arg("pattern") else { return None };
        match pattern::normalize(text) {
            Ok(normal) => Some(Constraint::Pattern(normal)),
            Err(refused) => {
                let message = format!("`{}` in a pattern {}", refused.part, refused.why);
                let label = "not in the common part of Rust's and JavaScript's patterns";
                let d = Diagnostic::new(&codes::PATTERN, message, used.span, label);
                self.report(
                    d.note("Both ends must mean the same by a pattern, so only what both know alike is taken."),
                );
                None
            }
        }
    }

    /// Refuses a default that its own constraints exclude, and types whose zero they exclude without a default.
    pub(super) fn check_constrained(
        &mut self,
        what: &str,
        ty: &Type,
        written: Span,
        (default, default_span): (Option<&Literal>, Option<Span>),
        own: &[Placed],
    ) {
        if let Type::Optional(_) = ty {
            return;
        }
        let zero = zero(ty);
        let rounded = default.map(|value| rounded(value, ty));
        let Some(value) = rounded.as_ref().or(zero.as_ref()) else { return };
        let inherited = match ty {
            Type::Newtype(id, _) => self.schema[*id].constraints.clone(),
            _ => Vec::new(),
        };
        let place = own.iter().find(|(constraint, _)| breaks(constraint, value)).map(|(_, span)| *span);
        if place.is_none() && !inherited.iter().any(|constraint| breaks(constraint, value)) {
            return;
        }
        match (default, default_span) {
            (Some(_), Some(span)) => {
                let message = format!("the default of {what} breaks its constraint");
                let d = Diagnostic::new(&codes::CONSTRAINT_VALUE, message, span, "is not allowed");
                self.report(match (place, ty) {
                    (Some(place), _) => d.label(place, "by this"),
                    (None, ty) => self.with_newtype(d, ty),
                });
            }
            _ => self.no_zero(what, ty, written, place),
        }
    }

    fn no_zero(&mut self, what: &str, ty: &Type, written: Span, place: Option<Span>) {
        let may_default =
            !matches!(ty, Type::List(_) | Type::Map(..) | Type::Set(_)) && super::values::has_literals(ty);
        let message = format!("{what} must be optional{}", if may_default { " or have a default" } else { "" });
        let zero = zero_word(ty);
        let label = format!("{zero} is not allowed, so its absence would have no value");
        let d = Diagnostic::new(&codes::NO_ZERO, message, written, label);
        let d = match place {
            Some(place) => d.label(place, format!("excludes {zero}")),
            None => self.with_newtype(d, ty),
        };
        let text = self.sources.slice(written).to_owned();
        let fix = Fix::guess(format!("{text} -> {text}?")).edit(written.after(), "?");
        self.report(
            d.note("Programs may leave a field out; readers then take the default or the zero of its type.").fix(fix),
        );
    }

    /// Shows the newtype whose constraints are broken.
    fn with_newtype(&self, d: Diagnostic, ty: &Type) -> Diagnostic {
        let declared = |item: &&Item| matches!((ty, &item.kind), (Type::Newtype(..), ItemKind::Newtype { .. }));
        let Type::Newtype(id, _) = ty else { return d };
        let item = self.resolved.items.iter().find(|d| d.id == ir::Item::Newtype(*id)).map(|d| d.item);
        match item.filter(declared) {
            Some(item) => d.label(item.name.span, "by the constraints of this"),
            None => d,
        }
    }
}

/// The constraints without their places.
pub(super) fn unplaced(placed: Vec<Placed>) -> Vec<Constraint> {
    placed.into_iter().map(|(constraint, _)| constraint).collect()
}

fn is_open(value: &Value) -> bool {
    matches!(&value.kind, ValueKind::Path(path) if path.dotted() == "_")
}

fn is_above(low: &Literal, high: &Literal) -> bool {
    match (low, high) {
        (Literal::Int(low), Literal::Int(high)) => low > high,
        (Literal::Float(low), Literal::Float(high)) => low > high,
        _ => false,
    }
}

/// What an absent value of this type is, if constraints can be about it.
fn zero(ty: &Type) -> Option<Literal> {
    match base(ty) {
        Type::F32 | Type::F64 => Some(Literal::Float(0.0)),
        Type::String | Type::Bytes | Type::List(_) | Type::Map(..) | Type::Set(_) => {
            Some(Literal::String(String::new()))
        }
        ty if is_number(ty) => Some(Literal::Int(0)),
        _ => None,
    }
}

/// The value as its type holds it.
fn rounded(value: &Literal, ty: &Type) -> Literal {
    match (value, base(ty)) {
        (Literal::Float(float), Type::F32) => Literal::Float(f64::from(*float as f32)),
        (value, _) => value.clone(),
    }
}

/// The zero of a type, in words, if constraints exclude it.
pub(super) fn excluded_zero(ty: &Type, constraints: &[Constraint]) -> Option<&'static str> {
    let zero = zero(ty)?;
    constraints.iter().any(|constraint| breaks(constraint, &zero)).then(|| zero_word(ty))
}

fn zero_word(ty: &Type) -> &'static str {
    match base(ty) {
        Type::String | Type::Bytes | Type::List(_) | Type::Map(..) | Type::Set(_) => "empty",
        _ => "0",
    }
}

/// Whether a value breaks a constraint. Empty bytes and collections look like an empty string.
pub(super) fn breaks(constraint: &Constraint, value: &Literal) -> bool {
    let outside = |count: usize, low: &Option<u32>, high: &Option<u32>| {
        low.is_some_and(|low| count < low as usize) || high.is_some_and(|high| count > high as usize)
    };
    match (constraint, value) {
        (Constraint::Range { low, high }, value) => {
            let below = low.as_ref().is_some_and(|low| is_above(low, value));
            below || high.as_ref().is_some_and(|high| is_above(value, high))
        }
        (Constraint::Len { low, high }, Literal::String(text)) => outside(text.chars().count(), low, high),
        (Constraint::Count { low, .. }, Literal::String(_)) => outside(0, low, &None),
        (Constraint::Pattern(pattern), Literal::String(text)) => !pattern::matches(pattern, text),
        _ => false,
    }
}
