//! The ReStream schema compiler.

pub mod emit;
#[allow(missing_docs, reason = "the names of the model's fields say what they hold")]
pub mod ir;
