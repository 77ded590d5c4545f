//! Two gates, taken in one order; the inner locks in both.
//! expect: none
use std::sync::Mutex;
use std::thread;

static OUTER: Mutex<u32> = Mutex::new(0);
static INNER: Mutex<u32> = Mutex::new(0);
static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let forth = thread::spawn(|| {
        for _ in 0..20 {
            let _outer = OUTER.lock().unwrap();
            let _inner = INNER.lock().unwrap();
            let _a = A.lock().unwrap();
            *B.lock().unwrap() += 1;
        }
    });
    let back = thread::spawn(|| {
        for _ in 0..20 {
            let _inner = INNER.lock().unwrap();
            let _b = B.lock().unwrap();
            *A.lock().unwrap() += 1;
        }
    });
    forth.join().unwrap();
    back.join().unwrap();
    println!("{} {}", A.lock().unwrap(), B.lock().unwrap());
}
