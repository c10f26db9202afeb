//! Where items start: the parser's own decision, read off its tree, so that the formatter never guesses whether a comma
//! or a newline ends something.

use crate::source::Span;
use crate::syntax::ast::{FieldBody, File, ImportKind, Item, ItemKind, Line, Param, Picks, UnitBody};
use crate::syntax::{prescan, walk};

/// Offsets of the first tokens of all items, at the top and in bodies, parameter lists and keys; sorted.
pub(super) fn of_items(file: &File, text: &str) -> Vec<usize> {
    let mut starts = Starts(prescan::scan(file.id, text).chunks.iter().map(|chunk| chunk.start).collect());
    starts.file(file);
    starts.0.sort_unstable();
    starts.0
}

struct Starts(Vec<usize>);

impl Starts {
    fn add(&mut self, span: Span) {
        self.0.push(span.start as usize);
    }

    fn file(&mut self, file: &File) {
        for import in &file.imports {
            if let ImportKind::Names(names) = &import.kind {
                names.iter().for_each(|name| self.add(name.span));
            }
        }
        let annotations = file.annotations.iter().flat_map(|annotation| &annotation.args);
        annotations.for_each(|arg| self.add(arg.span));
        file.access.iter().flat_map(|access| &access.levels).for_each(|level| self.add(level.name.span));
        file.items.iter().for_each(|item| self.item(item));
    }

    fn item(&mut self, item: &Item) {
        walk::annotations(item, &mut |annotations, _| {
            annotations.iter().flat_map(|annotation| &annotation.args).for_each(|arg| self.add(arg.span));
        });
        match &item.kind {
            ItemKind::Struct { body, .. } => self.fields(body),
            ItemKind::Enum { body, .. } => {
                self.lines(&body.lines);
                body.members.iter().for_each(|m| self.add(m.number.map_or(m.name.span, |n| n.span)));
            }
            ItemKind::Union { body, .. } => {
                self.lines(&body.next);
                self.lines(&body.holes);
                for case in &body.cases {
                    self.add(case.id.map_or(case.name.span, |n| n.span));
                    case.payload.iter().for_each(|payload| self.fields(payload));
                }
            }
            ItemKind::Store { key, body, .. } => {
                key.iter().for_each(|key| self.params(key));
                self.methods(body);
            }
            ItemKind::Service { body } => self.methods(body),
            ItemKind::Annotation { params, .. } => self.params(params),
            ItemKind::View { picks, .. } => self.picks(picks),
            ItemKind::Alias { .. } | ItemKind::Const { .. } | ItemKind::Newtype { .. } => {}
        }
    }

    fn fields(&mut self, body: &FieldBody) {
        self.lines(&body.next);
        self.lines(&body.holes);
        body.fields.iter().for_each(|field| self.add(field.span));
    }

    fn picks(&mut self, picks: &Picks) {
        for pick in &picks.fields {
            self.add(pick.span);
            pick.inside.iter().for_each(|inside| self.picks(inside));
        }
    }

    fn lines(&mut self, lines: &[Line]) {
        lines.iter().for_each(|line| self.add(line.span));
    }

    fn methods(&mut self, body: &UnitBody) {
        for method in &body.methods {
            self.add(method.span);
            method.key.iter().for_each(|key| self.params(key));
            self.params(&method.params);
        }
    }

    fn params(&mut self, params: &[Param]) {
        params.iter().for_each(|param| self.add(param.span));
    }
}
