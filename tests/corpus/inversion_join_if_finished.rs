//! The parent joins a thread between the halves, but only if it has ended by then. In another schedule it has not.
//! expect: rule=lock-order-inversion grade=possible level=warn locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let mut child = Some(thread::spawn(|| {
        let _a = A.lock().unwrap(); // (1)
        *B.lock().unwrap() += 1; // (2)
    }));
    // So many rounds that it has ended in this run.
    for _ in 0..1_000_000_000 {
        if child.as_ref().unwrap().is_finished() {
            child.take().unwrap().join().unwrap();
            break;
        }
        thread::yield_now();
    }
    {
        let _b = B.lock().unwrap(); // (3)
        *A.lock().unwrap() += 1; // (4)
    }
    if let Some(child) = child {
        child.join().unwrap();
    }
    println!("done");
}
