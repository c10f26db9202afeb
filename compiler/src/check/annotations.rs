//! Annotations against their table: known, in a place where they mean something, once, with the right arguments. What one
//! does is decided by the rule that asks for it.

use super::Cx;
use crate::diag::{Diagnostic, Fix, codes, suggest};
use crate::ir::{Literal, Type};
use crate::source::Span;
use crate::syntax::annotations::{self, Arg, Builtin, Kind, Place, Word};
use crate::syntax::ast::{self, Annotation, Value, ValueKind};
use crate::syntax::words::BOOLS;

/// The annotations of one place that are what they should be.
#[derive(Debug, Default)]
pub(super) struct Annotations<'a>(Vec<Used<'a>>);

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
    Text(String),
    Int(i128),
    /// In microseconds.
    Duration(i64),
    Word(&'static str, Option<i128>),
    /// As written: its type depends on the place.
    Value(&'a Value),
}

impl<'a> Annotations<'a> {
    /// The one with this name.
    pub(super) fn get(&self, name: &str) -> Option<&Used<'a>> {
        self.0.iter().find(|used| used.builtin.name == name)
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
    pub(super) fn annotations(&mut self, list: &'a [Annotation], target: Place) -> Annotations<'a> {
        let mut used: Vec<Used<'a>> = Vec::new();
        for annotation in list {
            let Some(builtin) = self.known(annotation) else { continue };
            if !builtin.targets.contains(&target) {
                self.misplaced(annotation, builtin, target);
                continue;
            }
            let first = used.iter().find(|u| u.builtin == builtin && !builtin.repeats).map(|u| u.span);
            if let Some(first) = first {
                let message = format!("`@{}` is written twice", builtin.name);
                let d = Diagnostic::new(&codes::ANNOTATION_TWICE, message, annotation.span, "again here");
                self.report(d.label(first, "first here").fix(self.removal(annotation)));
                continue;
            }
            let given = self.arguments(annotation, builtin);
            used.extend(given.map(|given| Used { builtin, span: annotation.span, given }));
        }
        Annotations(used)
    }

    /// What the name behind the `@` means.
    fn known(&mut self, annotation: &Annotation) -> Option<&'static Builtin> {
        let name = annotation.name.dotted();
        if let Some(builtin) = annotations::find(&name) {
            return Some(builtin);
        }
        if annotations::LATER.contains(&name.as_str()) {
            let message = format!("not supported by this compiler version yet: `@{name}`");
            self.report(Diagnostic::new(&codes::UNSUPPORTED, message, annotation.span, "planned, but not built yet"));
            return None;
        }
        let all = annotations::BUILTIN.iter().map(|b| b.name).chain(annotations::LATER.iter().copied());
        let right = suggest::closest(&name, all);
        let message = format!("unknown annotation `@{name}`");
        let d =
            Diagnostic::new(&codes::UNKNOWN_ANNOTATION, message, annotation.name.span, "there is no such annotation");
        self.report(d.did_you_mean(&name, right));
        None
    }

    fn misplaced(&mut self, annotation: &Annotation, builtin: &Builtin, target: Place) {
        let message = format!("`@{}` has no meaning on {}", builtin.name, target.plural());
        let d = Diagnostic::new(&codes::ANNOTATION_USE, message, annotation.span, "cannot stand here")
            .note(format!("It stands on {}.", builtin.places()));
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
        if annotation.broken {
            return None;
        }
        let mut given: Vec<Option<&'a ast::Arg>> = vec![None; builtin.args.len()];
        let mut is_right = true;
        for (n, arg) in annotation.args.iter().enumerate() {
            let at = match &arg.name {
                None => self.by_position(annotation, builtin, n),
                Some(name) => self.by_name(builtin, name),
            };
            let Some(at) = at else {
                is_right = false;
                continue;
            };
            if let Some(first) = given[at].replace(arg) {
                let message = format!("argument `{}` of `@{}` is given twice", builtin.args[at].name, builtin.name);
                let d = Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, arg.span, "given again here");
                self.report(d.label(first.span, "first given here"));
                is_right = false;
            }
        }
        let missing = builtin.args.iter().zip(&given).find(|(arg, given)| arg.required && given.is_none());
        if let (Some((arg, _)), true) = (missing, is_right) {
            let message = format!("argument `{}` of `@{}` is missing", arg.name, builtin.name);
            let label = format!("written `{}`", builtin.form());
            let d = Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, annotation.span, label);
            self.report(d.note(format!("`{}` is {}.", arg.name, arg.kind.words())));
            is_right = false;
        }
        let mut values = Vec::new();
        for (arg, given) in builtin.args.iter().zip(given) {
            let value = given.map(|given| self.argument(builtin, arg, &given.value));
            is_right &= !matches!(value, Some(None));
            values.push(value.flatten());
        }
        is_right.then_some(values)
    }

    fn by_position(&mut self, annotation: &'a Annotation, builtin: &Builtin, n: usize) -> Option<usize> {
        let arg = &annotation.args[n];
        if let Some(named) = annotation.args[..n].iter().find(|arg| arg.name.is_some()) {
            let message = format!("an argument of `@{}` without a name stands behind one with a name", builtin.name);
            let d = Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, arg.span, "needs a name");
            self.report(d.label(named.span, "has a name").note(format!("It is written `{}`.", builtin.form())));
            return None;
        }
        if n >= builtin.args.len() {
            let message = match builtin.args.len() {
                0 => format!("`@{}` takes no arguments", builtin.name),
                1 => format!("`@{}` takes one argument", builtin.name),
                n => format!("`@{}` takes {n} arguments", builtin.name),
            };
            let label = format!("written `{}`", builtin.form());
            self.report(Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, arg.span, label));
            return None;
        }
        Some(n)
    }

    fn by_name(&mut self, builtin: &Builtin, name: &ast::Name) -> Option<usize> {
        let at = builtin.args.iter().position(|arg| arg.name == name.text);
        if at.is_none() {
            let right = suggest::closest(&name.text, builtin.args.iter().map(|arg| arg.name));
            let message = format!("`@{}` has no argument `{}`", builtin.name, name.text);
            let label = format!("written `{}`", builtin.form());
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
            (Kind::Value, _) => Some(Given::Value(value)),
            (Kind::Level, ValueKind::Path(path)) if path.segments.len() == 1 => {
                self.level(path.segments.first()?).map(Given::Level)
            }
            (Kind::Duration, ValueKind::Duration(us)) => Some(Given::Duration(*us)),
            (Kind::Text, ValueKind::String(_) | ValueKind::Path(_)) => {
                match self.argument_literal(builtin, arg.name, &Type::String, value)? {
                    Literal::String(text) => Some(Given::Text(text)),
                    _ => None,
                }
            }
            (Kind::Int(low, high), ValueKind::Int(_) | ValueKind::Path(_) | ValueKind::Expr(_)) => {
                match self.argument_literal(builtin, arg.name, &Type::I64, value)? {
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
        builtin: &Builtin,
        name: &str,
        ty: &Type,
        value: &'a Value,
    ) -> Option<Literal> {
        let before = self.diagnostics.len();
        let literal = self.literal(&format!("argument `{name}` of `@{}`", builtin.name), ty, value);
        // What is wrong is an argument here, whatever finds it.
        for d in self.diagnostics[before..].iter_mut().filter(|d| *d.code == codes::DEFAULT_VALUE) {
            d.code = &codes::ANNOTATION_ARGUMENTS;
        }
        literal
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
            (Some((what, low, high)), Some(inner)) => match self.argument_literal(builtin, what, &Type::I64, inner)? {
                Literal::Int(int) if (low..=high).contains(&int) => Some(Given::Word(word.text, Some(int))),
                _ => {
                    let message = format!("`{}` does not fit `{}`", self.sources.slice(inner.span), word.form());
                    let label = format!("expected a whole number from {low} to {high}");
                    self.report(Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, inner.span, label));
                    None
                }
            },
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
