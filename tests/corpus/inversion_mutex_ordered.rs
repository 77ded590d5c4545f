//! A mutex happens to order the halves; that order could have been the other way round.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static TURNS: Mutex<u32> = Mutex::new(0);
static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            {
                let _a = A.lock().unwrap(); // (1)
                *B.lock().unwrap() += 1; // (2)
            }
            *TURNS.lock().unwrap() += 1;
        });
        s.spawn(|| {
            for _ in 0..3000 {
                if *TURNS.lock().unwrap() > 0 {
                    break;
                }
                thread::sleep(Duration::from_millis(1));
            }
            let _b = B.lock().unwrap(); // (3)
            *A.lock().unwrap() += 1; // (4)
        });
    });
    println!("done");
}
