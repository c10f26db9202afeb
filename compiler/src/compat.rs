//! Evolution: may programs made from the last release and from these schemas talk to each other?

mod rows;

use crate::check::{BodyPlaces, Places};
use crate::diag::{Diagnostic, codes};
use crate::ir::wire::{self, Descriptor, MethodDescriptor, TypeDescriptor, TypeId, UnitDescriptor};
use crate::ir::{Schema, StructId, StructLevel, UnitId};
use crate::lock::{Entry, Lock};
use crate::source::{FileId, Span};
use std::collections::BTreeSet;

/// What is released under a name: a unit or a `serializers` struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A store or service.
    Unit(UnitId),
    /// A `serializers` struct.
    Struct(StructId),
}

/// Everything of a schema that releases record, by name.
pub fn subjects(schema: &Schema) -> Vec<(String, Subject)> {
    let units = schema.units.iter().zip(0..).map(|(u, i)| (u.package, &u.name, Subject::Unit(UnitId(i))));
    let structs = schema.structs.iter().zip(0..).filter(|(s, _)| s.level == StructLevel::Serializers);
    let structs = structs.map(|(s, i)| (s.package, &s.name, Subject::Struct(StructId(i))));
    let full = |package: crate::ir::PackageId, name: &String| match schema[package].name.as_str() {
        "" => name.clone(),
        package => format!("{package}.{name}"),
    };
    let mut all: Vec<_> = units.chain(structs).map(|(p, name, subject)| (full(p, name), subject)).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// The descriptor of a subject.
pub fn describe(schema: &Schema, subject: Subject) -> (Descriptor, Vec<TypeId>) {
    match subject {
        Subject::Unit(id) => wire::describe_unit(schema, id),
        Subject::Struct(id) => wire::describe_struct(schema, id),
    }
}

/// Puts the released digests of each unit into the model.
pub fn set_ancestors(schema: &mut Schema, lock: &Lock) {
    for (name, subject) in subjects(schema) {
        let (Subject::Unit(id), Some(entry)) = (subject, lock.find(&name)) else { continue };
        let unit = &mut schema.units[id.0 as usize];
        unit.ancestors = entry.digests.iter().copied().filter(|d| *d != unit.digest).collect();
    }
}

/// The lock file after a release of this schema, and a line for each entry that changed. Names in `broken` start over.
pub fn release(lock: &Lock, schema: &Schema, broken: &[String]) -> (Lock, Vec<String>) {
    let (mut entries, mut said) = (Vec::new(), Vec::new());
    for (name, subject) in subjects(schema) {
        let (descriptor, _) = describe(schema, subject);
        let digest = descriptor.digest();
        let starts_over = broken.contains(&name);
        let mut digests = match lock.find(&name) {
            Some(entry) if !starts_over => entry.digests.clone(),
            _ => Vec::new(),
        };
        if digests.first() != Some(&digest) {
            let what = match (digests.is_empty(), starts_over) {
                (_, true) => "starts over",
                (true, _) => "first release",
                (false, _) => "new release",
            };
            said.push(format!("{name}: {what}"));
            // A release that returns to an older one stands in front again.
            digests.retain(|d| *d != digest);
            digests.insert(0, digest);
        }
        entries.push(Entry { name, digests, descriptor });
    }
    for gone in lock.entries.iter().filter(|e| !entries.iter().any(|n| n.name == e.name)) {
        said.push(format!("{}: no longer released", gone.name));
    }
    (Lock { entries }, said)
}

/// Compares with the last release. Names in `broken` start over and are not compared.
pub fn check(schema: &Schema, places: &Places, lock: &Lock, lock_file: FileId, broken: &[String]) -> Vec<Diagnostic> {
    let subjects = subjects(schema);
    let mut diagnostics = Vec::new();
    for entry in lock.entries.iter().filter(|e| !broken.contains(&e.name)) {
        match subjects.iter().find(|(name, _)| *name == entry.name) {
            Some((_, subject)) => compare(schema, places, entry, *subject, &mut diagnostics),
            None => {
                let message = format!("`{}` was released and is gone", entry.name);
                let span = Span::new(lock_file, 0, 0);
                let d = Diagnostic::new(&codes::CHANGED_UNIT, message, span, "still listed in this file");
                diagnostics.push(d.note("Released programs may still open it.").note(how_to_break(&entry.name)));
            }
        }
    }
    diagnostics
}

fn how_to_break(name: &str) -> String {
    format!("To give up the old programs: `rssc release --break {name}`.")
}

fn compare(schema: &Schema, places: &Places, entry: &Entry, subject: Subject, diagnostics: &mut Vec<Diagnostic>) {
    let (new, ids) = describe(schema, subject);
    if new == entry.descriptor {
        return;
    }
    let empty = BodyPlaces::default();
    let name_span = match subject {
        Subject::Unit(id) => places.units[id.0 as usize].0,
        Subject::Struct(id) => places.structs[id.0 as usize].name,
    };
    let Some(name_span) = name_span else { return };
    let mut comparer = Comparer {
        schema,
        places,
        empty: &empty,
        entry,
        new: &new,
        ids: &ids,
        fallback: name_span,
        seen: BTreeSet::new(),
        open: Vec::new(),
        diagnostics,
    };
    match (&entry.descriptor.unit, &new.unit) {
        (Some(old), Some(unit)) => {
            let Subject::Unit(id) = subject else { return };
            comparer.unit(old, unit, id);
        }
        (None, None) => comparer.serializers(),
        _ => comparer.report(
            &codes::CHANGED_UNIT,
            format!("`{}` became something else", entry.name),
            name_span,
            "was released as another kind",
        ),
    }
    comparer.types();
}

/// State of comparing one unit with its release.
struct Comparer<'a> {
    schema: &'a Schema,
    places: &'a Places,
    empty: &'a BodyPlaces,
    entry: &'a Entry,
    new: &'a Descriptor,
    /// What the numbers of `new` stand for.
    ids: &'a [TypeId],
    /// Where things are reported that have no place any more.
    fallback: Span,
    seen: BTreeSet<(usize, usize)>,
    /// Pairs of types that still have to be compared.
    open: Vec<(usize, usize)>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Comparer<'a> {
    fn report(&mut self, code: &'static crate::diag::Code, message: String, span: Span, label: &str) {
        self.report_with(code, message, span, label, None);
    }

    fn report_with(
        &mut self,
        code: &'static crate::diag::Code,
        message: String,
        span: Span,
        label: &str,
        note: Option<String>,
    ) {
        let mut d = Diagnostic::new(code, message, span, label);
        if let Some(note) = note {
            d = d.note(note);
        }
        self.diagnostics.push(d.note(how_to_break(&self.entry.name)));
    }

    fn serializers(&mut self) {
        let message = format!("`{}` was released and changed", self.entry.name);
        let note = "Both sides of a `serializers` struct must have the same declaration; a new name leaves the old one readable.";
        self.report_with(
            &codes::CHANGED_LAYOUT,
            message,
            self.fallback,
            "no longer what was released",
            Some(note.to_owned()),
        );
    }

    fn unit(&mut self, old: &UnitDescriptor, new: &UnitDescriptor, id: UnitId) {
        let name = self.entry.name.clone();
        let span = self.fallback;
        match (old.state, new.state) {
            (Some(old), Some(new)) => self.pair(old, new),
            (None, None) => {}
            _ => self.report(
                &codes::CHANGED_UNIT,
                format!("`{name}` became something else"),
                span,
                "store and service are not the same",
            ),
        }
        if old.key != new.key {
            let note = "The bytes of the key are the identity of an instance.".to_owned();
            self.report_with(
                &codes::CHANGED_UNIT,
                format!("the key of `{name}` changed"),
                span,
                "has another key than released",
                Some(note),
            );
        }
        let places = self.places;
        for (method, old) in &old.methods {
            let place = places.units[id.0 as usize].1.get(method).unwrap_or(self.empty);
            match new.methods.get(method) {
                Some(new) => self.method(method, old, new, place),
                None => {
                    let message = format!("{} `{method}` of `{name}` was released and is gone", old.kind.name());
                    let note = "Released programs still use it; its name is what travels.".to_owned();
                    self.report_with(&codes::CHANGED_METHOD, message, span, "no longer here", Some(note));
                }
            }
        }
    }

    fn method(&mut self, name: &str, old: &MethodDescriptor, new: &MethodDescriptor, place: &'a BodyPlaces) {
        let span = place.name.unwrap_or(self.fallback);
        if old.kind != new.kind {
            let message = format!("`{name}` was released as {} `{}`", article(old.kind.name()), old.kind.name());
            self.report(&codes::CHANGED_METHOD, message, span, &format!("is `{}` now", new.kind.name()));
            return;
        }
        if old.key != new.key {
            let label = match (&old.key, &new.key) {
                (Some(_), None) => "has none",
                (None, Some(_)) => "has a key now",
                _ => "has another key",
            };
            let message = match &old.key {
                Some(_) => format!("event `{name}` was released with a key"),
                None => format!("event `{name}` was released without a key"),
            };
            self.report(&codes::CHANGED_METHOD, message, span, label);
        }
        self.params(name, &old.params, &new.params, place);
        self.streams(name, old, new, span);
        let same_result = match (&old.result, &new.result) {
            (None, None) => true,
            (Some(old), Some(new)) => self.same(old, new, rows::Widening::Allowed),
            _ => false,
        };
        if !same_result {
            let message = format!("the result of `{name}` has another type on the wire than released");
            self.report(&codes::CHANGED_METHOD, message, span, "answers otherwise");
        }
        match (old.error, new.error) {
            (Some(old), Some(new)) => self.pair(old, new),
            // Released callers of a method that throws nothing cannot read an error; the reverse never comes.
            (None, Some(_)) => {
                let message = format!("`{name}` was released without `throws`");
                self.report(&codes::CHANGED_METHOD, message, span, "released callers cannot read its error");
            }
            _ => {}
        }
    }

    /// Callers of a method with streams and of one without speak differently.
    fn streams(&mut self, name: &str, old: &MethodDescriptor, new: &MethodDescriptor, span: Span) {
        let said = match (old.stream, new.stream) {
            (true, false) => Some(("was released with a `stream` as its answer", "answers once")),
            (false, true) => Some(("was released with one answer", "answers with a `stream`")),
            _ => None,
        };
        let taken = match (&old.items, &new.items) {
            (Some(_), None) => Some(("was released with a `stream` of the caller", "takes none")),
            (None, Some(_)) => Some(("was released without a `stream` of the caller", "takes one")),
            (Some(old), Some(new)) if !self.same(old, new, rows::Widening::Allowed) => {
                Some(("was released with another type of the caller's `stream`", "takes another type on the wire"))
            }
            _ => None,
        };
        for (message, label) in said.into_iter().chain(taken) {
            self.report(&codes::CHANGED_METHOD, format!("`{name}` {message}"), span, label);
        }
    }

    /// Remembers a pair of types for comparison.
    fn pair(&mut self, old: usize, new: usize) {
        if self.seen.insert((old, new)) {
            self.open.push((old, new));
        }
    }

    fn types(&mut self) {
        while let Some((old, new)) = self.open.pop() {
            let entry = self.entry;
            let known = self.new;
            let (Some(old), Some(new), Some(id)) =
                (entry.descriptor.types.get(old), known.types.get(new), self.ids.get(new))
            else {
                continue;
            };
            self.declared(old, new, *id);
        }
    }

    fn declared(&mut self, old: &TypeDescriptor, new: &TypeDescriptor, id: TypeId) {
        use TypeDescriptor::{ClosedEnum, ClosedUnion, Fields, OpenEnum, OpenUnion, Partials, Serializers};
        let (name, span) = self.name(id);
        let places = self.places;
        match (old, new) {
            (Fields(a), Fields(b)) | (Partials(a), Partials(b)) => {
                let TypeId::Struct(id) = id else { return };
                self.row(&name, a, b, &places.structs[id.0 as usize]);
            }
            (Serializers(a), Serializers(b)) => {
                let same = a.members.len() == b.members.len();
                let same = same
                    && a.members.iter().zip(&b.members).all(|(a, b)| self.same(&a.ty, &b.ty, rows::Widening::Refused));
                if !same {
                    let note =
                        "Fields of a `serializers` struct travel without ids, so none may come, go, move or change."
                            .to_owned();
                    self.report_with(
                        &codes::CHANGED_LAYOUT,
                        format!("`{name}` has another layout than released"),
                        span,
                        "changed",
                        Some(note),
                    );
                }
            }
            (OpenEnum(a), OpenEnum(b)) if rows::widens(a, b) => {}
            (ClosedEnum(a, x), ClosedEnum(b, y)) if rows::widens(a, b) && x == y => {}
            (ClosedEnum(..), ClosedEnum(..)) => {
                let note = "Readers of a closed enum refuse numbers they do not know.".to_owned();
                self.report_with(
                    &codes::CHANGED_CASES,
                    format!("closed enum `{name}` has other numbers than released"),
                    span,
                    "changed",
                    Some(note),
                );
            }
            (OpenUnion(a), OpenUnion(b)) => self.cases(&name, a, b, id),
            (ClosedUnion(a), ClosedUnion(b)) => {
                if !a.keys().eq(b.keys()) {
                    let note = "Readers of a closed union refuse cases they do not know.".to_owned();
                    self.report_with(
                        &codes::CHANGED_CASES,
                        format!("closed union `{name}` has other cases than released"),
                        span,
                        "changed",
                        Some(note),
                    );
                }
                self.cases(&name, a, b, id);
            }
            _ => self.report(
                &codes::CHANGED_TYPE,
                format!("`{name}` became another kind of type than released"),
                span,
                "changed",
            ),
        }
    }

    fn name(&self, id: TypeId) -> (String, Span) {
        let (name, span) = match id {
            TypeId::Struct(id) => (&self.schema[id].name, self.places.structs[id.0 as usize].name),
            TypeId::Enum(id) => (&self.schema[id].name, self.places.enums[id.0 as usize].0),
            TypeId::Union(id) => (&self.schema[id].name, self.places.unions[id.0 as usize].0),
        };
        (name.clone(), span.unwrap_or(self.fallback))
    }
}

impl wire::MethodWord {
    fn name(self) -> &'static str {
        match self {
            Self::Rpc => "rpc",
            Self::Send => "send",
            Self::Event => "event",
        }
    }
}

fn article(word: &str) -> &'static str {
    if word == "send" { "a" } else { "an" }
}
