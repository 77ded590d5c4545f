//! The guards are dropped in another order than they were taken, and nothing nests the wrong way.
//! expect: none
use std::sync::Mutex;
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);
static C: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let workers = [0, 1, 2].map(|_| {
        thread::spawn(|| {
            for _ in 0..50 {
                let a = A.lock().unwrap();
                let b = B.lock().unwrap();
                drop(a);
                let c = C.lock().unwrap();
                drop(b);
                // C is held alone: A may follow only once C is free.
                drop(c);
                *A.lock().unwrap() += 1;
            }
        })
    });
    for worker in workers {
        worker.join().unwrap();
    }
    println!("{}", A.lock().unwrap());
}
