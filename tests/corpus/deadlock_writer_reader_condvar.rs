//! A reader waits on a condition variable whose notifier waits for the readers to leave.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Condvar, Mutex, RwLock, mpsc};
use std::thread;

static DATA: RwLock<u32> = RwLock::new(0); // (A)
static SEEN: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

pub fn main() {
    let (tx, rx) = mpsc::sync_channel::<()>(0);
    let writer = thread::spawn(move || {
        rx.recv().unwrap();
        *DATA.write().unwrap() = 3; // (3)
        *SEEN.lock().unwrap() = true;
        CHANGED.notify_one();
    });
    let data = DATA.read().unwrap(); // (1)
    tx.send(()).unwrap();
    let mut seen = SEEN.lock().unwrap();
    while !*seen {
        seen = CHANGED.wait(seen).unwrap(); // (2)
    }
    println!("{data}");
    writer.join().unwrap();
}
