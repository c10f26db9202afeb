//! The server of the interop tests: prints its address, runs until its standard input ends.

use interop::generated::interop::v1::{CalculatorServer, SingleServer, WorldServer};
use interop::world::{One, Sums, Worlds};
use restream::{Principal, Refused, Server};
use tokio::io::AsyncReadExt as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".into());
    let server = Server::new()
        .serve(&WorldServer::new(Worlds::default()))
        .serve(&CalculatorServer::new(Sums))
        .serve(&SingleServer::new(One))
        .authenticate(|token: Option<String>| async move {
            match token.as_deref() {
                Some("bad") => Err(Refused::denied("this token is not good")),
                Some(id) => Ok(Principal::new(id)),
                None => Ok(Principal::new("anonymous")),
            }
        })
        .bind(address.parse::<std::net::SocketAddr>()?)
        .await?;
    println!("http://{}", server.local_addr());
    let mut input = tokio::io::stdin();
    let mut ignored = [0; 64];
    tokio::select! {
        stopped = server.run() => stopped?,
        () = async { while matches!(input.read(&mut ignored).await, Ok(1..)) {} } => server.shutdown().await,
    }
    Ok(())
}
