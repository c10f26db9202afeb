//! Types, annotations, values and numbers: pairs to tree.

use super::{Cx, Rule, inner};
use crate::diag::{Diagnostic, codes};
use crate::syntax::ast::{Annotation, Name, Path, Type, TypeKind};
use pest::iterators::Pair;

impl Cx<'_> {
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
                    self.unsupported("fixed arrays `[T; N]`", part_span);
                    ty.span = part_span;
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
                "set" if !args.is_empty() => Some("`set<T>`"),
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
        let mut name = Path { segments: Vec::new(), span };
        let mut args = None;
        for part in inner(pair) {
            match part.as_rule() {
                Rule::path => name = self.path(part),
                _ => args = Some(self.arguments(&part)),
            }
        }
        Annotation { name, args, span }
    }

    /// The text between the parentheses, trimmed, with its place.
    fn arguments(&self, pair: &Pair<'_, Rule>) -> Name {
        // Not `Cx::span`: what looks like a comment in here is part of the text.
        let (first, end) = (self.base + pair.as_span().start() + 1, self.base + pair.as_span().end() - 1);
        let text = &self.source[first..end];
        let start = first + (text.len() - text.trim_start().len());
        let text = text.trim();
        Name { text: text.to_owned(), span: crate::source::Span::new(self.id, start, start + text.len()) }
    }

    pub(super) fn bad_literal(&mut self, span: crate::source::Span, message: String, label: &str) {
        self.report_once(Diagnostic::new(&codes::BAD_LITERAL, message, span, label));
    }
}
