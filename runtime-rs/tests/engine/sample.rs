//! Types as the compiler emits them, for a schema that has one of each kind.

mod values;

#[allow(unused_imports)]
pub use self::values::{Mark, Move, Point, Shape, Side, Tree};
