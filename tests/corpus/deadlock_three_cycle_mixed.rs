//! Mutex, RwLock and OnceLock in a ring of three.
//! expect: rule=deadlock grade=observed locks=A,B,C sites=1,2,3,4,5,6 threads=3
use std::sync::{Arc, Barrier, Mutex, OnceLock, RwLock};
use std::thread;

struct World {
    m: Mutex<u8>,
    r: RwLock<u8>,
    o: OnceLock<u8>,
    all: Barrier,
}

pub fn main() {
    let w = Arc::new(World {
        m: Mutex::new(0),   // (A)
        r: RwLock::new(0),  // (B)
        o: OnceLock::new(), // (C)
        all: Barrier::new(3),
    });
    let ts = [0, 1, 2].map(|i| {
        let w = w.clone();
        thread::spawn(move || match i {
            0 => {
                let _m = w.m.lock().unwrap(); // (1)
                w.all.wait();
                drop(w.r.write().unwrap()); // (2)
            }
            1 => {
                let _r = w.r.read().unwrap(); // (3)
                w.all.wait();
                w.o.get_or_init(|| 4); // (4)
            }
            _ => {
                w.o.get_or_init(|| {
                    // (5)
                    w.all.wait();
                    *w.m.lock().unwrap() // (6)
                });
            }
        })
    });
    for t in ts {
        t.join().unwrap();
    }
}
