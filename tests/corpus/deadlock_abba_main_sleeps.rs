//! Two daemons deadlock; the main thread never looks at them and keeps running.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

static INBOX: Mutex<Vec<u32>> = Mutex::new(Vec::new()); // (A)
static OUTBOX: Mutex<Vec<u32>> = Mutex::new(Vec::new()); // (B)
static BOTH: Barrier = Barrier::new(2);

fn forward() {
    let inbox = INBOX.lock().unwrap(); // (1)
    BOTH.wait();
    OUTBOX.lock().unwrap().extend(inbox.iter()); // (2)
}

fn bounce() {
    let outbox = OUTBOX.lock().unwrap(); // (3)
    BOTH.wait();
    INBOX.lock().unwrap().extend(outbox.iter()); // (4)
}

pub fn main() {
    thread::Builder::new().name("forward".into()).spawn(forward).unwrap();
    thread::Builder::new().name("bounce".into()).spawn(bounce).unwrap();
    loop {
        thread::sleep(Duration::from_millis(5));
    }
}
