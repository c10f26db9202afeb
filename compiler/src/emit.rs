//! Emitters: the checked model to the text of files. They never fail, do no IO and look up no names.

pub mod rust;
pub mod ts;

use std::collections::BTreeMap;

/// Generated files: path relative to the output folder, separated by `/`, to text.
pub type Files = BTreeMap<String, String>;

/// What an output section of `rss.toml` decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How generated code names the runtime: a path in Rust (`::restream`), a module in TypeScript
    /// (`@restream/runtime/wire`).
    pub runtime: String,
    /// Leading package segments that the output paths leave out, e.g. `restream` (empty: none).
    pub strip: String,
    /// The version of the compiler, named in the first line of every file.
    pub version: String,
}
