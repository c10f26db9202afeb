//! Tokens as a tree: entries that stand on lines of their own, and the brackets inside them.

use super::layout;
use super::tokens::{Kind, Token};

/// What gets a line of its own when its surroundings are broken: an item, or comments that belong to none.
#[derive(Debug, Default)]
pub(super) struct Entry<'a> {
    /// Never empty.
    pub(super) nodes: Vec<Node<'a>>,
    /// The author left a blank line in front of it.
    pub(super) blank_before: bool,
}

/// A piece of an entry.
#[derive(Debug)]
pub(super) enum Node<'a> {
    Token(Token<'a>),
    Comment(Comment<'a>),
    Group(Group<'a>),
}

/// A comment inside an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'a> {
    pub(super) token: Token<'a>,
    /// It starts a line in the middle of an item.
    pub(super) own_line: bool,
}

/// Brackets and what stands between them.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) open: Token<'a>,
    pub(super) close: Token<'a>,
    pub(super) content: Content<'a>,
    /// The author broke it, so it stays broken.
    pub(super) multi_line: bool,
    /// Behind the dot of an import: no space inside the braces.
    pub(super) tight: bool,
    /// Characters it takes on one line.
    pub(super) width: usize,
}

/// What stands between brackets.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// Items that may stand one per line, and comments right behind the opening bracket.
    Entries(Vec<Comment<'a>>, Vec<Entry<'a>>),
    /// Arguments: always on the line of their surroundings, commas included.
    Inline(Vec<Node<'a>>),
}

impl<'a> Node<'a> {
    /// Its first token.
    pub(super) fn first(&self) -> &Token<'a> {
        match self {
            Node::Token(token) => token,
            Node::Comment(comment) => &comment.token,
            Node::Group(group) => &group.open,
        }
    }

    /// Its last token.
    pub(super) fn last(&self) -> &Token<'a> {
        match self {
            Node::Token(token) => token,
            Node::Comment(comment) => &comment.token,
            Node::Group(group) => &group.close,
        }
    }

    pub(super) fn is_comment(&self) -> bool {
        matches!(self, Node::Comment(_))
    }
}

impl Group<'_> {
    /// Can its items stand one per line?
    pub(super) fn can_break(&self) -> bool {
        match &self.content {
            Content::Entries(comments, entries) => !comments.is_empty() || !entries.is_empty(),
            Content::Inline(_) => false,
        }
    }
}

/// Builds the tree of a file whose brackets match.
pub(super) fn build(tokens: Vec<Token<'_>>) -> Vec<Entry<'_>> {
    let mut builder = Builder { after: Ahead::all(&tokens), tokens, at: 0 };
    builder.entries(false).1
}

struct Builder<'a> {
    /// What comes behind each token, so that long runs of comments are walked once.
    after: Vec<Ahead>,
    tokens: Vec<Token<'a>>,
    at: usize,
}

/// What stands behind a token and its comments.
#[derive(Clone, Copy, Default)]
struct Ahead {
    /// More of the same item, if one is open.
    goes_on: bool,
    /// An item that starts on the same line, behind nothing but block comments.
    leads: bool,
}

impl Ahead {
    fn all(tokens: &[Token<'_>]) -> Vec<Self> {
        let mut after = vec![Self::default(); tokens.len()];
        for i in (1..tokens.len()).rev() {
            let token = &tokens[i];
            let (goes_on, leads) = match token.kind {
                Kind::LineComment => (after[i].goes_on, false),
                Kind::BlockComment => (after[i].goes_on, after[i].leads),
                Kind::Close(_) | Kind::Doc | Kind::Comma => (false, false),
                _ => (!token.starts_item, token.starts_item),
            };
            after[i - 1] = Self { goes_on, leads: leads && token.n_newlines == 0 };
        }
        after
    }
}

/// Entries of one level while they are collected.
#[derive(Default)]
struct Level<'a> {
    on_open: Vec<Comment<'a>>,
    entries: Vec<Entry<'a>>,
    /// The last entry is an item and no comma has ended it.
    is_open: bool,
    /// Comments that stand in front of an item on its line.
    leading: Vec<Comment<'a>>,
}

impl<'a> Builder<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    /// Does the item go on behind the token at hand?
    fn goes_on(&self) -> bool {
        self.after[self.at].goes_on
    }

    /// Reads up to the closing bracket or the end of the file.
    fn entries(&mut self, in_brackets: bool) -> (Vec<Comment<'a>>, Vec<Entry<'a>>) {
        let mut level = Level::default();
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Close(_) => break,
                Kind::Comma if !level.is_open || !self.goes_on() => {
                    level.is_open = false;
                    self.at += 1;
                }
                Kind::Doc => level.add(token),
                Kind::LineComment | Kind::BlockComment => self.comment(&mut level, token, in_brackets),
                _ => self.piece(&mut level, token),
            }
            if token.is_comment() {
                self.at += 1;
            }
        }
        (level.on_open, level.entries)
    }

    fn piece(&mut self, level: &mut Level<'a>, token: Token<'a>) {
        if token.starts_item || !level.is_open {
            let leading = std::mem::take(&mut level.leading);
            let first = leading.first().map_or(token, |c| c.token);
            let blank_before = level.blank_before(&first);
            let nodes = leading.into_iter().map(Node::Comment).collect();
            level.entries.push(Entry { nodes, blank_before });
            level.is_open = true;
        }
        let tight = level.entries.last().and_then(|e| e.nodes.last()).is_some_and(|n| n.last().text == ".");
        let node = self.node(token, tight);
        if let Some(entry) = level.entries.last_mut() {
            entry.nodes.push(node);
        }
    }

    /// Takes a token that is no comment, or a whole bracket.
    fn node(&mut self, token: Token<'a>, tight: bool) -> Node<'a> {
        self.at += 1;
        match token.kind {
            Kind::Open(bracket) => Node::Group(self.group(token, bracket, tight)),
            _ => Node::Token(token),
        }
    }

    fn comment(&self, level: &mut Level<'a>, token: Token<'a>, in_brackets: bool) {
        let comment = Comment { token, own_line: false };
        let starts_line = token.n_newlines > 0;
        if level.is_open && self.goes_on() {
            level.append(Comment { own_line: starts_line, ..comment });
        } else if self.leads(level.is_open && !starts_line) {
            level.leading.push(comment);
            level.is_open = false;
        } else if starts_line {
            level.add(token);
        } else if !level.entries.is_empty() {
            level.append(comment);
        } else if in_brackets {
            level.on_open.push(comment);
        } else {
            level.add(token);
        }
    }

    /// Does an item start behind the comment at hand on the same line, and nothing end in front of the comment?
    fn leads(&self, ends_item: bool) -> bool {
        let is_block = self.tokens[self.at].kind == Kind::BlockComment;
        is_block && !ends_item && self.after[self.at].leads
    }

    fn group(&mut self, open: Token<'a>, bracket: u8, tight: bool) -> Group<'a> {
        let has_comments = self.peek().is_some_and(|t| t.is_comment());
        let is_filler = |t: &&Token<'a>| matches!(t.kind, Kind::LineComment | Kind::BlockComment | Kind::Comma);
        let has_items = self.tokens[self.at..].iter().find(|t| !is_filler(t)).is_some_and(|t| match t.kind {
            Kind::Close(_) => has_comments,
            _ => t.starts_item,
        });
        let content = match bracket == b'{' || has_items {
            true => {
                let (comments, entries) = self.entries(true);
                Content::Entries(comments, entries)
            }
            false => Content::Inline(self.inline()),
        };
        let close = self.peek().unwrap_or(open);
        self.at += 1;
        let mut group = Group { open, close, content, multi_line: false, tight, width: 0 };
        group.multi_line = close.line > open.line && group.can_break();
        group.width = layout::group_width(&group);
        group
    }

    fn inline(&mut self) -> Vec<Node<'a>> {
        let mut nodes = Vec::new();
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Close(_) => break,
                Kind::LineComment | Kind::BlockComment | Kind::Doc => {
                    nodes.push(Node::Comment(Comment { token, own_line: false }));
                    self.at += 1;
                }
                _ => nodes.push(self.node(token, false)),
            }
        }
        nodes
    }
}

impl<'a> Level<'a> {
    fn blank_before(&self, token: &Token<'a>) -> bool {
        token.n_newlines > 1 && !self.entries.is_empty()
    }

    /// Adds an entry that is a comment.
    fn add(&mut self, token: Token<'a>) {
        let blank_before = self.blank_before(&token);
        let comment = Comment { token, own_line: false };
        self.entries.push(Entry { nodes: vec![Node::Comment(comment)], blank_before });
        self.is_open = false;
    }

    fn append(&mut self, comment: Comment<'a>) {
        if let Some(entry) = self.entries.last_mut() {
            entry.nodes.push(Node::Comment(comment));
        }
    }
}
