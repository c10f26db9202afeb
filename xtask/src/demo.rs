//! `cargo xtask demo`: from a fresh checkout to a playable board.

use anyhow::{Context, Result, bail};

use crate::prepare::{self, Ids};
use crate::run::cargo;

pub(crate) fn demo(arguments: &[String]) -> Result<()> {
    let port = port(arguments)?;
    prepare::npm()?;
    prepare::generate(Ids::Locked)?;
    prepare::pages()?;
    let address = format!("127.0.0.1:{port}");
    cargo(&["run", "--quiet", "--package", "tictactoe-server", "--", &address, "examples/tictactoe/web/dist"])
}

fn port(arguments: &[String]) -> Result<u16> {
    match arguments {
        [] => Ok(8080),
        [flag, port] if flag == "--port" => {
            port.parse().with_context(|| format!("`{port}` is not a port (0 to 65535)"))
        }
        _ => bail!("usage: cargo xtask demo [--port N]"),
    }
}
