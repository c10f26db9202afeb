//! The tic-tac-toe server: page and socket on one port.

mod game;
mod generated;

use std::time::Duration;

use generated::tictactoe::v1::{Board, BoardHandler, BoardKey, BoardServer, BoardState, Mark, Move, MoveError};
use restream::{Ctx, Fail, Refused, Server, Timestamp};

struct Boards;

impl BoardHandler for Boards {
    async fn open(&self, _: &BoardKey) -> Result<BoardState, Refused> {
        Ok(game::fresh())
    }

    async fn place_token(&self, _: &Ctx, board: &Board, cell: u8) -> Result<Move, Fail<MoveError>> {
        board.try_update(|b| {
            if b.outcome.is_some() {
                return Err(MoveError::GameOver.into());
            }
            let by = b.turn;
            match b.cells.get(cell) {
                None => return Err(MoveError::OffBoard.into()),
                Some(&taken) if taken != Mark::Empty => return Err(MoveError::CellTaken { by: taken }.into()),
                Some(_) => b.cells_mut().set(cell, by),
            }
            let placed = Move { cell, by };
            b.moves_mut().push(placed.clone());
            let outcome = game::outcome(&b.cells);
            b.set_outcome(outcome);
            b.set_turn(game::other(by));
            Ok(placed)
        })
    }

    async fn restart(&self, _: &Ctx, board: &Board) -> Result<(), Refused> {
        board.replace(game::fresh())
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (address, assets) = arguments()?;
    let boards = BoardServer::new(Boards);
    let server = Server::new().serve(&boards).assets(assets).bind(address).await?;
    println!("open http://{} in two windows", server.local_addr());
    tokio::select! {
        stopped = server.run() => stopped?,
        () = clock(&boards) => {}
        _ = tokio::signal::ctrl_c() => server.shutdown().await,
    }
    Ok(())
}

/// Tells every open board the time, once a second.
async fn clock(boards: &BoardServer) {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    loop {
        seconds.tick().await;
        boards.emit_server_time(Timestamp::now());
    }
}

/// `[ADDRESS [FOLDER]]`: where to listen and where the built page is.
fn arguments() -> anyhow::Result<(std::net::SocketAddr, String)> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".into());
    let assets = arguments.next().unwrap_or_else(|| "examples/tictactoe/web/dist".into());
    Ok((address.parse().map_err(|_| anyhow::anyhow!("`{address}` is not an address like 127.0.0.1:8080"))?, assets))
}
