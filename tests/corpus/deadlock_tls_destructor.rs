//! A thread-local value's destructor wants the lock under which the thread is joined.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::cell::Cell;
use std::sync::{Barrier, Mutex};
use std::thread;

static TOTAL: Mutex<u32> = Mutex::new(0); // (A)
static COUNTED: Barrier = Barrier::new(2);

struct Count(Cell<u32>);

impl Drop for Count {
    fn drop(&mut self) {
        *TOTAL.lock().unwrap() += self.0.get(); // (1)
    }
}

thread_local! {
    static COUNT: Count = const { Count(Cell::new(0)) };
}

pub fn main() {
    let worker = thread::spawn(|| {
        COUNT.with(|count| count.0.set(5));
        COUNTED.wait();
    });
    let total = TOTAL.lock().unwrap(); // (2)
    COUNTED.wait();
    worker.join().unwrap(); // (3)
    println!("{total}");
}
