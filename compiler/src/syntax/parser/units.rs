//! Stores and services: keys, methods, events and their parameters.

use super::bodies::Parts;
use super::explain::Form;
use super::{Cx, Rule, inner};
use crate::diag::{Diagnostic, codes, suggest};
use crate::source::Span;
use crate::syntax::ast::{ItemKind, Method, MethodWord, Name, Param, Path, Type, UnitBody};
use crate::syntax::words;
use pest::iterators::Pair;

impl<'a> Cx<'a> {
    pub(super) fn store(&mut self, parts: Parts<'a>) -> Option<ItemKind> {
        let (mut key, mut state, mut body) = (None, None, UnitBody { methods: Vec::new() });
        for part in parts.rest {
            match part.as_rule() {
                Rule::key => key = Some(self.params(part).0),
                Rule::ty => state = Some(self.ty(part)),
                _ => body = self.unit_body(part),
            }
        }
        Some(ItemKind::Store { key, state: state?, body })
    }

    pub(super) fn unit_body(&mut self, pair: Pair<'a, Rule>) -> UnitBody {
        let mut methods = Vec::new();
        for part in inner(pair) {
            match part.as_rule() {
                Rule::method => methods.extend(self.method(part)),
                Rule::bad => self.explain_bad(&part, Rule::only_method, Form::Method),
                _ => {}
            }
        }
        UnitBody { methods }
    }

    fn method(&mut self, pair: Pair<'a, Rule>) -> Option<Method> {
        let span = self.span(&pair);
        let docs = self.take_docs(span.start as usize);
        let mut names: Vec<Name> = Vec::new();
        let (mut params, mut result, mut throws, mut annotations) = (Vec::new(), None, None, Vec::new());
        let (mut key, mut stream) = (None, None);
        let mut broken = false;
        for part in inner(pair) {
            match part.as_rule() {
                Rule::name => names.push(self.name(&part)),
                Rule::key => {
                    let (params, is_broken) = self.params(part);
                    key = Some(params);
                    broken |= is_broken;
                }
                Rule::params => {
                    (params, broken) = {
                        let (p, b) = self.params(part);
                        (p, b || broken)
                    }
                }
                Rule::result => (result, stream) = self.result(part),
                Rule::throws => throws = self.throws(part),
                _ => annotations = self.annotations(part),
            }
        }
        let mut names = names.into_iter();
        let word = self.method_word(&names.next()?)?;
        let name = names.next()?;
        Some(Method { docs, word, name, key, params, result, stream, throws, annotations, broken, span })
    }

    fn method_word(&mut self, name: &Name) -> Option<MethodWord> {
        let find = |text: &str| words::METHODS.iter().find(|(w, _)| *w == text).map(|(_, word)| *word);
        if let Some(word) = find(&name.text) {
            return Some(word);
        }
        let right = suggest::closest(&name.text, words::METHODS.iter().map(|(w, _)| *w));
        let message = format!("no line here starts with `{}`", name.text);
        let d = Diagnostic::new(&codes::UNKNOWN_KEYWORD, message, name.span, "expected `rpc`, `send` or `event`");
        let d = d.did_you_mean(&name.text, right);
        self.report_exact(d.note(Form::Method.sentence()));
        right.and_then(find)
    }

    /// The type behind the arrow, and the word `stream` in front of it.
    fn result(&mut self, pair: Pair<'a, Rule>) -> (Option<Type>, Option<Span>) {
        let (mut result, mut stream) = (None, None);
        for part in inner(pair) {
            match part.as_rule() {
                Rule::ty => result = Some(self.ty(part)),
                _ => stream = Some(self.word_span(&part)),
            }
        }
        (result, stream)
    }

    /// The word `stream` without the blanks behind it.
    fn word_span(&self, pair: &Pair<'a, Rule>) -> Span {
        let span = self.span(pair);
        Span::new(span.file, span.start as usize, span.start as usize + words::STREAM.len())
    }

    fn throws(&mut self, pair: Pair<'a, Rule>) -> Option<Path> {
        inner(pair).find(|p| p.as_rule() == Rule::path).map(|p| self.path(p))
    }

    /// The parameters, and whether one of them could not be read.
    pub(super) fn params(&mut self, pair: Pair<'a, Rule>) -> (Vec<Param>, bool) {
        let (mut params, mut broken) = (Vec::new(), false);
        for part in inner(pair) {
            match part.as_rule() {
                Rule::param => params.extend(self.param(part)),
                _ => {
                    broken = true;
                    self.explain_bad(&part, Rule::only_param, Form::Param);
                }
            }
        }
        (params, broken)
    }

    fn param(&mut self, pair: Pair<'a, Rule>) -> Option<Param> {
        let span = self.span(&pair);
        let (mut name, mut ty, mut default, mut annotations) = (None, None, None, Vec::new());
        let mut stream = None;
        for part in inner(pair) {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::ty => ty = Some(self.ty(part)),
                Rule::default => default = Some(self.default_value(part)),
                Rule::stream => stream = Some(self.word_span(&part)),
                _ => annotations = self.annotations(part),
            }
        }
        Some(Param { stream, name: name?, ty: ty?, default, annotations, span })
    }
}
