//! Two workers share the receiving end. Here the second message came to the one that nests; the first one could as well.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

static JOBS: Mutex<u32> = Mutex::new(0); // (A)
static LOG: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let (jobs, todo) = mpsc::channel();
    let todo = Mutex::new(todo);
    let take = || todo.lock().unwrap().recv().unwrap();
    thread::scope(|s| {
        s.spawn(|| {
            take();
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(100));
            take();
            let log = LOG.lock().unwrap(); // (3)
            *JOBS.lock().unwrap() += *log; // (4)
        });
        s.spawn(move || {
            jobs.send(1).unwrap();
            thread::sleep(Duration::from_millis(200));
            {
                let made = JOBS.lock().unwrap(); // (1)
                *LOG.lock().unwrap() += *made; // (2)
            }
            jobs.send(2).unwrap();
        });
    });
    println!("{}", LOG.lock().unwrap());
}
