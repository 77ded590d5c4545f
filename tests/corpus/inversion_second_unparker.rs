//! The first unpark that came was not the only one that there was: with the other one first, the sides meet.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static QUEUE: Mutex<u32> = Mutex::new(0); // (A)
static TOTAL: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let parked = thread::spawn(|| {
        thread::park();
        let total = TOTAL.lock().unwrap(); // (3)
        *QUEUE.lock().unwrap() += *total; // (4)
    });
    let (first, second) = (parked.thread().clone(), parked.thread().clone());
    let first = thread::spawn(move || {
        {
            let queue = QUEUE.lock().unwrap(); // (1)
            *TOTAL.lock().unwrap() += *queue; // (2)
        }
        first.unpark();
    });
    let second = thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        second.unpark();
    });
    for thread in [parked, first, second] {
        thread.join().unwrap();
    }
}
