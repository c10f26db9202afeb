//! State types as the compiler emits them; the suite of the engine owns them.

#[path = "../engine/sample/board.rs"]
mod board;
#[path = "../engine/sample/values.rs"]
mod values;

pub use self::board::{BoardState, Player};
pub use self::values::{Mark, Move, Shape};
