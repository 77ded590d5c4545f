//! An unpark orders the halves: the parked thread takes its locks after the other has let go of them.
//! expect: none
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);
static READY: AtomicBool = AtomicBool::new(false);

pub fn main() {
    let second = thread::spawn(|| {
        // At least once: the token is there if the other was faster.
        thread::park();
        while !READY.load(Ordering::Acquire) {
            thread::park();
        }
        let _b = B.lock().unwrap();
        *A.lock().unwrap() += 1;
    });
    {
        let _a = A.lock().unwrap();
        *B.lock().unwrap() += 1;
    }
    READY.store(true, Ordering::Release);
    second.thread().unpark();
    second.join().unwrap();
    println!("done");
}
