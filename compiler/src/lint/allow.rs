//! `@allow(rule, reason)`: which findings it takes away. The innermost one that fits is the one that does.

use super::Cx;
use crate::diag::{Code, Diagnostic, codes};
use crate::source::{FileId, Span};
use crate::syntax::annotations::Place;
use crate::syntax::ast::{Annotation, ValueKind};
use crate::syntax::walk;
use std::collections::BTreeMap;

/// How deep places lie in each other: file, declaration, line of a body, part of a line.
const N_DEPTHS: usize = 4;

/// An `@allow`.
pub(super) struct Allow {
    pub(super) rule: &'static Code,
    /// All of the annotation.
    pub(super) span: Span,
    pub(super) is_used: bool,
}

/// Every `@allow` of the project's own files.
pub(super) struct Allows {
    pub(super) all: Vec<Allow>,
    /// By depth. At one depth none lies in another, so that the last one in front of a finding is the only one to look at.
    places: [Places; N_DEPTHS],
}

/// By rule, file and start of what an `@allow` stands on: its end and the position in [`Allows::all`].
type Places = BTreeMap<(&'static str, FileId, u32), (u32, usize)>;

impl Allows {
    pub(super) fn new(cx: &Cx<'_>) -> Self {
        let mut allows = Self { all: Vec::new(), places: Default::default() };
        for file in cx.files() {
            let all = Span::new(file.id, 0, cx.sources.get(file.id).text.len());
            allows.add(&file.annotations, Place::Package, all);
        }
        for (_, declared) in cx.items() {
            walk::annotated(declared.item, &mut |list, place, span| allows.add(list, place, span));
        }
        allows
    }

    fn add(&mut self, list: &[Annotation], place: Place, span: Span) {
        for annotation in list {
            let Some(rule) = rule_of(annotation) else { continue };
            let key = (rule.id, span.file, span.start);
            // Of two that allow the same in one place, the second one is left unused.
            self.places[depth(place)].entry(key).or_insert((span.end, self.all.len()));
            self.all.push(Allow { rule, span: annotation.span, is_used: false });
        }
    }

    /// Is this finding allowed?
    pub(super) fn allow(&mut self, diagnostic: &Diagnostic) -> bool {
        let (rule, at) = (diagnostic.code.id, diagnostic.primary.span);
        for depth in self.places.iter().rev() {
            let last = depth.range((rule, at.file, 0)..=(rule, at.file, at.start)).next_back();
            if let Some((_, (_, idx))) = last.filter(|(_, (end, _))| at.end <= *end) {
                self.all[*idx].is_used = true;
                return true;
            }
        }
        false
    }
}

/// The rule that an annotation allows, if it is `@allow`.
fn rule_of(annotation: &Annotation) -> Option<&'static Code> {
    if annotation.name.dotted() != "allow" {
        return None;
    }
    let by_name = annotation.args.iter().find(|arg| arg.name.as_ref().is_some_and(|name| name.text == "rule"));
    let arg = by_name.or(annotation.args.first().filter(|arg| arg.name.is_none()))?;
    match &arg.value.kind {
        ValueKind::Path(path) => codes::rule(&path.dotted()),
        _ => None,
    }
}

fn depth(place: Place) -> usize {
    match place {
        Place::Package => 0,
        Place::Field | Place::Member | Place::Case | Place::Rpc | Place::Send | Place::Event => 2,
        Place::PayloadField | Place::Param | Place::KeyPart => 3,
        _ => 1,
    }
}
