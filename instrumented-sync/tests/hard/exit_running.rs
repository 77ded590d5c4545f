//! The process exits while its threads work, some holding locks, one blocked for ever.
use std::sync::{Barrier, Mutex};
use std::thread;

static LOCKS: [Mutex<u64>; 8] = [const { Mutex::new(0) }; 8];
static HELD: Mutex<()> = Mutex::new(());
static STARTED: Barrier = Barrier::new(9);

fn main() {
    let _held = HELD.lock().unwrap();
    for me in 0..7 {
        thread::spawn(move || {
            STARTED.wait();
            loop {
                let mut mine = LOCKS[me].lock().unwrap();
                *LOCKS[me + 1].lock().unwrap() += 1;
                *mine += 1;
            }
        });
    }
    thread::spawn(|| {
        STARTED.wait();
        drop(HELD.lock());
    });
    STARTED.wait();
    while *LOCKS[7].lock().unwrap() < 1000 {
        thread::yield_now();
    }
    println!("leaving");
    std::process::exit(3);
}
