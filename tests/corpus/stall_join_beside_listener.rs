//! Main gives a worker its only job, keeps the sender, and joins. A third thread lives and accepts connections, but has never sent anything.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 sites=1,2
use std::net::TcpListener;
use std::sync::{Mutex, mpsc};
use std::thread;

static DONE: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    thread::spawn(move || {
        loop {
            drop(listener.accept());
            *DONE.lock().unwrap() = 0;
        }
    });
    let (sender, receiver) = mpsc::channel::<u32>();
    let worker = thread::spawn(move || {
        while let Ok(job) = receiver.recv() {
            // (1)
            *DONE.lock().unwrap() += job;
        }
    });
    sender.send(1).unwrap();
    worker.join().unwrap(); // (2)
    drop(sender);
}
