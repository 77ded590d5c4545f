//! Mutex, RwLock and Once in a ring of three, in turn.
//! expect: rule=lock-order-inversion grade=possible locks=A,B,C sites=1,2,3,4,5 threads=3
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, Once, RwLock};
use std::thread;

static M: Mutex<u32> = Mutex::new(0); // (A)
static R: RwLock<u32> = RwLock::new(0); // (B)
static O: Once = Once::new(); // (C)
static TURN: AtomicUsize = AtomicUsize::new(0);

fn my_turn(n: usize) {
    while TURN.load(SeqCst) != n {
        thread::yield_now()
    }
}

pub fn main() {
    let ts = [
        thread::spawn(|| {
            my_turn(0);
            O.call_once(|| *M.lock().unwrap() += 1); // (1)
            TURN.store(1, SeqCst);
        }),
        thread::spawn(|| {
            my_turn(1);
            {
                let m = M.lock().unwrap(); // (2)
                *R.write().unwrap() += *m; // (3)
            }
            TURN.store(2, SeqCst);
        }),
        thread::spawn(|| {
            my_turn(2);
            let r = R.read().unwrap(); // (4)
            O.call_once(|| unreachable!()); // (5)
            assert_eq!(*r, 1);
        }),
    ];
    ts.into_iter().for_each(|t| t.join().unwrap());
}
