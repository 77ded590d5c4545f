//! A thread joins another by the handle that it finds in a place which both share. In another schedule it gives up before.
//! expect: rule=lock-order-inversion grade=possible level=warn locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread::{self, JoinHandle};

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)
static SLOT: Mutex<Option<JoinHandle<()>>> = Mutex::new(None);

fn reaper() {
    // So many rounds that it is there in this run.
    for _ in 0..1_000_000_000 {
        let found = SLOT.lock().unwrap().take();
        if let Some(handle) = found {
            handle.join().unwrap();
            break;
        }
        thread::yield_now();
    }
    let _b = B.lock().unwrap(); // (3)
    *A.lock().unwrap() += 1; // (4)
}

pub fn main() {
    let reaper = thread::spawn(reaper);
    *SLOT.lock().unwrap() = Some(thread::spawn(|| {
        let _a = A.lock().unwrap(); // (1)
        *B.lock().unwrap() += 1; // (2)
    }));
    reaper.join().unwrap();
    println!("done");
}
