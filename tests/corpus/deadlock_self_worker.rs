//! A worker locks twice while the main thread goes on working in the foreground.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static JOBS: Mutex<Vec<u32>> = Mutex::new(Vec::new()); // (A)

fn work() {
    let jobs = JOBS.lock().unwrap(); // (1)
    JOBS.lock().unwrap().push(jobs.len() as u32); // (2)
}

pub fn main() {
    let _worker = thread::Builder::new().name("worker".into()).spawn(work).unwrap();
    loop {
        thread::sleep(Duration::from_millis(10));
    }
}
