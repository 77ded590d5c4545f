//! `service-load ADDRESS REQUESTS`: requests to a service that listens there, and then one that stops it.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use syncscope_service::load;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, requests] = &arguments[..] else {
        eprintln!("usage: service-load ADDRESS REQUESTS");
        return ExitCode::from(2);
    };
    let address: SocketAddr = address.parse().expect("an address, such as 127.0.0.1:8080");
    let requests = requests.parse().expect("a number of requests");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let result = runtime.block_on(load::run(address, requests));
    println!("{}", result.as_ref().map_or_else(String::as_str, String::as_str));
    let stop =
        "POST /stop HTTP/1.1\r\nHost: bank\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let sent = TcpStream::connect(address).and_then(|mut stream| stream.write_all(stop.as_bytes()));
    if result.is_ok() && sent.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
