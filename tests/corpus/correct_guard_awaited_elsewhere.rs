//! Guards of these locks are released by other threads, as was seen once. So a thread that waits for what it acquired itself,
//! and gave away, does not wait for itself; nor do readers stand in the way who gave theirs away.
//! expect: none
use std::sync::{Barrier, Mutex, RwLock};
use std::thread;

static JOURNAL: Mutex<u32> = Mutex::new(0);
static TABLE: RwLock<u32> = RwLock::new(0);
static RECEIVED: Barrier = Barrier::new(2);

struct Sent<T>(T);

// SAFETY: std's locks may be released by any thread where they are futexes.
unsafe impl<T> Send for Sent<T> {}

impl<T> Sent<T> {
    fn get(self) -> T {
        self.0
    }
}

pub fn main() {
    let (journal, table) = (Sent(JOURNAL.lock().unwrap()), Sent(TABLE.read().unwrap()));
    thread::spawn(move || drop((journal.get(), table.get()))).join().unwrap();

    for _ in 0..20 {
        let journal = Sent(JOURNAL.lock().unwrap());
        let table = Sent(TABLE.read().unwrap());
        let other = thread::spawn(move || {
            let (journal, table) = (journal.get(), table.get());
            RECEIVED.wait();
            thread::yield_now();
            drop(journal);
            thread::yield_now();
            drop(table);
        });
        RECEIVED.wait();
        *JOURNAL.lock().unwrap() += 1;
        *TABLE.write().unwrap() += 1;
        other.join().unwrap();
    }
    assert_eq!((*JOURNAL.lock().unwrap(), *TABLE.read().unwrap()), (20, 20));
}
