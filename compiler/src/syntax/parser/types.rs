//! Types, annotations, values and numbers: pairs to tree.

use super::bodies::Parts;
use super::explain::Form;
use super::{Cx, Rule, inner};
use crate::diag::{Diagnostic, Fix, codes};
use crate::source::Span;
use crate::syntax::ast::{Annotation, Arg, ItemKind, Path, Type, TypeKind, Value, ValueKind};
use pest::iterators::Pair;

impl<'a> Cx<'a> {
    pub(super) fn path(&self, pair: Pair<'_, Rule>) -> Path {
        let span = self.span(&pair);
        Path { segments: inner(pair).map(|p| self.name(&p)).collect(), span }
    }

    pub(super) fn ty(&mut self, pair: Pair<'_, Rule>) -> Type {
        let span = self.span(&pair);
        let mut ty = Type { kind: TypeKind::Error, span };
        let mut n_questions = 0;
        for part in inner(pair) {
            let part_span = self.span(&part);
            match part.as_rule() {
                Rule::generic => ty = Type { kind: self.generic(part), span: part_span },
                Rule::array => {
                    ty = Type { kind: self.array(part), span: part_span };
                }
                // One is too many already; a thousand would be a thousand types deep.
                _ if n_questions == 2 => {}
                _ => {
                    n_questions += 1;
                    let whole = ty.span.to(part_span);
                    ty = Type { kind: TypeKind::Optional(Box::new(ty)), span: whole };
                }
            }
        }
        ty
    }

    fn array(&mut self, pair: Pair<'_, Rule>) -> TypeKind {
        let mut parts = inner(pair);
        let element = parts.next().map(|part| Box::new(self.ty(part)));
        let len = parts.next().map(|part| Box::new(self.expression(part)));
        match (element, len) {
            (Some(element), Some(len)) => TypeKind::Array { element, len },
            _ => TypeKind::Error,
        }
    }

    fn generic(&mut self, pair: Pair<'_, Rule>) -> TypeKind {
        let span = self.span(&pair);
        let mut path = Path { segments: Vec::new(), span };
        let (mut args, mut numbers) = (Vec::new(), Vec::new());
        for part in inner(pair) {
            match part.as_rule() {
                Rule::path => path = self.path(part),
                Rule::ty_args => args = inner(part).map(|p| self.ty(p)).collect(),
                _ => numbers = inner(part).map(|p| self.number(&p)).collect(),
            }
        }
        let later = match path.segments.as_slice() {
            [one] => match one.text.as_str() {
                "any" if args.is_empty() => Some("`any`"),
                _ => None,
            },
            _ => None,
        };
        match later {
            Some(what) => {
                self.unsupported(what, span);
                TypeKind::Error
            }
            None => TypeKind::Named { path, args, numbers },
        }
    }

    pub(super) fn annotations(&mut self, pair: Pair<'_, Rule>) -> Vec<Annotation> {
        inner(pair).map(|p| self.annotation(p)).collect()
    }

    fn annotation(&mut self, pair: Pair<'_, Rule>) -> Annotation {
        let span = self.span(&pair);
        let mut annotation =
            Annotation { name: Path { segments: Vec::new(), span }, args: Vec::new(), broken: false, span };
        for part in inner(pair) {
            match part.as_rule() {
                Rule::path => annotation.name = self.path(part),
                Rule::args => annotation.args = inner(part).map(|arg| self.argument(arg)).collect(),
                _ => {
                    annotation.broken = true;
                    self.explain_bad(&part, Rule::only_args, Form::Args);
                }
            }
        }
        annotation
    }

    pub(super) fn declared_annotation(&mut self, parts: Parts<'a>) -> ItemKind {
        let (mut params, mut places, mut broken) = (Vec::new(), Vec::new(), false);
        let mut commas = Vec::new();
        for part in parts.rest {
            match part.as_rule() {
                Rule::params => (params, broken) = self.params(part),
                Rule::name => places.push(self.name(&part)),
                Rule::bad_bar => commas.push(self.span(&part)),
                _ => {}
            }
        }
        self.commas_behind_on(&commas);
        ItemKind::Annotation { params, places, broken }
    }

    /// `on field, struct`: one finding, however many there are.
    fn commas_behind_on(&mut self, commas: &[Span]) {
        let [first, others @ ..] = commas else { return };
        let message = "words behind `on` are joined by `|`, not by `,`";
        let d = Diagnostic::new(&codes::UNEXPECTED, message, *first, "expected `|`");
        let d = others.iter().take(3).fold(d, |d, comma| d.label(*comma, "here, too"));
        let insert = |fix: Fix, comma: &Span| fix.edit(*comma, if self.is_spaced(*comma) { "|" } else { " |" });
        let fix = commas.iter().fold(Fix::safe("`,` -> `|`"), insert);
        self.report(d.fix(fix).note(Form::Annotation.sentence()));
    }

    /// Is there a blank in front of it?
    fn is_spaced(&self, span: Span) -> bool {
        self.text[..span.start as usize].ends_with([' ', '\t', '\n'])
    }

    fn argument(&mut self, pair: Pair<'_, Rule>) -> Arg {
        let span = self.span(&pair);
        let (mut name, mut value) = (None, Value { kind: ValueKind::Error, span });
        for part in inner(pair) {
            match part.as_rule() {
                Rule::arg_name => name = inner(part).next().map(|p| self.name(&p)),
                Rule::call => value = self.call(part),
                _ => value = self.expression(part),
            }
        }
        Arg { name, value, span }
    }

    fn call(&mut self, pair: Pair<'_, Rule>) -> Value {
        let span = self.span(&pair);
        let mut parts = inner(pair);
        let name = parts.next().map(|p| self.name(&p));
        let value = parts.next().map(|p| self.expression(p));
        let kind = name.zip(value).map_or(ValueKind::Error, |(name, value)| ValueKind::Call(name, Box::new(value)));
        Value { kind, span }
    }

    pub(super) fn bad_literal(&mut self, span: Span, message: String, label: &str) {
        self.report_once(Diagnostic::new(&codes::BAD_LITERAL, message, span, label));
    }
}
