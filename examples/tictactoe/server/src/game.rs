//! The rules of tic-tac-toe.

use restream::List;

use crate::generated::tictactoe::v1::{BoardState, Mark, Outcome};

const LINES: [[u8; 3]; 8] = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]];

/// An empty board, X to move.
pub(crate) fn fresh() -> BoardState {
    BoardState { cells: [Mark::Empty; 9].into(), ..BoardState::default() }
}

/// The player whose turn it is after `by`.
pub(crate) fn other(by: Mark) -> Mark {
    if by == Mark::X { Mark::O } else { Mark::X }
}

/// How the game stands: `None` while it goes on.
pub(crate) fn outcome(cells: &List<Mark>) -> Option<Outcome> {
    for line in LINES {
        let [a, b, c] = line.map(|cell| cells.get(cell).copied().unwrap_or_default());
        if a != Mark::Empty && a == b && b == c {
            return Some(Outcome::Won { by: a, line: line.into() });
        }
    }
    (!cells.contains(&Mark::Empty)).then_some(Outcome::Draw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> List<Mark> {
        text.chars()
            .map(|c| ['.', 'X', 'O'].iter().position(|&m| m == c).map_or(Mark::Empty, |n| Mark::from_number(n as u8)))
            .collect()
    }

    #[test]
    fn a_full_line_wins() {
        assert_eq!(outcome(&cells("XO.OXO..X")), Some(Outcome::Won { by: Mark::X, line: vec![0, 4, 8] }));
    }

    #[test]
    fn a_full_board_without_a_line_is_a_draw() {
        assert_eq!(outcome(&cells("XOXXOOOXX")), Some(Outcome::Draw));
    }

    #[test]
    fn otherwise_the_game_goes_on() {
        assert_eq!(outcome(&cells("XO.......")), None);
    }
}
