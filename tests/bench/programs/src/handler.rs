//! `axum`: a handler that takes a permit, a mutex of std and one of tokio, asked by eight clients over TCP of this machine, on two worker threads.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex as AsyncMutex, Semaphore};

const CLIENTS: usize = 8;
const REQUESTS: usize = 1_200;
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
const END_OF_HEAD: &[u8] = b"\r\n\r\n";
/// Bytes of every answer's body.
const BODY: usize = 16;

struct Shared {
    sessions: AsyncMutex<HashMap<u64, u64>>,
    hits: Mutex<u64>,
    slots: Semaphore,
}

pub fn run() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_io().build();
    runtime.expect("a runtime").block_on(serve()).expect("connections of this machine");
}

async fn serve() -> io::Result<()> {
    let shared = Shared {
        sessions: AsyncMutex::default(),
        hits: Mutex::default(),
        slots: Semaphore::new(4),
    };
    let router = Router::new().route("/", get(handle)).with_state(Arc::new(shared));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| tokio::spawn(async move { ask(TcpStream::connect(address).await?).await }))
        .collect();
    for client in clients {
        client.await.map_err(io::Error::other)??;
    }
    Ok(())
}

async fn ask(mut connection: TcpStream) -> io::Result<()> {
    let mut answer = [0; 512];
    for _ in 0..REQUESTS {
        connection.write_all(REQUEST).await?;
        let mut filled = 0;
        loop {
            let more = connection.read(&mut answer[filled..]).await?;
            if more == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            filled += more;
            let read = &answer[..filled];
            let head = read.windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD);
            if head.is_some_and(|head| filled == head + END_OF_HEAD.len() + BODY) {
                assert!(read.starts_with(b"HTTP/1.1 200"));
                break;
            }
        }
    }
    Ok(())
}

async fn handle(State(shared): State<Arc<Shared>>) -> String {
    let _slot = shared.slots.acquire().await.expect("not closed");
    let hits = {
        let mut hits = shared.hits.lock().expect("no panic");
        *hits += 1;
        *hits
    };
    let mut sessions = shared.sessions.lock().await;
    let session = sessions.entry(hits % 64).or_default();
    *session += 1;
    format!("{:0BODY$}", hits + *session)
}
