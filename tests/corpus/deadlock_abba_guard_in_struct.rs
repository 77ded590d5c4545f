//! The first guard lives in a value that a function returned.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex, MutexGuard};
use std::thread;

static ROWS: Mutex<Vec<u32>> = Mutex::new(Vec::new()); // (A)
static INDEX: Mutex<Vec<usize>> = Mutex::new(Vec::new()); // (B)

struct Transaction {
    rows: MutexGuard<'static, Vec<u32>>,
}

fn begin() -> Transaction {
    Transaction { rows: ROWS.lock().unwrap() } // (1)
}

impl Transaction {
    fn insert(&mut self, value: u32) {
        self.rows.push(value);
        INDEX.lock().unwrap().push(self.rows.len()); // (2)
    }
}

pub fn main() {
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let mut transaction = begin();
            both.wait();
            transaction.insert(4);
        });
        s.spawn(|| {
            let index = INDEX.lock().unwrap(); // (3)
            both.wait();
            let rows = ROWS.lock().unwrap(); // (4)
            println!("{} {}", index.len(), rows.len());
        });
    });
}
