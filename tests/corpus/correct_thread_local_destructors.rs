//! Thread-local destructors that lock after the thread's closure has ended; the parent joins without a lock.
//! expect: none
use std::cell::Cell;
use std::sync::Mutex;
use std::thread;

static TOTAL: Mutex<u32> = Mutex::new(0);

struct Flush(Cell<u32>);

impl Drop for Flush {
    fn drop(&mut self) {
        *TOTAL.lock().unwrap() += self.0.get();
    }
}

thread_local! {
    static LOCAL: Flush = const { Flush(Cell::new(0)) };
}

pub fn main() {
    let threads = [1, 2, 3].map(|n| thread::spawn(move || LOCAL.with(|local| local.0.set(n))));
    for thread in threads {
        thread.join().unwrap();
    }
    println!("{}", TOTAL.lock().unwrap());
}
