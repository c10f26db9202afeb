//! A folder as a value: what it holds and what it is to hold.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn files_below(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    Ok(files)
}

/// The texts of all files below a folder by their path with `/`; none if there is no such folder.
/// # Errors
/// If a file cannot be read as text.
pub fn read_all(root: &Path) -> io::Result<BTreeMap<String, String>> {
    if !root.exists() {
        return Ok(BTreeMap::new());
    }
    let name = |path: &Path| {
        let parts = path.strip_prefix(root).unwrap_or(path).components();
        parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    files_below(root)?.iter().map(|path| Ok((name(path), fs::read_to_string(path)?))).collect()
}

/// Makes a folder hold exactly these files.
/// # Errors
/// If something cannot be removed or written.
pub fn replace_all(root: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    if root.exists() {
        fs::remove_dir_all(root)?;
    }
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(path, text)?;
    }
    Ok(())
}
