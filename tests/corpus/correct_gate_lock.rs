//! Opposite orders, but always under a common gate.
//! expect: none
use std::sync::Mutex;
use std::thread;

static GATE: Mutex<()> = Mutex::new(());
static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            for _ in 0..100 {
                let _gate = GATE.lock().unwrap();
                let mut a = A.lock().unwrap();
                *B.lock().unwrap() += 1;
                *a += 1;
            }
        });
        s.spawn(|| {
            for _ in 0..100 {
                let _gate = GATE.lock().unwrap();
                let mut b = B.lock().unwrap();
                *A.lock().unwrap() += 1;
                *b += 1;
            }
        });
    });
    println!("{} {}", A.lock().unwrap(), B.lock().unwrap());
}
