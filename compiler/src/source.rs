//! The texts of a run and places in them. Nothing here reads files.

/// Handle to a text in a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A range of bytes in one file, `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets. Files are at most 16 MiB, so offsets fit.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { file, start: start as u32, end: end as u32 }
    }

    /// The smallest span that holds both; both must lie in one file.
    pub fn to(self, other: Self) -> Self {
        debug_assert_eq!(self.file, other.file);
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty span at the start of this one: where text would be inserted in front.
    pub fn before(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// The empty span at the end of this one.
    pub fn after(self) -> Self {
        Self { start: self.end, ..self }
    }

    /// The bytes as a range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a file is to the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A schema of the project itself: always checked and emitted.
    Own,
    /// A schema of an extra input root: taken in only if some package imports it.
    Import,
    /// `rss.toml` or `rss.lock`: only a place for diagnostics.
    Project,
}

/// One text.
#[derive(Clone, Debug)]
pub struct Source {
    /// As people see it in diagnostics.
    pub path: String,
    /// Relative to its input root, with `/`; what goes into generated code.
    pub name: String,
    /// The text as it was read.
    pub text: String,
    /// What the file is to the project.
    pub role: Role,
    lines: LineIndex,
}

/// All texts of a run, in the order they were added.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a schema of the project; `path` is both what people see and what generated code names.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let path = path.into();
        self.add_as(path.clone(), path, text, Role::Own)
    }

    /// Adds a text with everything said about it.
    pub fn add_as(
        &mut self,
        path: impl Into<String>,
        name: impl Into<String>,
        text: impl Into<String>,
        role: Role,
    ) -> FileId {
        let text = text.into();
        let lines = LineIndex::new(&text);
        self.sources.push(Source { path: path.into(), name: name.into(), text, role, lines });
        FileId(self.sources.len() as u32 - 1)
    }

    /// Puts another text in the place of a file, which keeps its id.
    pub fn replace(&mut self, id: FileId, text: String) {
        let source = &mut self.sources[id.0 as usize];
        source.lines = LineIndex::new(&text);
        source.text = text;
    }

    /// The text under a handle.
    pub fn get(&self, id: FileId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The bytes of a span.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.range()).unwrap_or("")
    }

    /// Every text with its handle.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.sources.iter().enumerate().map(|(i, s)| (FileId(i as u32), s))
    }

    /// Line and column of an offset, both from 1; the column counts characters.
    pub fn line_column(&self, file: FileId, offset: u32) -> (usize, usize) {
        let source = self.get(file);
        let line = source.lines.line(offset as usize);
        let start = source.lines.starts[line];
        let column = source.text.get(start..offset as usize).map_or(0, |s| s.chars().count());
        (line + 1, column + 1)
    }
}

impl Source {
    /// Where each line starts.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }
}

/// Offsets at which the lines of a text start.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes a text.
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The line of an offset, from 0.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// Offset at which a line starts; `None` behind the last one.
    pub fn start(&self, line: usize) -> Option<usize> {
        self.starts.get(line).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let mut map = SourceMap::new();
        let id = map.add("a.rss", "é x\ny");
        assert_eq!(map.line_column(id, 0), (1, 1));
        assert_eq!(map.line_column(id, 3), (1, 3));
        assert_eq!(map.line_column(id, 5), (2, 1));
        assert_eq!(map.line_column(id, 6), (2, 2));
    }
}
