//! The server of the interop tests: `interop [ADDRESS [old|new]]` prints its address and runs until its standard input ends.

use interop::generated::interop::v1::{CalculatorServer, SingleServer, StreamsServer, VaultServer, WorldServer};
use interop::generated::rules::v1::GuardServer;
use interop::rules::Rules;
use interop::skew::{NewNotes, OldNotes};
use interop::streams::Flows;
use interop::world::{Guarded, One, Sums, Worlds};
use interop::{generated_new, generated_old};
use restream::{Principal, Refused, Server};
use tokio::io::AsyncReadExt as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:0".into());
    let old = arguments.next().as_deref() == Some("old");
    let server = Server::new()
        .serve(&WorldServer::new(Worlds::default()))
        .serve(&CalculatorServer::new(Sums))
        .serve(&SingleServer::new(One))
        .serve(&StreamsServer::new(Flows::default()))
        .serve(&GuardServer::new(Rules))
        .serve(&VaultServer::new(Guarded))
        .authenticate(authenticate);
    let server = if old {
        server.serve(&generated_old::skew::v1::NoteServer::new(OldNotes))
    } else {
        server.serve(&generated_new::skew::v1::NoteServer::new(NewNotes))
    };
    let server = server.bind(address.parse::<std::net::SocketAddr>()?).await?;
    println!("http://{}", server.local_addr());
    tokio::select! {
        stopped = server.run() => stopped?,
        () = end_of_input() => server.shutdown().await,
    }
    Ok(())
}

/// The token is the caller's name.
async fn authenticate(token: Option<String>) -> Result<Principal, Refused> {
    match token.as_deref() {
        Some("bad") => Err(Refused::denied("this token is not good")),
        Some(id) => Ok(Principal::new(id)),
        None => Ok(Principal::new("anonymous")),
    }
}

async fn end_of_input() {
    let mut input = tokio::io::stdin();
    let mut ignored = [0; 64];
    while matches!(input.read(&mut ignored).await, Ok(1..)) {}
}
