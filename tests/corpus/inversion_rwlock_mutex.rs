//! A mutex is taken under a read lock here, and a write lock under the mutex there.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::Duration;

static ROUTES: RwLock<Vec<u32>> = RwLock::new(Vec::new()); // (A)
static STATS: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            let routes = ROUTES.read().unwrap(); // (1)
            *STATS.lock().unwrap() += routes.len() as u32; // (2)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            let stats = STATS.lock().unwrap(); // (3)
            ROUTES.write().unwrap().push(*stats); // (4)
        });
    });
    println!("{:?}", ROUTES.read().unwrap());
}
