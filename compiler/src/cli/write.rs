//! Changes of files: staged, then put in place together. Files whose text is equal are not touched.

use super::load::{self, shown};
use super::owner::{self, Owner};
use crate::emit::Files;
use anyhow::{Context, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use tempfile::NamedTempFile;

/// Files to write and to delete.
#[derive(Default)]
pub(super) struct Changes {
    writes: BTreeMap<PathBuf, String>,
    deletes: BTreeSet<PathBuf>,
}

/// What a commit did.
pub(super) struct Done {
    /// One line for each file that changed.
    pub(super) lines: Vec<String>,
    /// Files that were up to date.
    pub(super) n_equal: usize,
}

/// One file that differs.
struct Difference<'a> {
    path: &'a Path,
    /// What it holds; `None` if it does not exist.
    old: Option<Vec<u8>>,
    /// What it is to hold; `None` to delete it.
    new: Option<&'a str>,
}

impl Changes {
    /// Writes a file.
    pub(super) fn write(&mut self, path: PathBuf, text: String) {
        self.writes.insert(path, text);
    }

    /// Makes a folder hold these generated files of a project and no other ones of that project.
    pub(super) fn replace_folder(&mut self, dir: &Path, files: Files, project: &str) -> anyhow::Result<()> {
        let mut kept = BTreeSet::new();
        for (name, text) in files {
            let path = inside(dir, &name)?;
            if let Owner::Other(other) = owner::of(&path, dir, project) {
                bail!(
                    "`{}` was written by another project, `{}`; give each a folder of its own by `out` in rss.toml, or delete \
                     the file",
                    shown(&path),
                    shown(&load::normal(&dir.join(other)))
                );
            }
            kept.insert(path.clone());
            self.write(path, text);
        }
        if dir.is_dir() {
            // Another crate or package below keeps its own files.
            let enter = |dir: &Path| !["Cargo.toml", "package.json"].iter().any(|f| dir.join(f).is_file());
            let deletes = &mut self.deletes;
            load::walk(
                dir,
                &mut |path| {
                    if !kept.contains(path) && owner::of(path, dir, project) == Owner::Us {
                        deletes.insert(path.to_path_buf());
                    }
                },
                &enter,
            )?;
        }
        Ok(())
    }

    /// One line for each file that is not as it should be.
    pub(super) fn stale(&self) -> anyhow::Result<Vec<String>> {
        let line = |d: &Difference<'_>| match (&d.old, d.new) {
            (None, _) => format!("missing: {}", shown(d.path)),
            (_, Some(_)) => format!("stale: {}", shown(d.path)),
            (_, None) => format!("left over: {}", shown(d.path)),
        };
        Ok(self.differences()?.iter().map(line).collect())
    }

    fn differences(&self) -> anyhow::Result<Vec<Difference<'_>>> {
        let mut differences = Vec::new();
        for (path, text) in &self.writes {
            let old = match fs::read(path) {
                Ok(bytes) => Some(bytes),
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => None,
                Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", shown(path))),
            };
            if old.as_deref() != Some(text.as_bytes()) {
                differences.push(Difference { path, old, new: Some(text) });
            }
        }
        for path in self.deletes.iter().filter(|p| !self.writes.contains_key(*p)) {
            let old = fs::read(path).with_context(|| format!("cannot read `{}`", shown(path)))?;
            differences.push(Difference { path, old: Some(old), new: None });
        }
        Ok(differences)
    }

    /// Writes everything or nothing.
    pub(super) fn commit(&self) -> anyhow::Result<Done> {
        let differences = self.differences()?;
        let mut made = Vec::new();
        let staged = stage(&differences, &mut made);
        let staged = match staged {
            Ok(staged) => staged,
            Err(error) => {
                made.iter().rev().for_each(|dir| drop(fs::remove_dir(dir)));
                return Err(error);
            }
        };
        let mut lines = Vec::new();
        for (i, (difference, temp)) in differences.iter().zip(staged).enumerate() {
            if let Err(error) = put(difference, temp) {
                differences[..i].iter().for_each(restore);
                return Err(error);
            }
            let verb = if difference.new.is_some() { "wrote" } else { "removed" };
            lines.push(format!("{verb} {}", shown(difference.path)));
        }
        differences.iter().filter(|d| d.new.is_none()).for_each(|d| remove_empty_parents(d.path));
        let n_changed = differences.iter().filter(|d| d.new.is_some()).count();
        Ok(Done { lines, n_equal: self.writes.len() - n_changed })
    }
}

/// The path of a generated file, which must lie in the output folder and behind no link.
fn inside(dir: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let relative = Path::new(name);
    if name.is_empty() || !relative.components().all(|c| matches!(c, Component::Normal(_))) {
        bail!("`{name}` would lie outside of `{}`", shown(dir));
    }
    let mut path = dir.to_path_buf();
    for part in relative.components() {
        path.push(part);
        if fs::symlink_metadata(&path).is_ok_and(|m| m.is_symlink()) {
            bail!("`{}` is a symbolic link; generated files are not written through links", shown(&path));
        }
    }
    Ok(path)
}

/// Puts new texts beside their places. Folders that had to be made are added to `made`.
fn stage(differences: &[Difference<'_>], made: &mut Vec<PathBuf>) -> anyhow::Result<Vec<Option<NamedTempFile>>> {
    let mut staged = Vec::new();
    for difference in differences {
        let Some(text) = difference.new else {
            staged.push(None);
            continue;
        };
        let context = || format!("cannot write `{}`", shown(difference.path));
        let dir = difference.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        make_dir(dir, made).with_context(context)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".rssc-").suffix(".tmp");
        // Temporary files are private by default; these become ordinary ones.
        #[cfg(unix)]
        let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut temp = builder.tempfile_in(dir).with_context(context)?;
        temp.write_all(text.as_bytes()).with_context(context)?;
        if let Ok(metadata) = fs::metadata(difference.path) {
            temp.as_file().set_permissions(metadata.permissions()).with_context(context)?;
        }
        staged.push(Some(temp));
    }
    Ok(staged)
}

fn make_dir(dir: &Path, made: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let missing: Vec<&Path> = dir.ancestors().take_while(|d| !d.as_os_str().is_empty() && !d.exists()).collect();
    for dir in missing.into_iter().rev() {
        fs::create_dir(dir)?;
        made.push(dir.to_path_buf());
    }
    Ok(())
}

fn put(difference: &Difference<'_>, temp: Option<NamedTempFile>) -> anyhow::Result<()> {
    match temp {
        Some(temp) => temp.persist(difference.path).map(drop).map_err(|e| e.error),
        None => fs::remove_file(difference.path),
    }
    .with_context(|| format!("cannot write `{}`", shown(difference.path)))
}

/// Takes a change back after a later one failed; nothing more can be done if this fails too.
fn restore(difference: &Difference<'_>) {
    let _ = match &difference.old {
        Some(old) => fs::write(difference.path, old),
        None => fs::remove_file(difference.path),
    };
}

fn remove_empty_parents(path: &Path) {
    let mut dir = path.parent();
    while let Some(empty) = dir.filter(|d| !d.as_os_str().is_empty() && fs::remove_dir(d).is_ok()) {
        dir = empty.parent();
    }
}
