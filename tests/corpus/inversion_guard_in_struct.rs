//! The first lock is held by a value that a constructor returned.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, MutexGuard, RwLock};
use std::thread;
use std::time::Duration;

static ROWS: Mutex<Vec<u32>> = Mutex::new(Vec::new()); // (A)
static INDEX: RwLock<Vec<usize>> = RwLock::new(Vec::new()); // (B)

struct Transaction(MutexGuard<'static, Vec<u32>>);

impl Transaction {
    fn begin() -> Self {
        Self(ROWS.lock().unwrap()) // (1)
    }

    fn insert(&mut self, value: u32) {
        self.0.push(value);
        INDEX.write().unwrap().push(self.0.len()); // (2)
    }
}

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| Transaction::begin().insert(4));
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            let index = INDEX.read().unwrap(); // (3)
            println!("{} {}", index.len(), ROWS.lock().unwrap().len()); // (4)
        });
    });
}
