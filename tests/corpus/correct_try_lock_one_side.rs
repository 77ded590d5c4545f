//! One side locks in order, the other only tries the lock that is out of order.
//! expect: none
use std::sync::{Mutex, RwLock};
use std::thread;

static CACHE: RwLock<u32> = RwLock::new(0);
static STATS: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let writer = thread::spawn(|| {
        for _ in 0..100 {
            let mut cache = CACHE.write().unwrap();
            *STATS.lock().unwrap() += 1;
            *cache += 1;
        }
    });
    let mut seen = 0;
    for _ in 0..100 {
        let stats = STATS.lock().unwrap();
        if let Ok(cache) = CACHE.try_read() {
            seen = seen.max(*cache + *stats);
        }
    }
    writer.join().unwrap();
    println!("{}", STATS.lock().unwrap());
}
