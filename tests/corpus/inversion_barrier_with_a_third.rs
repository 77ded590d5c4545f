//! A barrier for two, and a third thread comes to it later: then each could have met another one.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

static ODD: Mutex<u32> = Mutex::new(0); // (A)
static EVEN: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let barrier = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            {
                let odd = ODD.lock().unwrap(); // (1)
                *EVEN.lock().unwrap() += *odd; // (2)
            }
            barrier.wait();
            barrier.wait();
        });
        s.spawn(|| {
            barrier.wait();
            let even = EVEN.lock().unwrap(); // (3)
            *ODD.lock().unwrap() += *even; // (4)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            barrier.wait();
        });
    });
}
