//! A guard is handed to another thread, which releases the lock; then the first thread takes another lock. Elsewhere the two are
//! taken the other way round, but never the first one and then the second.
//! expect: none
use std::sync::{Mutex, MutexGuard};
use std::thread;

static ORDERS: Mutex<Vec<u32>> = Mutex::new(Vec::new());
static STOCK: Mutex<u32> = Mutex::new(0);

struct Sent<T>(T);

// SAFETY: std's mutexes may be released by any thread where they are futexes.
unsafe impl<T> Send for Sent<T> {}

impl Sent<MutexGuard<'_, Vec<u32>>> {
    fn fill(mut self) {
        self.0.push(1);
    }
}

pub fn main() {
    for _ in 0..3 {
        let orders = Sent(ORDERS.lock().unwrap());
        thread::spawn(move || orders.fill()).join().unwrap();
        *STOCK.lock().unwrap() += 1;
    }
    let other = thread::spawn(|| {
        let stock = STOCK.lock().unwrap();
        assert_eq!(ORDERS.lock().unwrap().len() as u32, *stock);
    });
    let stock = *STOCK.lock().unwrap();
    other.join().unwrap();
    assert_eq!(stock, 3);
}
