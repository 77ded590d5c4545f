//! One long-lived worker takes two locks in both orders; the other threads take them one at a time.
//! expect: none
use std::sync::Mutex;
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let worker = thread::spawn(|| {
        for round in 0..100 {
            let (first, second) = if round % 2 == 0 { (&A, &B) } else { (&B, &A) };
            let mut first = first.lock().unwrap();
            *second.lock().unwrap() += 1;
            *first += 1;
        }
    });
    for _ in 0..100 {
        *A.lock().unwrap() += 1;
        *B.lock().unwrap() += 1;
    }
    worker.join().unwrap();
    println!("{} {}", A.lock().unwrap(), B.lock().unwrap());
}
