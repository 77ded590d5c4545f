//! The gate is let go before the second lock on one side.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4 threads=2
use std::sync::Mutex;
use std::thread;

static GATE: Mutex<()> = Mutex::new(());
static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let t = thread::spawn(|| {
        let gate = GATE.lock().unwrap();
        let a = A.lock().unwrap(); // (1)
        drop(gate);
        let b = B.lock().unwrap(); // (2)
        *a + *b
    });
    while !t.is_finished() {
        thread::yield_now()
    }
    {
        let gate = GATE.lock().unwrap();
        let b = B.lock().unwrap(); // (3)
        let a = A.lock().unwrap(); // (4)
        println!("{}", *a + *b);
        drop(gate);
    }
    t.join().unwrap();
}
