//! Finds projects and reads their files.

use crate::diag::{Diagnostic, codes};
use crate::lock::{self, Lock};
use crate::project::{self, Config};
use crate::source::{FileId, Role, SourceMap, Span};
use crate::syntax::MAX_FILE;
use anyhow::{Context, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Largest sum of all schemas of a project in bytes.
const MAX_TOTAL: u64 = 256 << 20;
/// Folders that never hold schemas or generated code of ours.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// A project as it was read.
pub(super) struct Project {
    /// Its folder.
    pub(super) dir: PathBuf,
    /// Has it an rss.toml?
    pub(super) has_config: bool,
    pub(super) config: Config,
    pub(super) sources: SourceMap,
    /// Where each source was read, by its handle.
    pub(super) paths: Vec<PathBuf>,
    pub(super) lock: Lock,
    /// The place of rss.lock in the sources, if it exists.
    pub(super) lock_file: Option<FileId>,
    /// What is wrong with rss.toml, rss.lock and the reading of files.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads every project that the arguments name.
pub(super) fn projects(paths: &[PathBuf]) -> anyhow::Result<Vec<Project>> {
    projects_with(paths, &BTreeMap::new())
}

/// The same, with other texts in the place of some rss.toml.
pub(super) fn projects_with(paths: &[PathBuf], configs: &BTreeMap<PathBuf, String>) -> anyhow::Result<Vec<Project>> {
    let mut found: Vec<Found> = Vec::new();
    let mut seen = BTreeSet::new();
    for path in paths {
        if !path.exists() {
            bail!("there is no file or folder `{}`", path.display());
        }
        for project in discover(path)? {
            let (Found::Configured(at) | Found::Plain(at)) = &project;
            if seen.insert(at.canonicalize()?) {
                found.push(project);
            }
        }
    }
    found.iter().map(|project| read(project, configs)).collect()
}

/// A project before it is read.
enum Found {
    /// A folder with rss.toml.
    Configured(PathBuf),
    /// A folder or file without.
    Plain(PathBuf),
}

fn discover(path: &Path) -> anyhow::Result<Vec<Found>> {
    if path.is_file() {
        let absolute = path.canonicalize()?;
        let owner = absolute.ancestors().skip(1).position(|dir| dir.join("rss.toml").is_file());
        // As many steps up from the path as it was written, so that messages show what the user typed.
        return Ok(vec![match owner {
            Some(steps) => {
                let mut dir = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
                (0..steps).for_each(|_| {
                    if !dir.pop() {
                        dir.push("..")
                    }
                });
                let dir = if dir.as_os_str().is_empty() { PathBuf::from(".") } else { dir };
                match dir.join("rss.toml").is_file() {
                    true => Found::Configured(dir),
                    false => Found::Configured(absolute.ancestors().nth(steps + 1).unwrap_or(&absolute).to_path_buf()),
                }
            }
            None => Found::Plain(path.to_path_buf()),
        }]);
    }
    let mut configured = Vec::new();
    walk(
        path,
        &mut |file| {
            if file.file_name().is_some_and(|n| n == "rss.toml") {
                configured.extend(file.parent().map(Path::to_path_buf));
            }
        },
        &|_| true,
    )?;
    if configured.is_empty() {
        return Ok(vec![Found::Plain(path.to_path_buf())]);
    }
    configured.sort();
    Ok(configured.into_iter().map(Found::Configured).collect())
}

/// Visits the files below a folder without following links; `enter` decides about each folder.
pub(super) fn walk(dir: &Path, visit: &mut dyn FnMut(&Path), enter: &dyn Fn(&Path) -> bool) -> anyhow::Result<()> {
    let read = fs::read_dir(dir).with_context(|| format!("cannot read folder `{}`", shown(dir)))?;
    let mut entries = read.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.') || SKIPPED.iter().any(|s| name == *s);
        if kind.is_file() {
            visit(&path);
        } else if kind.is_dir() && !hidden && enter(&path) {
            walk(&path, visit, enter)?;
        }
    }
    Ok(())
}

fn read(found: &Found, configs: &BTreeMap<PathBuf, String>) -> anyhow::Result<Project> {
    let (Found::Configured(path) | Found::Plain(path)) = found;
    let mut project = Project {
        dir: path.clone(),
        has_config: matches!(found, Found::Configured(_)),
        config: Config::default(),
        sources: SourceMap::new(),
        paths: Vec::new(),
        lock: Lock::default(),
        lock_file: None,
        diagnostics: Vec::new(),
    };
    if project.has_config {
        project.read_config(configs)?;
        project.read_lock()?;
    }
    let mut files = Vec::new();
    match path.is_file() {
        true => files.push(SchemaFile { path: path.clone(), name: file_name(path), role: Role::Own }),
        false => project.collect(&mut files)?,
    }
    if files.is_empty() && !project.has_config {
        bail!("there is no .rss file in `{}`", shown(path));
    }
    files.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    project.read_schemas(&files)?;
    Ok(project)
}

struct SchemaFile {
    path: PathBuf,
    name: String,
    role: Role,
}

impl Project {
    fn add(&mut self, path: PathBuf, name: String, text: String, role: Role) -> FileId {
        let id = self.sources.add_as(shown(&path), name, text, role);
        self.paths.push(path);
        id
    }

    fn read_config(&mut self, configs: &BTreeMap<PathBuf, String>) -> anyhow::Result<()> {
        let path = self.dir.join("rss.toml");
        let text = match configs.get(&path) {
            Some(text) => text.clone(),
            None => fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", shown(&path)))?,
        };
        let id = self.add(path, "rss.toml".to_owned(), text.clone(), Role::Project);
        let (config, diagnostics) = project::parse(id, &text);
        self.config = config;
        self.diagnostics.extend(diagnostics);
        Ok(())
    }

    fn read_lock(&mut self) -> anyhow::Result<()> {
        let path = self.dir.join("rss.lock");
        if !path.exists() {
            return Ok(());
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", shown(&path)))?;
        let id = self.add(path, "rss.lock".to_owned(), text.clone(), Role::Project);
        self.lock_file = Some(id);
        match lock::parse(id, &text) {
            Ok(lock) => self.lock = lock,
            Err(diagnostic) => self.diagnostics.push(*diagnostic),
        }
        Ok(())
    }

    /// The schemas of every input root.
    fn collect(&mut self, files: &mut Vec<SchemaFile>) -> anyhow::Result<()> {
        let own = self.dir.canonicalize().with_context(|| format!("cannot read folder `{}`", shown(&self.dir)))?;
        let mut roots = Vec::new();
        for root in self.config.roots.clone() {
            let dir = self.dir.join(&root.path);
            match dir.canonicalize().ok().filter(|d| d.is_dir()) {
                Some(real) => roots.push((normal(&dir), real.starts_with(&own))),
                None => {
                    let message = format!("there is no folder `{}`", shown(&normal(&dir)));
                    let span = root.span.unwrap_or(Span::new(FileId(0), 0, 0));
                    self.diagnostics.push(Diagnostic::new(
                        &codes::CONFIG_VALUE,
                        message,
                        span,
                        "relative to this file",
                    ));
                }
            }
        }
        // If no root lies in the project folder, the project is what its roots say.
        let any_own = roots.iter().any(|(_, is_own)| *is_own);
        let mut seen = BTreeSet::new();
        for (root, is_own) in &roots {
            let role = if *is_own || !any_own { Role::Own } else { Role::Import };
            let enter = |dir: &Path| !dir.join("rss.toml").is_file();
            walk(
                root,
                &mut |path| {
                    let is_schema = path.extension().is_some_and(|e| e == "rss");
                    if is_schema && path.canonicalize().is_ok_and(|real| seen.insert(real)) {
                        let name = slashes(path.strip_prefix(root).unwrap_or(path));
                        files.push(SchemaFile { path: normal(path), name, role });
                    }
                },
                &enter,
            )?;
        }
        Ok(())
    }

    fn read_schemas(&mut self, files: &[SchemaFile]) -> anyhow::Result<()> {
        let mut total = 0;
        for file in files {
            let cannot = || format!("cannot read `{}`", shown(&file.path));
            let size = fs::metadata(&file.path).with_context(cannot)?.len();
            total += size;
            if total > MAX_TOTAL {
                bail!("the schemas of `{}` have more than {} MiB", shown(&self.dir), MAX_TOTAL >> 20);
            }
            if size > MAX_FILE as u64 {
                let id = self.add(file.path.clone(), file.name.clone(), String::new(), Role::Project);
                let message = format!("a schema file has at most {} MiB", MAX_FILE >> 20);
                let label = format!("this one has {} MiB", size.div_ceil(1 << 20));
                self.diagnostics.push(Diagnostic::new(&codes::LIMIT, message, Span::new(id, 0, 0), label));
                continue;
            }
            let bytes = fs::read(&file.path).with_context(cannot)?;
            match String::from_utf8(bytes) {
                Ok(text) => {
                    self.add(file.path.clone(), file.name.clone(), text, file.role);
                }
                Err(error) => self.not_text(file, &error),
            }
        }
        Ok(())
    }

    fn not_text(&mut self, file: &SchemaFile, error: &std::string::FromUtf8Error) {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        // Not parsed: only a place for the finding.
        let id = self.add(file.path.clone(), file.name.clone(), text, Role::Project);
        let span = Span::new(id, valid, valid + '\u{fffd}'.len_utf8());
        let d = Diagnostic::new(&codes::NOT_TEXT, format!("`{}` is not UTF-8 text", file.name), span, "from here on");
        self.diagnostics.push(d);
    }
}

/// A path as people write it: forward slashes, no `./` in front.
pub(super) fn shown(path: &Path) -> String {
    let text = slashes(path);
    match text.as_str() {
        "" => ".".to_owned(),
        text => text.to_owned(),
    }
}

fn slashes(path: &Path) -> String {
    let root = if path.has_root() { "/" } else { "" };
    let parts = path.components().filter(|c| !matches!(c, Component::CurDir | Component::RootDir));
    let parts: Vec<_> = parts.map(|c| c.as_os_str().to_string_lossy()).collect();
    format!("{root}{}", parts.join("/"))
}

/// Without `.` inside and with `a/..` taken out.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    if out.as_os_str().is_empty() { PathBuf::from(".") } else { out }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}
