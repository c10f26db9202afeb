//! Static files of one folder.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use bytes::Bytes;

/// A folder of files.
#[derive(Debug)]
pub(super) struct Assets {
    /// Without symbolic links.
    root: PathBuf,
}

/// A file.
#[derive(Debug)]
pub(super) struct Asset {
    pub(super) content_type: &'static str,
    /// Changes when the file does.
    pub(super) etag: String,
    pub(super) bytes: Bytes,
}

impl Assets {
    /// # Errors
    /// The folder is not there.
    pub(super) async fn open(folder: PathBuf) -> io::Result<Self> {
        let error = |error: io::Error| io::Error::new(error.kind(), format!("assets {}: {error}", folder.display()));
        let root = tokio::fs::canonicalize(&folder).await.map_err(error)?;
        Ok(Self { root })
    }

    /// The file at a URL path; `None` if there is none inside the folder.
    pub(super) async fn get(&self, url_path: &str) -> Option<Asset> {
        let relative = relative_path(url_path)?;
        // Symbolic links are resolved before the path is compared: none leads out.
        let mut path = tokio::fs::canonicalize(self.root.join(relative)).await.ok()?;
        if tokio::fs::metadata(&path).await.ok()?.is_dir() {
            path = tokio::fs::canonicalize(path.join("index.html")).await.ok()?;
        }
        if !path.starts_with(&self.root) {
            return None;
        }
        let metadata = tokio::fs::metadata(&path).await.ok().filter(|metadata| metadata.is_file())?;
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let etag = format!("\"{:x}-{:x}\"", metadata.len(), modified.unwrap_or_default().as_nanos());
        let bytes = tokio::fs::read(&path).await.ok()?.into();
        Some(Asset { content_type: content_type(&path), etag, bytes })
    }
}

/// The path below the folder, if every part of it is a plain name.
fn relative_path(url_path: &str) -> Option<PathBuf> {
    let decoded = percent_decode(url_path)?;
    if decoded.contains(['\\', '\0', ':']) {
        return None;
    }
    let path = PathBuf::from(decoded.trim_start_matches('/'));
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?);
            rest = &rest[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_make_a_path() {
        assert_eq!(relative_path("/"), Some(PathBuf::new()));
        assert_eq!(relative_path("/a%20b/c.js"), Some(PathBuf::from("a b/c.js")));
        for bad in [
            "/..",
            "/a/../../b",
            "/%2e%2e/x",
            "/%2e%2e%2fx",
            "/a%00",
            "/a\\..\\b",
            "/%zz",
            "/%",
            "/%+1",
            "/c:/x",
            "/%ff",
        ] {
            assert_eq!(relative_path(bad), None, "{bad}");
        }
    }
}
