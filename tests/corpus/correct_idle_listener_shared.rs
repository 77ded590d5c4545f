//! Workers share a listener behind a mutex and idle for longer than a stall takes: one accepts under it, the others want it for the same.
//! expect: none held=500ms
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

pub fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let listener = Arc::new(Mutex::new(listener));
    for _ in 0..3 {
        let listener = Arc::clone(&listener);
        thread::spawn(move || {
            loop {
                let connection = listener.lock().unwrap().accept();
                drop(connection);
            }
        });
    }
    thread::sleep(Duration::from_millis(2000));
    println!("done");
}
