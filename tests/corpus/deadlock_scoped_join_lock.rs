//! `ScopedJoinHandle::join` under a lock that the scoped thread wants, with named threads.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let totals = Mutex::new([0; 2]); // (A)
    thread::scope(|s| {
        let mut guard = totals.lock().unwrap(); // (1)
        let adder = thread::Builder::new()
            .name("adder".into())
            .spawn_scoped(s, || totals.lock().unwrap()[1] += 1) // (2)
            .unwrap();
        adder.join().unwrap(); // (3)
        guard[0] += 1;
    });
}
