//! Three locks in a ring, three threads, one after the other.
//! expect: rule=lock-order-inversion grade=possible locks=A,B,C sites=1,2,3,4,5,6
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

static TURN: AtomicU32 = AtomicU32::new(0);
static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)
static C: Mutex<u32> = Mutex::new(0); // (C)

fn at_turn(turn: u32, step: fn()) {
    for _ in 0..3000 {
        if TURN.load(Ordering::Acquire) >= turn {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    step();
    TURN.store(turn + 1, Ordering::Release);
}

fn ab() {
    let a = A.lock().unwrap(); // (1)
    *B.lock().unwrap() += *a; // (2)
}

fn bc() {
    let b = B.lock().unwrap(); // (3)
    *C.lock().unwrap() += *b; // (4)
}

fn ca() {
    let c = C.lock().unwrap(); // (5)
    *A.lock().unwrap() += *c; // (6)
}

pub fn main() {
    let steps: [fn(); 3] = [ab, bc, ca];
    let threads: Vec<_> =
        (0..).zip(steps).map(|(turn, step)| thread::spawn(move || at_turn(turn, step))).collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    println!("done");
}
