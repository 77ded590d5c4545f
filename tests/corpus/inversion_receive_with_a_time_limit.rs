//! The message comes in time here; had it not, the receiver would have gone on all the same.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

static CACHE: Mutex<u32> = Mutex::new(0); // (A)
static STATS: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let (filled, is_filled) = mpsc::channel();
    let filler = thread::spawn(move || {
        {
            let cache = CACHE.lock().unwrap(); // (1)
            *STATS.lock().unwrap() += *cache; // (2)
        }
        filled.send(()).unwrap();
    });
    // A cold cache is better than none.
    let _ = is_filled.recv_timeout(Duration::from_secs(5));
    {
        let stats = STATS.lock().unwrap(); // (3)
        *CACHE.lock().unwrap() += *stats; // (4)
    }
    filler.join().unwrap();
}
