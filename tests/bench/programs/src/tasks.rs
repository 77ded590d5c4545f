//! `tokio`: clients and a server that echoes, over TCP of this machine, on two worker threads.

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CLIENTS: usize = 8;
const MESSAGES: usize = 1_500;

pub fn run() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_io().build();
    runtime.expect("a runtime").block_on(echo()).expect("connections of this machine");
}

async fn echo() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(answer(connection));
        }
    });
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            tokio::spawn(async move {
                let mut connection = TcpStream::connect(address).await?;
                let mut message = [7; 64];
                for _ in 0..MESSAGES {
                    connection.write_all(&message).await?;
                    connection.read_exact(&mut message).await?;
                }
                io::Result::Ok(())
            })
        })
        .collect();
    for client in clients {
        client.await.map_err(io::Error::other)??;
    }
    Ok(())
}

async fn answer(mut connection: TcpStream) -> io::Result<()> {
    let mut message = [0; 64];
    // The end of the connection ends this.
    while connection.read_exact(&mut message).await.is_ok() {
        connection.write_all(&message).await?;
    }
    Ok(())
}
