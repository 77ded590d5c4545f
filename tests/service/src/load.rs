//! Requests, over some connections at a time.

use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

const CONNECTIONS: usize = 16;
/// One request in so many asks for a report.
const REPORTS: usize = 20;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends so many requests, and tells how that went.
///
/// # Errors
///
/// When an answer does not come.
pub async fn run(address: SocketAddr, requests: usize) -> Result<String, String> {
    let start = Instant::now();
    let mut connections = JoinSet::new();
    for number in 0..CONNECTIONS {
        let own = requests / CONNECTIONS + usize::from(number < requests % CONNECTIONS);
        connections.spawn(connection(address, number, own));
    }
    while let Some(ended) = connections.join_next().await {
        ended.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    }
    Ok(format!("{requests} requests in {:.1} s", start.elapsed().as_secs_f64()))
}

async fn connection(address: SocketAddr, number: usize, requests: usize) -> std::io::Result<()> {
    let mut stream = BufReader::new(TcpStream::connect(address).await?);
    for request in 0..requests {
        let line = if (number + request).is_multiple_of(REPORTS) {
            "GET /report".to_owned()
        } else {
            format!("POST /transfer/{}/{}/1", number * 7 + request, request * 3)
        };
        let text = format!("{line} HTTP/1.1\r\nHost: bank\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(text.as_bytes()).await?;
        timeout(PATIENCE, answer(&mut stream)).await??;
    }
    Ok(())
}

/// Reads one answer.
async fn answer(stream: &mut BufReader<TcpStream>) -> std::io::Result<()> {
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.map(drop)
}
