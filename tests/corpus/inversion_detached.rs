//! Nobody joins the two threads; main only waits for their messages.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let (done, reports) = mpsc::channel();
    let done2 = done.clone();
    thread::spawn(move || {
        {
            let _a = A.lock().unwrap(); // (1)
            *B.lock().unwrap() += 1; // (2)
        }
        done.send("first").unwrap();
    });
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        {
            let _b = B.lock().unwrap(); // (3)
            *A.lock().unwrap() += 1; // (4)
        }
        done2.send("second").unwrap();
    });
    println!("{:?}", reports.iter().collect::<Vec<_>>());
}
