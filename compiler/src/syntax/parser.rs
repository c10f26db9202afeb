//! Runs pest on one declaration at a time and turns pairs into the tree. Only this module knows pest.

mod bodies;
mod explain;
mod heads;
mod types;
mod units;
mod values;
mod views;

use super::ast::{self, Comment, CommentKind, Name};
use super::prescan::{Chunk, Scan};
use crate::diag::{Diagnostic, Fix, codes};
use crate::source::{FileId, LineIndex, Span};
use heads::Kind;
use pest::Parser;
use pest::iterators::{Pair, Pairs};
use std::collections::BTreeSet;

#[derive(pest_derive::Parser)]
#[grammar = "syntax/grammar.pest"]
#[allow(missing_docs)]
struct Grammar;

/// A tree without anything in it.
pub(super) fn empty(id: FileId) -> ast::File {
    ast::File {
        id,
        docs: Vec::new(),
        package: None,
        annotations: Vec::new(),
        imports: Vec::new(),
        access: Vec::new(),
        items: Vec::new(),
        lost: Vec::new(),
        comments: Vec::new(),
    }
}

/// Parses what the scan has cut.
pub(super) fn parse(id: FileId, source: &str, scan: Scan) -> (ast::File, Vec<Diagnostic>) {
    let lines = LineIndex::new(source);
    // A semicolon reads as a comma from here on; other findings of the scan leave a line that cannot be trusted.
    let damage = scan.diagnostics.iter().filter(|d| *d.code != codes::SEMICOLON);
    let silent: BTreeSet<usize> = damage.map(|d| lines.line(d.primary.span.start as usize)).collect();
    let docs = scan.comments.iter().copied().filter(|c| c.kind == CommentKind::Doc).collect();
    let mut cx = Cx {
        id,
        source,
        text: &scan.masked,
        base: 0,
        lines,
        damaged: silent.clone(),
        silent,
        docs,
        internal: None,
        file: empty(id),
        diagnostics: scan.diagnostics,
    };
    cx.file.comments = scan.comments;
    cx.file_docs();
    cx.declarations(&scan.chunks);
    cx.stray_docs();
    (cx.file, cx.diagnostics)
}

/// State of parsing one file.
struct Cx<'a> {
    id: FileId,
    source: &'a str,
    text: &'a str,
    /// Where the piece that pest sees starts.
    base: usize,
    lines: LineIndex,
    /// Lines that the scan has reported on: what is read there may not be what is written.
    damaged: BTreeSet<usize>,
    /// Lines with a syntax error: another one there may follow from it.
    silent: BTreeSet<usize>,
    /// Documentation comments that nothing has taken yet, in order.
    docs: Vec<Comment>,
    /// The word `internal` in front of the declaration at hand.
    internal: Option<Span>,
    file: ast::File,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Cx<'a> {
    /// Runs a rule on a piece of the text; spans of its pairs go through [`Cx::span`].
    fn run(&mut self, rule: Rule, start: usize, end: usize) -> Option<Pair<'a, Rule>> {
        self.base = start;
        Grammar::parse(rule, &self.text[start..end]).ok()?.next()
    }

    /// The place of a pair. Where something optional could follow, pest counts blanks and comments to the pair.
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        let (start, mut end) = (self.base + span.start(), self.base + span.end());
        loop {
            end = start + self.text[start..end].trim_end().len();
            let before = self.file.comments.partition_point(|c| (c.span.end as usize) <= end);
            match before.checked_sub(1).map(|i| self.file.comments[i].span) {
                Some(comment) if comment.end as usize == end && comment.start as usize > start => {
                    end = comment.start as usize;
                }
                _ => return Span::new(self.id, start, end),
            }
        }
    }

    fn name(&self, pair: &Pair<'_, Rule>) -> Name {
        Name { text: pair.as_str().to_owned(), span: self.span(pair) }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a syntax error unless its line has one already.
    fn report_once(&mut self, diagnostic: Diagnostic) {
        let line = self.lines.line(diagnostic.primary.span.start as usize);
        if self.silent.insert(line) {
            self.report(diagnostic);
        }
    }

    /// Reports something that is wrong in itself, whatever else is wrong on the line.
    fn report_exact(&mut self, diagnostic: Diagnostic) {
        let line = self.lines.line(diagnostic.primary.span.start as usize);
        if !self.damaged.contains(&line) {
            self.report(diagnostic);
        }
    }

    /// The documentation in front of an offset: takes every comment since `from`.
    fn take_docs(&mut self, offset: usize) -> Vec<String> {
        let n_before = self.docs.partition_point(|c| (c.span.end as usize) <= offset);
        let mut end = offset;
        let mut first = n_before;
        // Nothing but white space and plain comments may stand between the documentation and the item.
        while first > 0 && self.is_trivia(self.docs[first - 1].span.end as usize, end) {
            first -= 1;
            end = self.docs[first].span.start as usize;
        }
        self.docs.drain(first..n_before).map(|c| doc_text(&self.source[c.span.range()])).collect()
    }

    fn is_trivia(&self, start: usize, end: usize) -> bool {
        let mut at = start;
        let from = self.file.comments.partition_point(|c| (c.span.start as usize) < start);
        for comment in self.file.comments[from..].iter().take_while(|c| (c.span.start as usize) < end) {
            if !self.source[at..comment.span.start as usize].trim().is_empty() {
                return false;
            }
            at = comment.span.end as usize;
        }
        at <= end && self.source[at..end].trim().is_empty()
    }

    fn file_docs(&mut self) {
        let comments = std::mem::take(&mut self.file.comments);
        let mut at = if self.source.starts_with('\u{feff}') { 3 } else { 0 };
        for comment in &comments {
            let leads = self.source[at..comment.span.start as usize].trim().is_empty();
            let head = leads && at != usize::MAX;
            match comment.kind {
                CommentKind::FileDoc if head => self.file.docs.push(doc_text(&self.source[comment.span.range()])),
                CommentKind::FileDoc => self.misplaced_file_doc(*comment),
                _ => {}
            }
            if head {
                at = comment.span.end as usize;
            }
        }
        self.file.comments = comments;
    }

    fn misplaced_file_doc(&mut self, comment: Comment) {
        let d = Diagnostic::new(
            &codes::STRAY_DOCS,
            "`//!` documents the file and stands at its top",
            comment.span,
            "something stands in front of this",
        );
        let marker = Span { end: comment.span.start + 3, ..comment.span };
        self.report(d.fix(Fix::guess("//! -> ///").edit(marker, "///")));
    }

    fn stray_docs(&mut self) {
        let mut last_line = usize::MAX;
        for comment in std::mem::take(&mut self.docs) {
            let line = self.lines.line(comment.span.start as usize);
            let goes_on = last_line != usize::MAX && line == last_line + 1;
            last_line = line;
            // What could not be read has lost its documentation too.
            if goes_on || self.silent.contains(&(line + 1)) || self.near_silent(comment) {
                continue;
            }
            let d = Diagnostic::new(
                &codes::STRAY_DOCS,
                "this documentation comment documents nothing",
                comment.span,
                "no declaration, field, member or method follows",
            );
            let marker = Span { end: comment.span.start + 3, ..comment.span };
            self.report(d.fix(Fix::safe("/// -> //").edit(marker, "//")));
        }
    }

    /// Is the first line of code behind a comment one that has been reported on?
    fn near_silent(&self, comment: Comment) -> bool {
        let rest = &self.source[comment.span.end as usize..];
        let code = rest.lines().skip(1).position(|l| !l.trim_start().starts_with("//") && !l.trim().is_empty());
        let line = self.lines.line(comment.span.start as usize);
        code.is_some_and(|n| self.silent.contains(&(line + 1 + n)))
    }

    fn declarations(&mut self, chunks: &[Chunk]) {
        let mut header = heads::Header::default();
        let mut junk = false;
        for chunk in chunks {
            self.internal = None;
            let Some(head) = self.classify(*chunk) else {
                if !junk || self.text[chunk.start..chunk.end].contains('{') {
                    self.unknown_declaration(*chunk);
                }
                junk = true;
                continue;
            };
            junk = false;
            self.internal_header(&head);
            // Documentation in front of the header documents nothing and is left over.
            let is_header = matches!(head.kind, Kind::Edition | Kind::Package | Kind::Import);
            let docs = if is_header { Vec::new() } else { self.take_docs(chunk.start) };
            self.check_order(&mut header, &head);
            match head.kind {
                Kind::Edition => self.edition(&head, chunk.end),
                Kind::Package => self.package(&head, chunk.end),
                Kind::Import => self.import(&head, chunk.end),
                Kind::Access => self.access(&head, chunk.end),
                Kind::Unsupported(what) => self.unsupported_item(&head, what, chunk.end),
                _ => {
                    if let Some(item) = self.item(&head, docs, chunk.end) {
                        self.file.items.push(item);
                    }
                }
            }
        }
        self.check_header(&header, chunks);
    }
}

fn doc_text(comment: &str) -> String {
    let text = comment.get(3..).unwrap_or("");
    text.strip_prefix(' ').unwrap_or(text).trim_end().to_owned()
}

/// The pairs inside a pair, without the end of input.
fn inner<'a>(pair: Pair<'a, Rule>) -> impl Iterator<Item = Pair<'a, Rule>> + use<'a> {
    let pairs: Pairs<'a, Rule> = pair.into_inner();
    pairs.filter(|p| p.as_rule() != Rule::EOI)
}
