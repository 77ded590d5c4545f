//! Two unparks came before the first park, and made one token. The second park comes after the second unpark at the earliest, not
//! after the third, which woke it here.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static NEAR: Mutex<u32> = Mutex::new(0); // (A)
static FAR: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let parked = thread::spawn(|| {
        thread::sleep(Duration::from_millis(100));
        thread::park();
        thread::park();
        let far = FAR.lock().unwrap(); // (3)
        *NEAR.lock().unwrap() += *far; // (4)
    });
    let thread = parked.thread().clone();
    let unparker = thread::spawn(move || {
        thread.unpark();
        thread.unpark();
        thread::sleep(Duration::from_millis(200));
        {
            let near = NEAR.lock().unwrap(); // (1)
            *FAR.lock().unwrap() += *near; // (2)
        }
        thread.unpark();
    });
    unparker.join().unwrap();
    parked.join().unwrap();
}
