//! The tree as text.

use super::tokens::{Kind, Token};
use super::tree::{Comment, Content, Entry, Group, Node};
use super::{INDENT, WIDTH};

/// A whole file.
pub(super) fn file(entries: &[Entry<'_>]) -> String {
    let mut printer = Printer::default();
    printer.entries(entries);
    printer.out
}

/// Entries of one level, without blank lines in front, without the last newline.
pub(super) fn run(entries: &[Entry<'_>], depth: usize) -> String {
    let mut printer = Printer { out: String::new(), depth };
    printer.entries(entries);
    printer.out.trim_matches('\n').to_owned()
}

/// Characters that brackets take on one line.
pub(super) fn group_width(group: &Group<'_>) -> usize {
    let inside = match &group.content {
        Content::Inline(nodes) => {
            glued(nodes, !is_array(nodes)).map(|(space, node)| usize::from(space) + width(node)).sum()
        }
        Content::Entries(comments, entries) => {
            let comments = comments.iter().map(|c| 1 + c.token.text.chars().count());
            let items = entries.iter().map(|e| glued(&e.nodes, false).map(|(s, n)| usize::from(s) + width(n)).sum());
            let parts: Vec<usize> = comments.chain(items.map(|w: usize| w + 2)).collect();
            let sum: usize = parts.iter().sum();
            // Commas stand between items only.
            let sum = if entries.is_empty() { sum.saturating_sub(1) } else { sum - 2 };
            sum + if has_padding(group) { 2 } else { 0 }
        }
    };
    inside + 2
}

/// Is it `T; N`?
fn is_array(nodes: &[Node<'_>]) -> bool {
    nodes.iter().any(|node| node.first().kind == Kind::Punctuation(b';'))
}

/// Is there a space inside the brackets, if they stand on one line?
fn has_padding(group: &Group<'_>) -> bool {
    group.open.kind == Kind::Open(b'{') && !group.tight && group.can_break()
}

fn width(node: &Node<'_>) -> usize {
    match node {
        Node::Group(group) => group.width,
        _ => node.first().text.chars().count(),
    }
}

/// The pieces of an entry, each with whether a space stands in front of it.
fn glued<'n, 'a>(nodes: &'n [Node<'a>], as_written: bool) -> impl Iterator<Item = (bool, &'n Node<'a>)> {
    nodes.iter().enumerate().map(move |(i, node)| {
        let space = i > 0 && has_gap(nodes[i - 1].last(), node.first(), as_written);
        (space, node)
    })
}

/// Does a space stand between two tokens of a line?
fn has_gap(before: &Token<'_>, token: &Token<'_>, as_written: bool) -> bool {
    const DOT: Kind = Kind::Punctuation(b'.');
    const AT: Kind = Kind::Punctuation(b'@');
    match (before.kind, token.kind) {
        (_, Kind::Comma) => false,
        (Kind::Comma, _) => true,
        _ if before.is_comment() || token.is_comment() => true,
        // What stands between brackets that hold no items has no grammar of its own.
        _ if as_written => token.has_space,
        (_, Kind::Punctuation(b':' | b';' | b'?' | b'>' | b'<')) => false,
        (Kind::Punctuation(b'<') | Kind::Sign | Kind::Dots | DOT | AT, _) | (_, Kind::Dots | DOT) => false,
        (Kind::Word | Kind::Close(_) | Kind::Punctuation(b'>'), Kind::Open(b'(' | b'[')) => false,
        _ => true,
    }
}

/// What is broken in an entry.
struct Plan {
    /// Per node: does this bracket stand on several lines?
    broken: Vec<bool>,
    /// Does each annotation stand on a line of its own?
    wraps: bool,
}

impl Plan {
    /// Breaks as little as possible: the author's choices, then braces, then other brackets from the last, then in
    /// front of annotations.
    fn new(nodes: &[Node<'_>], indent: usize) -> Self {
        let group = |node: &Node<'_>, wanted: fn(&Group<'_>) -> bool| matches!(node, Node::Group(g) if wanted(g));
        let broken = nodes.iter().map(|node| group(node, |g| g.multi_line)).collect();
        let mut plan = Self { broken, wraps: false };
        let last_first = (0..nodes.len()).rev();
        let braces = last_first.clone().filter(|i| group(&nodes[*i], |g| g.can_break() && g.open.text == "{"));
        let others = last_first
            .filter(|i| group(&nodes[*i], |g| g.can_break() && g.open.text != "{") && !follows_annotation(nodes, *i));
        for i in braces.chain(others) {
            if plan.fits(nodes, indent) {
                return plan;
            }
            plan.broken[i] = true;
        }
        plan.wraps = !plan.fits(nodes, indent);
        plan
    }

    fn fits(&self, nodes: &[Node<'_>], indent: usize) -> bool {
        // Comments at the end may be as long as they like.
        let n_code = nodes.iter().rposition(|n| !n.is_comment()).map_or(0, |i| i + 1);
        let mut column = indent;
        for (i, (space, node)) in glued(&nodes[..n_code], false).enumerate() {
            if starts_line(nodes, i, self.wraps) {
                column = indent + INDENT;
            } else {
                column += usize::from(space);
            }
            let is_broken = self.broken[i];
            column += if is_broken { 1 } else { width(node) };
            if column > WIDTH {
                return false;
            }
            if is_broken {
                column = indent + 1;
            }
        }
        true
    }
}

/// Are these the arguments of an annotation, which breaks in front of its `@` rather than inside?
fn follows_annotation(nodes: &[Node<'_>], i: usize) -> bool {
    let mut name = nodes[..i].iter().rev().skip_while(|n| n.first().kind == Kind::Word || n.first().text == ".");
    name.next().is_some_and(|n| n.first().text == "@")
}

/// Does a piece in the middle of an entry start a line?
fn starts_line(nodes: &[Node<'_>], i: usize, wraps: bool) -> bool {
    if i == 0 {
        return false;
    }
    let node = &nodes[i];
    matches!(node, Node::Comment(Comment { own_line: true, .. }))
        || nodes[i - 1].first().kind == Kind::LineComment
        || (wraps && node.first().text == "@")
}

#[derive(Default)]
struct Printer {
    out: String,
    depth: usize,
}

impl Printer {
    fn indent(&mut self, extra: usize) {
        let spaces = INDENT * (self.depth + extra);
        self.out.extend(std::iter::repeat_n(' ', spaces));
    }

    fn entries(&mut self, entries: &[Entry<'_>]) {
        for entry in entries {
            if entry.blank_before {
                self.out.push('\n');
            }
            self.indent(0);
            self.entry(entry);
            self.out.push('\n');
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        let nodes = &entry.nodes;
        let plan = Plan::new(nodes, INDENT * self.depth);
        for (i, (space, node)) in glued(nodes, false).enumerate() {
            if starts_line(nodes, i, plan.wraps) {
                self.out.push('\n');
                // The body of an item is not one of its arguments.
                self.indent(usize::from(node.first().text != "{"));
            } else if space {
                self.out.push(' ');
            }
            match node {
                Node::Group(group) if plan.broken[i] => self.broken(group),
                node => self.flat(node),
            }
        }
    }

    fn broken(&mut self, group: &Group<'_>) {
        self.out.push_str(group.open.text);
        if let Content::Entries(comments, entries) = &group.content {
            for comment in comments {
                self.out.push(' ');
                self.out.push_str(comment.token.text);
            }
            self.out.push('\n');
            self.depth += 1;
            self.entries(entries);
            self.depth -= 1;
            self.indent(0);
        }
        self.out.push_str(group.close.text);
    }

    fn flat(&mut self, node: &Node<'_>) {
        let Node::Group(group) = node else { return self.out.push_str(node.first().text) };
        self.out.push_str(group.open.text);
        let padding = if has_padding(group) { " " } else { "" };
        self.out.push_str(padding);
        match &group.content {
            Content::Inline(nodes) => self.line(nodes, !is_array(nodes)),
            Content::Entries(comments, entries) => {
                for (i, comment) in comments.iter().enumerate() {
                    self.out.push_str(if i > 0 { " " } else { "" });
                    self.out.push_str(comment.token.text);
                }
                for (i, entry) in entries.iter().enumerate() {
                    let separator = if i > 0 { ", " } else { " " };
                    self.out.push_str(if i == 0 && comments.is_empty() { "" } else { separator });
                    self.line(&entry.nodes, false);
                }
            }
        }
        self.out.push_str(padding);
        self.out.push_str(group.close.text);
    }

    fn line(&mut self, nodes: &[Node<'_>], as_written: bool) {
        for (space, node) in glued(nodes, as_written) {
            self.out.push_str(if space { " " } else { "" });
            self.flat(node);
        }
    }
}
