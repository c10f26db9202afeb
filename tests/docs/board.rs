//! What README.md shows of the server.

use restream::{Ctx, Fail};

use crate::generated::tictactoe::v1::{Board, BoardHandler, Mark, MoveError};

struct Boards;

impl BoardHandler for Boards {
    async fn place_token(&self, _: &Ctx, board: &Board, cell: u8) -> Result<Mark, Fail<MoveError>> {
        board.try_update(|b| {
            let by = b.turn;
            match b.cells.get(cell) {
                None => return Err(MoveError::OffBoard.into()),
                Some(&taken) if taken != Mark::Empty => return Err(MoveError::CellTaken { by: taken }.into()),
                Some(_) => b.cells_mut().set(cell, by),
            }
            b.set_turn(if by == Mark::X { Mark::O } else { Mark::X });
            Ok(by)
        })
    }
}
