//! Declarations with fields, members or cases.

use super::explain::Form;
use super::heads::{Head, Kind};
use super::{Cx, Rule, inner};
use crate::diag::{Diagnostic, Fix, codes, suggest};
use crate::source::Span;
use crate::syntax::ast::{
    Annotation, Case, EnumBody, EnumMember, Field, FieldBody, Item, ItemKind, Line, Name, Number, TypeParam, UnionBody,
    Word,
};
use crate::syntax::words;
use pest::iterators::Pair;

/// The head of a declaration: name, annotations and the parts that come between.
pub(super) struct Parts<'a> {
    pub(super) name: Name,
    pub(super) annotations: Vec<Annotation>,
    params: Vec<TypeParam>,
    pub(super) rest: Vec<Pair<'a, Rule>>,
}

impl<'a> Cx<'a> {
    pub(super) fn item(&mut self, head: &Head, docs: Vec<String>, end: usize) -> Option<Item> {
        let name = self.word(head.tail, end);
        self.missing_word(head, name.as_ref());
        let (rule, body_rule, form) = match head.kind {
            Kind::Struct(_) => (Rule::struct_tail, Rule::only_field_body, Form::Struct),
            Kind::Enum(_) => (Rule::enum_tail, Rule::only_enum_body, Form::Enum),
            Kind::Store => (Rule::store_tail, Rule::only_unit_body, Form::Store),
            Kind::View => (Rule::view_tail, Rule::picks, Form::View),
            Kind::Const => (Rule::const_tail, Rule::only_field_body, Form::Const),
            Kind::Newtype => (Rule::alias_tail, Rule::only_field_body, Form::Newtype),
            Kind::Alias => (Rule::alias_tail, Rule::only_field_body, Form::Alias),
            Kind::Annotation => (Rule::annotation_tail, Rule::only_field_body, Form::Annotation),
            Kind::Service => (Rule::service_tail, Rule::only_unit_body, Form::Service),
            _ => (Rule::union_tail, Rule::only_union_body, Form::Union),
        };
        let parts = match self.run(rule, head.tail, end) {
            Some(pair) => self.parts(pair)?,
            None => {
                self.explain(rule, head.tail, end, form);
                self.without_head(name?, body_rule, head, end)?
            }
        };
        let span = head.span.to(Span::new(self.id, head.tail, end));
        let (name, params, annotations) = (parts.name.clone(), parts.params.clone(), parts.annotations.clone());
        let kind = self.item_kind(head, parts)?;
        Some(Item { internal: self.internal, docs, name, params, annotations, kind, span })
    }

    /// The head cannot be read, but the body behind it may: its errors are reported in the same run.
    fn without_head(&mut self, name: Name, rule: Rule, head: &Head, end: usize) -> Option<Parts<'a>> {
        if matches!(head.kind, Kind::Alias | Kind::Const | Kind::Newtype | Kind::Annotation | Kind::View) {
            self.file.lost.push(name);
            return None;
        }
        let open = head.tail + self.text[head.tail..end].find('{').unwrap_or(end - head.tail);
        if open == end || head.kind == Kind::Store {
            self.file.lost.push(name);
            if open < end
                && let Some(pair) = self.run(rule, open, end)
            {
                inner(pair).for_each(|body| drop(self.unit_body(body)));
            }
            return None;
        }
        // Its parameters may be among what cannot be read.
        self.lose_words(name.span.end as usize, open);
        let pair = self.run(rule, open, end)?;
        Some(Parts { name, params: Vec::new(), annotations: Vec::new(), rest: inner(pair).collect() })
    }

    fn parts(&mut self, pair: Pair<'a, Rule>) -> Option<Parts<'a>> {
        let (mut name, mut annotations, mut rest) = (None, Vec::new(), Vec::new());
        let mut params = Vec::new();
        for part in inner(pair) {
            match part.as_rule() {
                Rule::name if name.is_none() => name = Some(self.name(&part)),
                Rule::annotations => annotations = self.annotations(part),
                Rule::generics => params = inner(part).filter_map(|p| self.type_param(p)).collect(),
                _ => rest.push(part),
            }
        }
        Some(Parts { name: name?, params, annotations, rest })
    }

    fn type_param(&mut self, pair: Pair<'a, Rule>) -> Option<TypeParam> {
        let (mut name, mut bounds, mut default) = (None, Vec::new(), None);
        for part in inner(pair) {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::bounds => bounds = inner(part).map(|p| self.name(&p)).collect(),
                _ => default = Some(self.ty(part)),
            }
        }
        Some(TypeParam { name: name?, bounds, default })
    }

    fn item_kind(&mut self, head: &Head, parts: Parts<'a>) -> Option<ItemKind> {
        match head.kind {
            Kind::Store => return self.store(parts),
            Kind::View => return self.view(parts),
            Kind::Service => {
                let body = parts.rest.into_iter().next().map(|p| self.unit_body(p))?;
                return Some(ItemKind::Service { body });
            }
            Kind::Const => {
                let mut rest = parts.rest.into_iter();
                let ty = rest.next().map(|p| self.ty(p))?;
                let value = rest.next().map(|p| self.default_value(p))?;
                return Some(ItemKind::Const { ty, value });
            }
            Kind::Annotation => return Some(self.declared_annotation(parts)),
            Kind::Alias => {
                let target = parts.rest.into_iter().next().map(|p| self.ty(p))?;
                return Some(ItemKind::Alias { target });
            }
            Kind::Newtype => {
                let base = parts.rest.into_iter().next().map(|p| self.ty(p))?;
                return Some(ItemKind::Newtype { base });
            }
            _ => {}
        }
        let mut repr = None;
        for part in parts.rest {
            match (part.as_rule(), head.kind) {
                (Rule::repr, _) => repr = inner(part).next().map(|p| self.ty(p)),
                (Rule::field_body, Kind::Struct(level)) => {
                    return Some(ItemKind::Struct { level, body: self.field_body(part) });
                }
                (Rule::enum_body, Kind::Enum(open)) => {
                    return Some(ItemKind::Enum { open, repr, body: self.enum_body(part) });
                }
                (Rule::union_body, Kind::Union(open)) => {
                    return Some(ItemKind::Union { is_error: false, open, body: self.union_body(part) });
                }
                (Rule::union_body, _) => {
                    return Some(ItemKind::Union { is_error: true, open: Some(true), body: self.union_body(part) });
                }
                _ => {}
            }
        }
        None
    }

    /// `struct` without a level, `enum` and `union` without openness.
    fn missing_word(&mut self, head: &Head, name: Option<&Name>) {
        let name = name.map_or("it", |n| n.text.as_str());
        let d = match head.kind {
            Kind::Struct(None) => Diagnostic::new(
                &codes::LEVEL_WORD,
                format!("struct `{name}` does not say how it may change"),
                head.span,
                "`fields`, `partials` or `serializers` is missing",
            )
            .note("`fields` has stable ids and can evolve, `partials` also has deltas, `serializers` never changes.")
            .fix(Fix::guess("struct -> fields struct").edit(head.span.before(), "fields ")),
            Kind::Enum(None) | Kind::Union(None) => {
                let what = if head.kind == Kind::Enum(None) { "enum" } else { "union" };
                Diagnostic::new(
                    &codes::OPENNESS,
                    format!("{what} `{name}` says neither `open` nor `closed`"),
                    head.span,
                    "`open` or `closed` is missing",
                )
                .note("Readers of an open one keep what a newer program added, readers of a closed one refuse it.")
                .fix(Fix::safe(format!("{what} -> open {what}")).edit(head.span.before(), "open "))
            }
            _ => return,
        };
        self.report(d);
    }

    pub(super) fn field_body(&mut self, pair: Pair<'a, Rule>) -> FieldBody {
        let span = self.span(&pair);
        let mut body = FieldBody {
            next: Vec::new(),
            holes: Vec::new(),
            fields: Vec::new(),
            span,
            lost: Vec::new(),
            broken: false,
        };
        for part in inner(pair) {
            match part.as_rule() {
                Rule::line => match self.line(part) {
                    Some(line) if line.word == Word::Next => body.next.push(line),
                    Some(line) => body.holes.push(line),
                    None => body.broken = true,
                },
                Rule::field => body.fields.extend(self.field(part)),
                Rule::bad => {
                    match self.leading_id(&part) {
                        Some(id) => body.lost.push(id),
                        None => body.broken = true,
                    }
                    self.explain_bad(&part, Rule::only_field, Form::Field);
                }
                _ => {}
            }
        }
        body
    }

    fn field(&mut self, pair: Pair<'a, Rule>) -> Option<Field> {
        let span = self.span(&pair);
        let docs = self.take_docs(span.start as usize);
        let (mut id, mut name, mut ty, mut default, mut annotations) = (None, None, None, None, Vec::new());
        for part in inner(pair) {
            match part.as_rule() {
                Rule::number => id = Some(self.number(&part)),
                Rule::name => name = Some(self.name(&part)),
                Rule::ty => ty = Some(self.ty(part)),
                Rule::default => default = Some(self.default_value(part)),
                _ => annotations = self.annotations(part),
            }
        }
        Some(Field { docs, id, name: name?, ty: ty?, default, annotations, span })
    }

    /// The id that a piece starts with which cannot be read otherwise.
    fn leading_id(&self, pair: &Pair<'_, Rule>) -> Option<Number> {
        let digits: String = pair.as_str().chars().take_while(char::is_ascii_digit).collect();
        let start = self.span(pair).start as usize;
        let value = digits.parse().ok()?;
        Some(Number { value: Some(value), span: Span::new(self.id, start, start + digits.len()) })
    }

    /// A line that starts with a word and a number.
    fn line(&mut self, pair: Pair<'a, Rule>) -> Option<Line> {
        let span = self.span(&pair);
        let mut parts = inner(pair);
        let first = parts.next().map(|p| self.name(&p))?;
        let (mut ranges, mut shape) = (Vec::new(), None);
        for part in parts {
            match part.as_rule() {
                Rule::range => {
                    let bounds: Vec<Number> =
                        inner(part).filter(|p| p.as_rule() == Rule::number).map(|p| self.number(&p)).collect();
                    if let (Some(low), Some(high)) = (bounds.first(), bounds.last()) {
                        ranges.push((*low, *high));
                    }
                }
                _ => shape = Some(self.name(&part)),
            }
        }
        let word = self.line_word(&first)?;
        Some(Line { word, ranges, shape, span })
    }

    fn line_word(&mut self, name: &Name) -> Option<Word> {
        let find = |text: &str| words::LINES.iter().find(|(w, _)| *w == text).map(|(_, word)| *word);
        if let Some(word) = find(&name.text) {
            return Some(word);
        }
        let right = suggest::closest(&name.text, words::LINES.iter().map(|(w, _)| *w));
        let message = format!("no line starts with `{}` and a number", name.text);
        let d = Diagnostic::new(&codes::UNKNOWN_KEYWORD, message, name.span, "expected `next`, `retired` or a field");
        let d = d.did_you_mean(&name.text, right);
        self.report_once(match right {
            Some(_) => d,
            None => d.note(Form::Field.sentence()),
        });
        right.and_then(find)
    }

    fn enum_body(&mut self, pair: Pair<'a, Rule>) -> EnumBody {
        let span = self.span(&pair);
        let mut body = EnumBody { lines: Vec::new(), members: Vec::new(), span, broken: false };
        for part in inner(pair) {
            match part.as_rule() {
                Rule::reserved => match self.line(part) {
                    Some(line) => body.lines.push(line),
                    None => body.broken = true,
                },
                Rule::member => body.members.extend(self.member(part)),
                Rule::bad => {
                    body.broken = true;
                    self.explain_bad(&part, Rule::only_member, Form::Member);
                }
                _ => {}
            }
        }
        body
    }

    fn member(&mut self, pair: Pair<'a, Rule>) -> Option<EnumMember> {
        let docs = self.take_docs(self.span(&pair).start as usize);
        let (mut number, mut name, mut annotations) = (None, None, Vec::new());
        for part in inner(pair) {
            match part.as_rule() {
                Rule::number => number = Some(self.number(&part)),
                Rule::name => name = Some(self.name(&part)),
                _ => annotations = self.annotations(part),
            }
        }
        Some(EnumMember { docs, number, name: name?, annotations })
    }

    fn union_body(&mut self, pair: Pair<'a, Rule>) -> UnionBody {
        let span = self.span(&pair);
        let mut body =
            UnionBody { next: Vec::new(), holes: Vec::new(), cases: Vec::new(), span, lost: Vec::new(), broken: false };
        for part in inner(pair) {
            match part.as_rule() {
                Rule::reserved => match self.line(part) {
                    Some(line) if line.word == Word::Next => body.next.push(line),
                    Some(line) => body.holes.push(line),
                    None => body.broken = true,
                },
                Rule::case => body.cases.extend(self.case(part)),
                Rule::bad => {
                    match self.leading_id(&part) {
                        Some(id) => body.lost.push(id),
                        None => body.broken = true,
                    }
                    self.explain_bad(&part, Rule::only_case, Form::Case);
                }
                _ => {}
            }
        }
        body
    }

    fn case(&mut self, pair: Pair<'a, Rule>) -> Option<Case> {
        let docs = self.take_docs(self.span(&pair).start as usize);
        let (mut id, mut name, mut payload, mut annotations) = (None, None, None, Vec::new());
        for part in inner(pair) {
            match part.as_rule() {
                Rule::number => id = Some(self.number(&part)),
                Rule::name => name = Some(self.name(&part)),
                Rule::field_body => payload = Some(self.field_body(part)),
                Rule::by_name => {
                    let span = self.span(&part);
                    self.unsupported("a payload by name (write its fields between braces)", span);
                }
                _ => annotations = self.annotations(part),
            }
        }
        Some(Case { docs, id, name: name?, payload, annotations })
    }
}
