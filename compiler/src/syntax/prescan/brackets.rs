//! Brackets: which closes which, and which were forgotten.

use super::{MAX_DEPTH, Scanner};
use crate::diag::{Diagnostic, Fix, codes};
use crate::source::Span;

impl Scanner<'_> {
    pub(super) fn open(&mut self, bracket: u8, start: usize) {
        self.angles = 0;
        self.stack.push((bracket, start));
        if self.stack.len() > MAX_DEPTH {
            self.too_deep(start);
        }
    }

    pub(super) fn too_deep(&mut self, start: usize) {
        self.refuse(start, format!("brackets nest at most {MAX_DEPTH} deep"), "this one is deeper");
    }

    /// Takes the bracket off the stack; `false` if it closes nothing.
    pub(super) fn close(&mut self, bracket: u8, start: usize) -> bool {
        self.angles = 0;
        let opening = match bracket {
            b'}' => b'{',
            b')' => b'(',
            _ => b'[',
        };
        let span = self.span(start, start + 1);
        if let Some(i) = self.stack.iter().rposition(|(b, _)| *b == opening) {
            // A `)` never closes a `{`: only brackets of a line may have been forgotten inside it.
            if opening == b'{' || self.stack[i..].iter().all(|(b, _)| *b != b'{') {
                for (bracket, open) in self.stack.split_off(i).into_iter().skip(1).rev() {
                    self.unclosed(bracket, open, Some((span, "must be closed before this")));
                }
                return true;
            }
        }
        let shown = bracket as char;
        let d = Diagnostic::new(&codes::UNMATCHED, format!("`{shown}` closes nothing"), span, "nothing is open here");
        self.out.diagnostics.push(d.fix(Fix::guess(format!("remove `{shown}`")).edit(span, "")));
        self.mask(start, start + 1, b' ');
        false
    }

    pub(super) fn unclosed(&mut self, bracket: u8, open: usize, before: Option<(Span, &str)>) {
        let shown = bracket as char;
        let span = self.span(open, open + 1);
        let mut d = Diagnostic::new(&codes::UNCLOSED, format!("`{shown}` is never closed"), span, "opened here");
        if let Some((at, label)) = before {
            d = d.label(at, label);
        }
        let before = before.map_or(self.text.len(), |(at, _)| at.start as usize);
        let fix = match bracket {
            b'{' => self.closing_line(before),
            _ => self.closing_here(bracket, open, before),
        };
        self.out.diagnostics.push(d.fix(fix));
    }

    /// Closes a body before an offset, and before the comments above it, which belong to what follows.
    fn closing_line(&self, before: usize) -> Fix {
        let mut at = self.text[..before].trim_end().len();
        for comment in self.out.comments.iter().rev() {
            let above = self.text[..comment.span.start as usize].trim_end_matches([' ', '\t']);
            if comment.span.end as usize != at || !above.ends_with('\n') {
                break;
            }
            at = above.trim_end().len();
        }
        Fix::guess("insert `}`").edit(self.span(at, at), "\n}")
    }

    /// Closes a list on the line on which it is opened.
    fn closing_here(&self, bracket: u8, open: usize, before: usize) -> Fix {
        let line = self.text[open..before].lines().next().map_or(before, |line| open + line.len());
        let comments = &self.out.comments;
        let next = comments.partition_point(|c| (c.span.start as usize) < open);
        let comment = comments.get(next).map(|c| c.span.start as usize).filter(|start| *start < line);
        let at = self.text[..comment.unwrap_or(line)].trim_end().len();
        let closing = if bracket == b'(' { ")" } else { "]" };
        Fix::guess(format!("insert `{closing}`")).edit(self.span(at, at), closing)
    }

    /// An item starts at the beginning of a line although brackets are open: they were forgotten.
    pub(super) fn close_all(&mut self, start: usize) {
        let next = self.span(start, start + self.word_at(start).len());
        while let Some((bracket, open)) = self.stack.pop() {
            self.unclosed(bracket, open, Some((next, "the next declaration starts here")));
        }
        self.end_chunk();
    }
}
