//! Main joins a thread that waits for a lock whose holder waits with a time limit: all blocked, but not for ever.
//! expect: none
use std::sync::{Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

static STATE: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let locked = Barrier::new(2);
    let (_sender, receiver) = mpsc::channel::<u32>();
    thread::scope(|s| {
        s.spawn(|| {
            locked.wait();
            *STATE.lock().unwrap() += 1;
        });
        let locked = &locked;
        s.spawn(move || {
            let mut state = STATE.lock().unwrap();
            locked.wait();
            *state += receiver.recv_timeout(Duration::from_millis(300)).unwrap_or(10);
        });
    });
    println!("{}", STATE.lock().unwrap());
}
