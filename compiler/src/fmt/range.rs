//! Formatting a part of a file.

use super::layout;
use super::tree::{Content, Entry, Node};
use std::ops::RangeInclusive;

/// The text with the whole items formatted that some lines touch: those of the innermost brackets that hold all these
/// lines between their own.
pub(super) fn format(entries: &[Entry<'_>], text: &str, lines: RangeInclusive<usize>) -> String {
    let (mut found, mut depth) = (Run { entries, depth: 0 }.touched(&lines), 0);
    while let Some(inner) = found.as_ref().and_then(|run| run.inside(&lines)) {
        depth += 1;
        found = Some(Run { entries: inner, depth });
    }
    found.map_or_else(|| text.to_owned(), |run| run.replace(text))
}

/// Neighbours of one level.
struct Run<'t, 'a> {
    entries: &'t [Entry<'a>],
    depth: usize,
}

impl<'t, 'a> Run<'t, 'a> {
    /// Those that the lines touch and those that share a line with them.
    fn touched(self, lines: &RangeInclusive<usize>) -> Option<Self> {
        let is_touched = |e: &Entry<'_>| first_line(e) <= *lines.end() && last_line(e) >= *lines.start();
        let mut first = self.entries.iter().position(is_touched)?;
        let mut last = self.entries.iter().rposition(is_touched)?;
        let shares = |i: usize| last_line(&self.entries[i]) == first_line(&self.entries[i + 1]);
        while first > 0 && shares(first - 1) {
            first -= 1;
        }
        while last + 1 < self.entries.len() && shares(last) {
            last += 1;
        }
        Some(Self { entries: &self.entries[first..=last], ..self })
    }

    /// The entries between brackets that hold all the lines, if their own lines are not needed.
    fn inside(&self, lines: &RangeInclusive<usize>) -> Option<&'t [Entry<'a>]> {
        let [entry] = self.entries else { return None };
        let groups = entry.nodes.iter().filter_map(|node| match node {
            Node::Group(group) if group.multi_line => Some(group),
            _ => None,
        });
        let group = groups.into_iter().find(|g| g.open.line < *lines.start() && *lines.end() < g.close.line)?;
        let Content::Entries(_, entries) = &group.content else { return None };
        let run = Run { entries, depth: self.depth + 1 }.touched(lines)?;
        let is_apart =
            first_line(run.entries.first()?) > group.open.line && last_line(run.entries.last()?) < group.close.line;
        is_apart.then_some(run.entries)
    }

    fn replace(&self, text: &str) -> String {
        let (Some(first), Some(last)) = (self.entries.first(), self.entries.last()) else { return text.to_owned() };
        let start = first.nodes.first().map_or(0, |n| n.first().start);
        let end = last.nodes.last().map_or(start, |n| n.last().end());
        let in_front = text[..start].trim_end_matches([' ', '\t']);
        let behind = text[end..].trim_start_matches([' ', '\t']);
        let behind = behind.strip_prefix(',').unwrap_or(behind).trim_start_matches([' ', '\t']);
        let formatted = layout::run(self.entries, self.depth);
        match in_front.is_empty() || in_front.ends_with('\n') {
            true => format!("{in_front}{formatted}{behind}"),
            // The byte order mark or a stray comma stands in front.
            false => format!("{}{}{behind}", &text[..start], formatted.trim_start()),
        }
    }
}

fn first_line(entry: &Entry<'_>) -> usize {
    entry.nodes.first().map_or(0, |n| n.first().line)
}

fn last_line(entry: &Entry<'_>) -> usize {
    entry.nodes.last().map_or(0, |n| n.last().last_line())
}
