//! The gate is held a hundred times on both sides, and forgotten once.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static GATE: Mutex<()> = Mutex::new(());
static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

fn ab() {
    let _a = A.lock().unwrap(); // (1)
    *B.lock().unwrap() += 1; // (2)
}

fn ba() {
    let _b = B.lock().unwrap(); // (3)
    *A.lock().unwrap() += 1; // (4)
}

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            for _ in 0..100 {
                let _gate = GATE.lock().unwrap();
                ab();
            }
            thread::sleep(Duration::from_millis(400));
            ab();
        });
        s.spawn(|| {
            for _ in 0..100 {
                let _gate = GATE.lock().unwrap();
                ba();
            }
            thread::sleep(Duration::from_millis(800));
            ba();
        });
    });
    println!("{}", A.lock().unwrap());
}
