//! Long waits of many kinds at once, all of them for a worker that is only slow.
//! expect: none
use std::sync::{Condvar, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

static WORK: Mutex<u32> = Mutex::new(0);
static DONE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
static RESULT: OnceLock<u32> = OnceLock::new();

pub fn main() {
    let (sender, receiver) = mpsc::channel();
    let worker = thread::spawn(move || {
        let mut work = WORK.lock().unwrap();
        thread::sleep(Duration::from_millis(150));
        *work = 1;
        RESULT.set(2).unwrap();
        *DONE.0.lock().unwrap() = true;
        DONE.1.notify_all();
        sender.send(3).unwrap();
    });
    let waiters = [
        thread::spawn(|| *WORK.lock().unwrap()),
        thread::spawn(|| *RESULT.wait()),
        thread::spawn(|| {
            u32::from(*DONE.1.wait_while(DONE.0.lock().unwrap(), |done| !*done).unwrap())
        }),
        thread::spawn(move || receiver.recv().unwrap()),
    ];
    worker.join().unwrap();
    let sum: u32 = waiters.into_iter().map(|w| w.join().unwrap()).sum();
    println!("{}", sum >= 6);
}
