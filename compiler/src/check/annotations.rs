//! Annotations against their table: known, in a place where they mean something, once, with the right arguments. What one
//! does is decided by the rule that asks for it.

use super::Cx;
use super::declared::Declared;
use crate::diag::{Code, Diagnostic, Fix, codes, suggest};
use crate::ir::{self, Literal, Type};
use crate::resolve::Target;
use crate::source::Span;
use crate::syntax::annotations::{self, Arg, Builtin, Kind, Place, Word};
use crate::syntax::ast::{self, Annotation, Value, ValueKind};
use crate::syntax::words::BOOLS;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Findings after which names are no longer compared.
const MAX_SUGGESTIONS: usize = 100;

/// The annotations of one place that are what they should be.
#[derive(Debug, Default)]
pub(super) struct Annotations<'a> {
    builtin: Vec<Used<'a>>,
    pub(super) declared: Vec<ir::Annotated>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Used<'a> {
    pub(super) builtin: &'static Builtin,
    /// All of it.
    pub(super) span: Span,
    /// In the order of the table.
    given: Vec<Option<Given<'a>>>,
}

/// An argument, as its kind in the table asks for it.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "the table has kinds of arguments before annotations that take them")]
pub(super) enum Given<'a> {
    /// The number of the level.
    Level(u32),
    Rule(&'static Code),
    Text(String),
    Int(i128),
    /// In microseconds.
    Duration(i64),
    Word(&'static str, Option<i128>),
    /// As written: its type depends on the place.
    Value(&'a Value),
}

/// What a name behind an `@` means.
enum Meaning<'a> {
    Builtin(&'static Builtin),
    Declared(Rc<Declared<'a>>),
}

/// What an annotation takes.
#[derive(Debug)]
pub(super) struct Signature {
    pub(super) name: String,
    /// How it is written.
    pub(super) form: String,
    pub(super) params: Vec<Param>,
}

/// A parameter of an annotation.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) required: bool,
    /// What it takes, in words.
    pub(super) words: String,
}

impl<'a> Annotations<'a> {
    /// The one with this name.
    pub(super) fn get(&self, name: &str) -> Option<&Used<'a>> {
        self.builtin.iter().find(|used| used.builtin.name == name)
    }
}

impl<'a> Used<'a> {
    /// The argument with this name in the table, if it is given.
    pub(super) fn arg(&self, name: &str) -> Option<&Given<'a>> {
        let at = self.builtin.args.iter().position(|arg| arg.name == name)?;
        self.given.get(at)?.as_ref()
    }
}

impl<'a> Cx<'a> {
    /// Checks the annotations of something.
    pub(super) fn annotations(&mut self, list: &'a [Annotation], place: Place) -> Annotations<'a> {
        let mut checked = Annotations::default();
        let mut first: BTreeMap<String, Span> = BTreeMap::new();
        for annotation in list {
            let Some(meaning) = self.meaning(annotation) else { continue };
            let (places, repeats) = match &meaning {
                Meaning::Builtin(builtin) => (builtin.targets, builtin.repeats),
                Meaning::Declared(declared) => (declared.places.as_slice(), false),
            };
            if !places.contains(&place) {
                self.misplaced(annotation, &annotations::in_words(places), place);
                continue;
            }
            let name = annotation.name.dotted();
            let first = *first.entry(name.clone()).or_insert(annotation.span);
            if first != annotation.span && !repeats {
                let message = format!("`@{name}` is written twice");
                let d = Diagnostic::new(&codes::ANNOTATION_TWICE, message, annotation.span, "again here");
                self.report(d.label(first, "first here").fix(self.removal(annotation)));
                continue;
            }
            match meaning {
                Meaning::Builtin(builtin) => {
                    let given = self.arguments(annotation, builtin);
                    checked.builtin.extend(given.map(|given| Used { builtin, span: annotation.span, given }));
                }
                Meaning::Declared(declared) => checked.declared.extend(self.annotated(annotation, &declared)),
            }
        }
        checked
    }

    /// What the name behind the `@` means; `None` if it means nothing (reported).
    fn meaning(&mut self, annotation: &Annotation) -> Option<Meaning<'a>> {
        let name = annotation.name.dotted();
        if let Some(builtin) = annotations::find(&name) {
            return Some(Meaning::Builtin(builtin));
        }
        if annotations::LATER.contains(&name.as_str()) {
            let message = format!("not supported by this compiler version yet: `@{name}`");
            self.report(Diagnostic::new(&codes::UNSUPPORTED, message, annotation.span, "planned, but not built yet"));
            return None;
        }
        let found = self.resolved.annotation(&annotation.name);
        if let Some(Target::Item(idx)) = found {
            if let Some(declared) = self.declared.get(&idx) {
                return Some(Meaning::Declared(Rc::clone(declared)));
            }
            let item = self.resolved.items[idx].item;
            let message = format!("`{name}` is not an annotation");
            let d = Diagnostic::new(&codes::UNKNOWN_ANNOTATION, message, annotation.name.span, "something else");
            self.report(d.label(item.name.span, "declared here"));
            return None;
        }
        if found.is_some() {
            return None;
        }
        // Whoever has that many findings is not helped by more suggestions.
        let visible = match self.diagnostics.len() {
            0..MAX_SUGGESTIONS => self.resolved.visible_annotations(annotation.name.span.file),
            _ => Vec::new(),
        };
        let all = annotations::BUILTIN.iter().map(|b| b.name).chain(annotations::LATER.iter().copied());
        let right = suggest::closest(&name, all.chain(visible.iter().map(String::as_str)));
        let message = format!("unknown annotation `@{name}`");
        let d =
            Diagnostic::new(&codes::UNKNOWN_ANNOTATION, message, annotation.name.span, "there is no such annotation");
        self.report(d.did_you_mean(&name, right));
        None
    }

    fn misplaced(&mut self, annotation: &Annotation, places: &str, place: Place) {
        let message = format!("`@{}` has no meaning on {}", annotation.name.dotted(), place.plural());
        let d = Diagnostic::new(&codes::ANNOTATION_USE, message, annotation.span, "cannot stand here")
            .note(format!("It stands on {places}."));
        self.report(d.fix(self.removal(annotation)));
    }

    /// Takes an annotation out, with the space in front.
    fn removal(&self, annotation: &Annotation) -> Fix {
        let span = annotation.span;
        let before = &self.sources.get(span.file).text[..span.start as usize];
        let start = before.trim_end_matches([' ', '\t']).len();
        let title = format!("remove `@{}`", annotation.name.dotted());
        Fix::guess(title).edit(Span::new(span.file, start, span.end as usize), "")
    }

    /// The arguments in the order of the table; `None` if something about them has been reported.
    fn arguments(&mut self, annotation: &'a Annotation, builtin: &'static Builtin) -> Option<Vec<Option<Given<'a>>>> {
        let param = |arg: &Arg| Param { name: arg.name.to_owned(), required: arg.required, words: arg.kind.words() };
        let signature = Signature {
            name: builtin.name.to_owned(),
            form: builtin.form(),
            params: builtin.args.iter().map(param).collect(),
        };
        let given = self.given(annotation, &signature)?;
        let mut is_right = true;
        let mut values = Vec::new();
        for (arg, given) in builtin.args.iter().zip(given) {
            let value = given.map(|given| self.argument(builtin, arg, &given.value));
            is_right &= !matches!(value, Some(None));
            values.push(value.flatten());
        }
        is_right.then_some(values)
    }

    /// Which argument is given for which parameter; `None` if something about that has been reported.
    pub(super) fn given(
        &mut self,
        annotation: &'a Annotation,
        signature: &Signature,
    ) -> Option<Vec<Option<&'a ast::Arg>>> {
        if annotation.broken {
            return None;
        }
        let mut given: Vec<Option<&'a ast::Arg>> = vec![None; signature.params.len()];
        let mut is_right = true;
        for (n, arg) in annotation.args.iter().enumerate() {
            let at = match &arg.name {
                None => self.by_position(annotation, signature, n),
                // Whoever gives a thousand too many is told once.
                Some(_) if n > MAX_SUGGESTIONS => None,
                Some(name) => self.by_name(signature, name),
            };
            let Some(at) = at else {
                is_right = false;
                if n >= signature.params.len() {
                    break;
                }
                continue;
            };
            if let Some(first) = given[at].replace(arg) {
                let message =
                    format!("argument `{}` of `@{}` is given twice", signature.params[at].name, signature.name);
                let d = Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, arg.span, "given again here");
                self.report(d.label(first.span, "first given here"));
                is_right = false;
            }
        }
        let missing = signature.params.iter().zip(&given).find(|(param, given)| param.required && given.is_none());
        if let (Some((param, _)), true) = (missing, is_right) {
            let message = format!("argument `{}` of `@{}` is missing", param.name, signature.name);
            let label = format!("written `{}`", signature.form);
            let d = Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, annotation.span, label);
            self.report(d.note(format!("`{}` is {}.", param.name, param.words)));
            return None;
        }
        is_right.then_some(given)
    }

    fn by_position(&mut self, annotation: &'a Annotation, signature: &Signature, n: usize) -> Option<usize> {
        let arg = &annotation.args[n];
        // Only the first argument with a name is looked for, and those in front of it have none.
        if let Some(named) = annotation.args[..n.min(signature.params.len())].iter().find(|arg| arg.name.is_some()) {
            let message = format!("an argument of `@{}` without a name stands behind one with a name", signature.name);
            let d = Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, arg.span, "needs a name");
            self.report(d.label(named.span, "has a name").note(format!("It is written `{}`.", signature.form)));
            return None;
        }
        if n >= signature.params.len() {
            let message = match signature.params.len() {
                0 => format!("`@{}` takes no arguments", signature.name),
                1 => format!("`@{}` takes one argument", signature.name),
                n => format!("`@{}` takes {n} arguments", signature.name),
            };
            let label = format!("written `{}`", signature.form);
            self.report(Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, arg.span, label));
            return None;
        }
        Some(n)
    }

    fn by_name(&mut self, signature: &Signature, name: &ast::Name) -> Option<usize> {
        let at = signature.params.iter().position(|param| param.name == name.text);
        if at.is_none() {
            let right = suggest::closest(&name.text, signature.params.iter().map(|param| param.name.as_str()));
            let message = format!("`@{}` has no argument `{}`", signature.name, name.text);
            let label = format!("written `{}`", signature.form);
            let d = Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, name.span, label);
            self.report(d.did_you_mean(&name.text, right));
        }
        at
    }

    fn argument(&mut self, builtin: &Builtin, arg: &Arg, value: &'a Value) -> Option<Given<'a>> {
        match (arg.kind, &value.kind) {
            (_, ValueKind::Error) => None,
            (Kind::Text | Kind::Int(..), ValueKind::Path(path)) if BOOLS.contains(&path.dotted().as_str()) => {
                self.unfit_argument(builtin, arg, value)
            }
            (Kind::Value | Kind::Limit, _) => Some(Given::Value(value)),
            (Kind::Level, ValueKind::Path(path)) if path.segments.len() == 1 => {
                self.level(path.segments.first()?).map(Given::Level)
            }
            (Kind::Rule, ValueKind::Path(path)) => self.rule(&path.dotted(), value.span).map(Given::Rule),
            (Kind::Duration, ValueKind::Duration(us)) => Some(Given::Duration(*us)),
            (Kind::Text, ValueKind::String(_) | ValueKind::Path(_)) => {
                match self.argument_literal(builtin.name, arg.name, &Type::String, value)? {
                    Literal::String(text) => Some(Given::Text(text)),
                    _ => None,
                }
            }
            (Kind::Int(low, high), ValueKind::Int(_) | ValueKind::Path(_) | ValueKind::Expr(_)) => {
                match self.argument_literal(builtin.name, arg.name, &Type::I64, value)? {
                    Literal::Int(int) if (low..=high).contains(&int) => Some(Given::Int(int)),
                    _ => self.unfit_argument(builtin, arg, value),
                }
            }
            (Kind::Word(words), _) => self.word(builtin, arg, words, value),
            _ => self.unfit_argument(builtin, arg, value),
        }
    }

    /// A literal or constant as an argument.
    pub(super) fn argument_literal(
        &mut self,
        annotation: &str,
        name: &str,
        ty: &Type,
        value: &'a Value,
    ) -> Option<Literal> {
        let before = self.diagnostics.len();
        let literal = self.literal(&format!("argument `{name}` of `@{annotation}`"), ty, value);
        // What is wrong is an argument here, whatever finds it.
        for d in self.diagnostics[before..].iter_mut().filter(|d| *d.code == codes::DEFAULT_VALUE) {
            d.code = &codes::ANNOTATION_ARGUMENTS;
        }
        literal
    }

    fn rule(&mut self, name: &str, span: Span) -> Option<&'static Code> {
        let rule = codes::rule(name);
        if rule.is_none() {
            let names = || codes::RULES.iter().map(|rule| rule.id);
            let message = format!("there is no lint rule `{name}`");
            let d = Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, span, "not one of the rules");
            let d = d.did_you_mean(name, suggest::closest(name, names()));
            let list: Vec<String> = names().map(|name| format!("`{name}`")).collect();
            self.report(d.note(format!("The rules are {}.", list.join(", "))));
        }
        rule
    }

    fn word(&mut self, builtin: &Builtin, arg: &Arg, words: &'static [Word], value: &'a Value) -> Option<Given<'a>> {
        let (name, inner) = match &value.kind {
            ValueKind::Path(path) if path.segments.len() == 1 => (path.segments.first()?, None),
            ValueKind::Call(name, inner) => (name, Some(inner)),
            _ => return self.unfit_argument(builtin, arg, value),
        };
        let Some(word) = words.iter().find(|word| word.text == name.text) else {
            let right = suggest::closest(&name.text, words.iter().map(|word| word.text));
            let message = format!("`{}` is not {} of `@{}`", name.text, arg.name, builtin.name);
            let label = format!("expected {}", arg.kind.words());
            let d = Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, name.span, label);
            self.report(d.did_you_mean(&name.text, right));
            return None;
        };
        match (word.number, inner) {
            (None, None) => Some(Given::Word(word.text, None)),
            (Some((what, low, high)), Some(inner)) => {
                match self.argument_literal(builtin.name, what, &Type::I64, inner)? {
                    Literal::Int(int) if (low..=high).contains(&int) => Some(Given::Word(word.text, Some(int))),
                    _ => {
                        let message = format!("`{}` does not fit `{}`", self.sources.slice(inner.span), word.form());
                        let label = format!("expected a whole number from {low} to {high}");
                        self.report(Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, inner.span, label));
                        None
                    }
                }
            }
            _ => {
                let message = format!("`{}` is written `{}`", word.text, word.form());
                let label = if inner.is_some() { "takes no number" } else { "a number is missing" };
                self.report(Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, value.span, label));
                None
            }
        }
    }

    fn unfit_argument(&mut self, builtin: &Builtin, arg: &Arg, value: &Value) -> Option<Given<'a>> {
        let message = format!("argument `{}` of `@{}` does not fit", arg.name, builtin.name);
        let label = format!("expected {}", arg.kind.words());
        self.report(Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, value.span, label));
        None
    }
}
