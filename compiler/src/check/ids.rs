//! Ids of fields and cases: unique, accounted for below `next`, and found for who has none.

use super::Cx;
use super::fields::MAX_FIELDS;
use crate::diag::{Diagnostic, Fix, codes};
use crate::source::Span;
use crate::syntax::ast::{Line, Name, Number, Word};
use std::collections::BTreeMap;

/// A field or case as far as ids go.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    pub(super) id: Option<Number>,
    pub(super) name: &'a Name,
}

/// A body as far as ids go.
pub(super) struct Bodies<'b, 'a> {
    /// In diagnostics.
    pub(super) owner: &'b str,
    /// `field` or `case`.
    pub(super) noun: &'static str,
    pub(super) slots: &'b [Slot<'a>],
    pub(super) next: &'a [Line],
    pub(super) holes: &'a [Line],
    /// Ids of lines that could not be read otherwise.
    pub(super) lost: &'a [Number],
    /// From `{` to `}`.
    pub(super) span: Span,
    /// Part of it could not be read: what is missing may be there.
    pub(super) broken: bool,
}

/// What an id is taken by.
#[derive(Clone, Copy)]
struct Taken<'a> {
    span: Span,
    /// Name of the field or case, or the word of the line.
    by: &'a str,
    is_slot: bool,
}

/// State of one body.
struct Book<'a> {
    taken: BTreeMap<u32, Taken<'a>>,
    /// The number of the `next` line and the line.
    next: Option<(u32, Number)>,
    /// The next free id.
    free: u32,
}

impl<'a> Cx<'a> {
    /// The id of every slot; `None` if it has none or something about it has been reported.
    pub(super) fn ids(&mut self, bodies: &Bodies<'_, 'a>) -> Vec<Option<u32>> {
        self.too_many(bodies.owner, bodies.slots.len(), bodies.span);
        let mut book = Book { taken: BTreeMap::new(), next: self.next(bodies), free: 1 };
        self.holes(bodies, &mut book);
        for number in bodies.lost {
            if let Some(id) = number.value.and_then(in_range) {
                let taken = Taken { span: number.span, by: "a line that cannot be read", is_slot: false };
                book.taken.entry(id).or_insert(taken);
            }
        }
        let highest = bodies.slots.iter().filter_map(|s| in_range(s.id?.value?)).max().unwrap_or(0);
        let highest = highest.max(book.taken.keys().next_back().copied().unwrap_or(0));
        book.free = (highest + 1).max(book.next.map_or(1, |n| n.0));
        let first_free = book.free;
        let ids: Vec<Option<u32>> = bodies.slots.iter().map(|slot| self.slot(bodies, slot, &mut book)).collect();
        // A field with a wrong id of its own is what a gap is waiting for.
        let misnumbered = std::iter::zip(bodies.slots, &ids).any(|(slot, id)| slot.id.is_some() && id.is_none());
        if !bodies.broken {
            self.missing(bodies, &mut book, highest);
            self.below_next(bodies, &book, highest, first_free, misnumbered);
        }
        ids
    }

    fn next(&mut self, bodies: &Bodies<'_, 'a>) -> Option<(u32, Number)> {
        let number = |line: &Line| match line.ranges.as_slice() {
            [(low, high)] if low.span == high.span && line.shape.is_none() => Some(*low),
            _ => None,
        };
        let first = bodies.next.first()?;
        for again in &bodies.next[1..] {
            let message = format!("`{}` has two `next` lines", bodies.owner);
            let d = Diagnostic::new(&codes::NEXT, message, again.span, "written again here");
            let d = d.label(first.span, "first here");
            self.report(
                d.note("If two branches each added a field, keep both fields and the higher of the two numbers."),
            );
        }
        let Some(number) = number(first) else {
            let d = Diagnostic::new(&codes::NEXT, "`next` takes one number", first.span, "written `next 4`");
            self.report(d);
            return None;
        };
        let value = number.value?;
        // One above the highest id is fine.
        match u32::try_from(value).ok().filter(|v| (1..=MAX_FIELDS + 1).contains(v)) {
            Some(value) => Some((value, number)),
            None => {
                let message = format!("`next {value}` is out of range");
                let label = format!("ids are 1 to {MAX_FIELDS}");
                self.report(Diagnostic::new(&codes::ID_RANGE, message, number.span, label));
                None
            }
        }
    }

    fn holes(&mut self, bodies: &Bodies<'_, 'a>, book: &mut Book<'a>) {
        for line in bodies.holes {
            if bodies.noun == "case" && line.word != Word::Reserved {
                let d = Diagnostic::new(
                    &codes::UNWANTED_ID,
                    "cases that are gone are `reserved`",
                    line.span,
                    "written `reserved ID`",
                );
                self.report(d.note("`retired` with a shape is for fields; a case that is gone needs no shape."));
            }
            let by = match line.word {
                Word::Retired => "retired",
                Word::Unused => "unused",
                _ => "reserved",
            };
            for (low, high) in &line.ranges {
                self.hole(bodies, book, (*low, *high), by);
            }
        }
    }

    fn hole(&mut self, bodies: &Bodies<'_, 'a>, book: &mut Book<'a>, (low, high): (Number, Number), by: &'static str) {
        let span = low.span.to(high.span);
        let Some((first, last)) = low.value.zip(high.value) else { return };
        let (Some(first), Some(last)) = (in_range(first), in_range(last)) else {
            let message = format!("id {} is out of range", if in_range(first).is_none() { first } else { last });
            let label = format!("ids are 1 to {MAX_FIELDS}");
            return self.report(Diagnostic::new(&codes::ID_RANGE, message, span, label));
        };
        if first > last {
            let message = format!("the range {first}..{last} is empty");
            let fix = Fix::safe(format!("{first}..{last} -> {last}..{first}")).edit(span, format!("{last}..{first}"));
            return self
                .report(Diagnostic::new(&codes::ID_RANGE, message, span, "the lower number comes first").fix(fix));
        }
        for id in first..=last {
            if let Some(earlier) = book.taken.insert(id, Taken { span, by, is_slot: false }) {
                let message = format!("id {id} of `{}` is listed twice", bodies.owner);
                let d = Diagnostic::new(&codes::DUPLICATE_ID, message, span, format!("{by} again here"));
                return self.report(d.label(earlier.span, format!("already {}", earlier.by)));
            }
        }
    }

    fn slot(&mut self, bodies: &Bodies<'_, 'a>, slot: &Slot<'a>, book: &mut Book<'a>) -> Option<u32> {
        let number = slot.id?;
        let value = number.value?;
        let Some(id) = in_range(value) else {
            let message = format!("id {value} of `{}` is out of range", slot.name.text);
            self.report(Diagnostic::new(&codes::ID_RANGE, message, number.span, format!("ids are 1 to {MAX_FIELDS}")));
            return None;
        };
        let taken = Taken { span: number.span, by: &slot.name.text, is_slot: true };
        let Some(earlier) = book.taken.get(&id).copied() else {
            book.taken.insert(id, taken);
            return Some(id);
        };
        let (name, owner, free) = (&slot.name.text, bodies.owner, book.free);
        if bodies.lost.iter().any(|n| n.span == earlier.span) {
            return None;
        }
        let d = match earlier.is_slot {
            true => Diagnostic::new(
                &codes::DUPLICATE_ID,
                format!("id {id} is used twice in `{owner}`"),
                number.span,
                format!("used again for `{name}`"),
            )
            .label(earlier.span, format!("first used for `{}`", earlier.by))
            .note(format!("An id is all that travels, so a reader could not tell the two {}s apart.", bodies.noun)),
            false => Diagnostic::new(
                &codes::TOMBSTONE,
                format!("id {id} of `{owner}` is {}", earlier.by),
                number.span,
                format!("used for `{name}`"),
            )
            .label(earlier.span, format!("{} here", earlier.by))
            .note(format!("Old programs may still send the {} that had this id.", bodies.noun)),
        };
        let mut fix = Fix::safe(format!("{id} {name} -> {free} {name}")).edit(number.span, free.to_string());
        if let Some((_, next)) = book.next {
            fix.title += &format!(", next {} -> next {}", self.sources.slice(next.span), free + 1);
            fix = fix.edit(next.span, (free + 1).to_string());
        }
        book.free += 1;
        self.report(d.fix(fix));
        None
    }

    /// One finding for all ids that are missing, with a fix that writes them and `next`.
    fn missing(&mut self, bodies: &Bodies<'_, 'a>, book: &mut Book<'a>, highest: u32) {
        let missing: Vec<&Slot<'_>> = bodies.slots.iter().filter(|s| s.id.is_none()).collect();
        let had_next = !bodies.next.is_empty();
        let [first, rest @ ..] = missing.as_slice() else {
            if !had_next {
                self.missing_next(bodies, highest + 1);
            }
            return;
        };
        let owner = bodies.owner;
        let (mut titles, mut edits) = (Vec::new(), Vec::new());
        for slot in &missing {
            titles.push(format!("{0} -> {1} {0}", slot.name.text, book.free));
            edits.push((slot.name.span.before(), format!("{} ", book.free)));
            book.free += 1;
        }
        match book.next {
            Some((value, number)) => {
                titles.push(format!("next {value} -> next {}", book.free));
                edits.push((number.span, book.free.to_string()));
            }
            None if !had_next => {
                titles.push(format!("insert `next {}`", book.free));
                // First: where `{` and the first name touch, both edits meet.
                edits.insert(0, self.insert_next(bodies, book.free));
            }
            None => {}
        }
        let names = missing.iter().map(|s| format!("`{}`", s.name.text)).collect::<Vec<_>>();
        let message = match names.as_slice() {
            [one] => format!("{one} of `{owner}` has no id yet"),
            [a, b] => format!("{a} and {b} of `{owner}` have no ids yet"),
            [a, ..] => format!("{a} and {} more {}s of `{owner}` have no ids yet", names.len() - 1, bodies.noun),
            [] => return,
        };
        let mut d = Diagnostic::new(&codes::MISSING_ID, message, first.name.span, "its id stands in front");
        for slot in rest.iter().take(8) {
            d = d.label(slot.name.span, "this one too");
        }
        if titles.len() > 4 {
            titles.splice(3..titles.len() - 1, ["..".to_owned()]);
        }
        let mut fix = Fix::safe(titles.join(", ")).ids();
        for (span, text) in edits {
            fix = fix.edit(span, text);
        }
        self.report(d.note("`rssc compile` and `rssc ids --write` write ids into the file.").fix(fix));
    }

    fn missing_next(&mut self, bodies: &Bodies<'_, 'a>, value: u32) {
        let open = Span { end: bodies.span.start + 1, ..bodies.span };
        let message = format!("`{}` has no `next` line", bodies.owner);
        let (at, text) = self.insert_next(bodies, value);
        let d = Diagnostic::new(&codes::NEXT, message, open, format!("`next {value}` comes first in here"))
            .note("`next` is the lowest id that was never used. Two branches that each add a field then collide in git, not on the wire.");
        self.report(d.fix(Fix::safe(format!("insert `next {value}`")).ids().edit(at, text)));
    }

    /// Where and how a `next` line is inserted, keeping the layout of the body.
    fn insert_next(&self, bodies: &Bodies<'_, 'a>, value: u32) -> (Span, String) {
        let text = &self.sources.get(bodies.span.file).text;
        let open = bodies.span.start as usize + 1;
        let inside = &text[open..bodies.span.end as usize];
        let line_rest = inside.split('\n').next().unwrap_or("");
        let only_comment = line_rest.trim().is_empty() || line_rest.trim_start().starts_with("//");
        if !inside.contains('\n') || !only_comment {
            let text = if inside.trim_start().starts_with('}') {
                format!(" next {value} ")
            } else {
                format!(" next {value},")
            };
            let glued = !inside.starts_with([' ', '\t', '}']);
            return (Span::new(bodies.span.file, open, open), if glued { text + " " } else { text });
        }
        let line_start = open + line_rest.len() + 1;
        let first = text[line_start..].lines().find(|l| !l.trim().is_empty()).unwrap_or("");
        let first_indent = &first[..first.len() - first.trim_start().len()];
        // An empty body is indented from its closing brace.
        let indent =
            if first.trim_start().starts_with('}') { format!("{first_indent}    ") } else { first_indent.to_owned() };
        let end = if line_rest.ends_with('\r') { "\r\n" } else { "\n" };
        (Span::new(bodies.span.file, line_start, line_start), format!("{indent}next {value}{end}"))
    }

    /// `next` must be above every id, and every id below it accounted for.
    fn below_next(
        &mut self,
        bodies: &Bodies<'_, 'a>,
        book: &Book<'a>,
        highest: u32,
        first_free: u32,
        misnumbered: bool,
    ) {
        let Some((value, number)) = book.next else { return };
        if value <= highest {
            let message = format!("`next {value}` of `{}` is too low", bodies.owner);
            let mut d = Diagnostic::new(&codes::NEXT, message, number.span, format!("id {highest} is used already"));
            if let Some(taken) = book.taken.get(&highest) {
                d = d.label(taken.span, format!("id {highest}"));
            }
            let fix = Fix::safe(format!("next {value} -> next {first_free}")).edit(number.span, first_free.to_string());
            self.report(d.note("`next` never goes down: it is above every id that was ever used.").fix(fix));
            return;
        }
        let gaps: Vec<u32> = (1..value).filter(|id| !book.taken.contains_key(id)).collect();
        if gaps.is_empty() || misnumbered {
            return;
        }
        let list = ranges(&gaps);
        let (ids, are) = if gaps.len() == 1 { ("id", "is") } else { ("ids", "are") };
        let keep = if bodies.noun == "case" { "reserved" } else { "retired" };
        let d = Diagnostic::new(
            &codes::GAP,
            format!("{ids} {list} of `{}` {are} neither used nor {keep}", bodies.owner),
            number.span,
            format!("`next {value}` says that {ids} {list} had a {}", bodies.noun),
        );
        let line = if bodies.noun == "case" { format!("reserved {list}") } else { format!("retired {list} SHAPE") };
        let d = d.note(match bodies.noun {
            "case" => format!("Write `{line}` for what is gone."),
            _ => format!("Write `{line}` for what is gone, with its shape (bit, varint, fixed4, fixed8, fixed16, len); `unused {list}` if it never existed."),
        });
        let hole = if bodies.noun == "case" { format!("reserved {list}") } else { format!("unused {list}") };
        self.report(d.fix(Fix::guess(format!("insert `{hole}`")).edit(number.span.after(), format!(", {hole}"))));
    }
}

fn in_range(value: i128) -> Option<u32> {
    u32::try_from(value).ok().filter(|v| (1..=MAX_FIELDS).contains(v))
}

/// `2, 5..7`.
fn ranges(ids: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for &id in ids {
        match parts.last_mut() {
            Some(last) if last.1 + 1 == id => last.1 = id,
            _ => parts.push((id, id)),
        }
    }
    let show = |(low, high): &(u32, u32)| if low == high { low.to_string() } else { format!("{low}..{high}") };
    parts.iter().map(show).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn ranges_are_short() {
        assert_eq!(super::ranges(&[2, 5, 6, 7, 9]), "2, 5..7, 9");
    }
}
