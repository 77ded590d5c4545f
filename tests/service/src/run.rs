//! How the programs are called: `service-… [REQUESTS]` serves so many requests that it sends itself, and `service-… --listen ADDRESS`
//! serves those of others until a request for `/stop`.

use crate::load;
use axum::Router;
use axum::routing::post;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use tokio::net::TcpListener;
use tokio::sync::Notify;

const REQUESTS: usize = 2000;

/// Serves.
pub fn run(router: Router) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (address, requests) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--listen", address] => (address, None),
        [requests] => ("127.0.0.1:0", Some(requests.parse().expect("a number of requests"))),
        _ => ("127.0.0.1:0", Some(REQUESTS)),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let stop = Arc::new(Notify::new());
    let asked = Arc::clone(&stop);
    let router = router.route(
        "/stop",
        post(async move || {
            asked.notify_one();
        }),
    );
    let listener = runtime.block_on(TcpListener::bind(address)).expect("the address is free");
    let address = listener.local_addr().expect("it is bound");
    println!("listening on {address}");
    let client = requests.map(|requests| {
        let stop = Arc::clone(&stop);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let result = runtime.expect("a runtime").block_on(load::run(address, requests));
            stop.notify_one();
            result
        })
    });
    runtime
        .block_on(async {
            let stopped = async move { stop.notified().await };
            axum::serve(listener, router).with_graceful_shutdown(stopped).await
        })
        .expect("it serves");
    match client.map(|client| client.join().expect("the client does not panic")) {
        Some(Ok(done)) => println!("{done}"),
        Some(Err(error)) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
        None => {}
    }
    ExitCode::SUCCESS
}
