//! A worker joins its own child under a lock; the main thread is not involved and keeps running.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::RwLock;
use std::thread;
use std::time::Duration;

static PLAN: RwLock<Vec<u32>> = RwLock::new(Vec::new()); // (A)

fn step() {
    PLAN.write().unwrap().push(1); // (1)
}

fn run() {
    let plan = PLAN.read().unwrap(); // (2)
    let child = thread::Builder::new().name("step".into()).spawn(step).unwrap();
    child.join().unwrap(); // (3)
    println!("{}", plan.len());
}

pub fn main() {
    thread::Builder::new().name("runner".into()).spawn(run).unwrap();
    loop {
        thread::sleep(Duration::from_millis(10));
    }
}
