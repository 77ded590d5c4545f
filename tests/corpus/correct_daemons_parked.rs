//! Daemons that are parked, or wait on a condition variable or a channel, when main returns.
//! expect: none
use std::sync::{Arc, Barrier, Condvar, Mutex, mpsc};
use std::thread;

static IDLE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());

pub fn main() {
    let started = Arc::new(Barrier::new(4));
    let (_keep_open, jobs) = mpsc::channel::<u32>();
    let daemons: [Box<dyn FnOnce() + Send>; 3] = [
        Box::new(|| {
            loop {
                thread::park();
            }
        }),
        Box::new(|| {
            let mut run = IDLE.0.lock().unwrap();
            while !*run {
                run = IDLE.1.wait(run).unwrap();
            }
        }),
        Box::new(move || jobs.into_iter().for_each(|job| println!("{job}"))),
    ];
    for daemon in daemons {
        let started = Arc::clone(&started);
        thread::spawn(move || {
            started.wait();
            daemon();
        });
    }
    started.wait();
    println!("main is done");
}
