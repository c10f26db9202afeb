//! Types as the compiler emits them, for a schema that has one of each kind.

mod board;
mod folder;
mod values;

pub use self::board::{BoardState, BoardStatePatch, Player, PlayerPatch};
pub use self::folder::{Folder, FolderDraft, FolderPatch};
pub use self::values::{Mark, Move, Point, Shape, Side, Tree};
