//! Destructors lock, always in the same order as everybody else.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

struct Lease {
    pool: Arc<Mutex<Vec<u32>>>,
    id: u32,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.pool.lock().unwrap().push(self.id);
    }
}

fn lease(pool: &Arc<Mutex<Vec<u32>>>) -> Option<Lease> {
    let id = pool.lock().unwrap().pop()?;
    Some(Lease { pool: Arc::clone(pool), id })
}

pub fn main() {
    let pool = Arc::new(Mutex::new(vec![1, 2, 3]));
    let log = Arc::new(Mutex::new(0));
    let threads = [0, 1, 2, 3].map(|_| {
        let (pool, log) = (Arc::clone(&pool), Arc::clone(&log));
        thread::spawn(move || {
            for _ in 0..50 {
                let Some(lease) = lease(&pool) else { continue };
                let mut log = log.lock().unwrap();
                *log += 1;
                drop(lease);
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
    println!("{}", pool.lock().unwrap().len());
}
