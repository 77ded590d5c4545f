//! The parent's order is safe before it spawns, and the same lines run again while the child is alive.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

fn update() {
    let mut a = A.lock().unwrap(); // (1)
    *a += 1;
    *B.lock().unwrap() += 1; // (2)
}

pub fn main() {
    for _ in 0..10 {
        update();
    }
    let child = thread::spawn(|| {
        let mut b = B.lock().unwrap(); // (3)
        *b += *A.lock().unwrap(); // (4)
    });
    thread::sleep(Duration::from_millis(200));
    update();
    child.join().unwrap();
    println!("{}", B.lock().unwrap());
}
