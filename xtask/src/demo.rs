//! `cargo xtask demo`: from a fresh checkout to a playable board.

use std::net::TcpListener;

use anyhow::{Context, Result, bail};

use crate::prepare::{self, Ids};
use crate::run::cargo;

pub(crate) fn demo(arguments: &[String]) -> Result<()> {
    let port = port(arguments)?;
    let address = format!("127.0.0.1:{port}");
    // Asked now rather than after minutes of building.
    TcpListener::bind(&address)
        .with_context(|| format!("cannot serve at {address} (`--port N` takes another port)"))?;
    println!("the first run builds everything and takes some minutes");
    println!("1/4 npm packages");
    prepare::npm()?;
    println!("2/4 compiler and schemas");
    prepare::generate(Ids::Locked)?;
    println!("3/4 page");
    prepare::pages()?;
    println!("4/4 server");
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
