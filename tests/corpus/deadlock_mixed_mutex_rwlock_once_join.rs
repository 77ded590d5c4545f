//! Four threads, four kinds of waiting: mutex, `RwLock`, `Once`, join.
//! expect: rule=deadlock grade=observed locks=A,B,C sites=1,2,3,4,5,6,7
use std::sync::{Barrier, Mutex, Once, RwLock};
use std::thread;

static QUEUE: Mutex<u32> = Mutex::new(0); // (A)
static TABLE: RwLock<u32> = RwLock::new(0); // (B)
static SETUP: Once = Once::new(); // (C)
static ALL: Barrier = Barrier::new(3);

fn reads_table_under_queue() {
    let mut queue = QUEUE.lock().unwrap(); // (1)
    ALL.wait();
    *queue += *TABLE.read().unwrap(); // (2)
}

fn sets_up_under_table() {
    let mut table = TABLE.write().unwrap(); // (3)
    ALL.wait();
    SETUP.call_once(|| ()); // (4)
    *table += 1;
}

pub fn main() {
    let reader = thread::spawn(reads_table_under_queue);
    let writer = thread::spawn(sets_up_under_table);
    SETUP.call_once(|| {
        // (5)
        let helper = thread::spawn(|| {
            ALL.wait();
            *QUEUE.lock().unwrap() += 1; // (6)
        });
        helper.join().unwrap(); // (7)
    });
    reader.join().unwrap();
    writer.join().unwrap();
}
