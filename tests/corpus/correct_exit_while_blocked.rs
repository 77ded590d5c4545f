//! `process::exit` from a worker while main still waits for it.
//! expect: none
use std::sync::Mutex;
use std::thread;

static STATE: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let worker = thread::spawn(|| {
        let _state = STATE.lock().unwrap();
        println!("leaving");
        std::process::exit(0);
    });
    worker.join().unwrap();
}
