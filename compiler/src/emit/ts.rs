//! The TypeScript emitter.

use super::{Files, Options};
use crate::ir;

/// Writes the TypeScript of a schema.
pub fn emit(_schema: &ir::Schema, _options: &Options) -> Files {
    Files::new()
}
