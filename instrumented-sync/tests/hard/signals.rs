//! A storm of timer signals whose handler locks, nested, while the program locks and allocates.
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

static WORK: [Mutex<u64>; 2] = [const { Mutex::new(0) }; 2];
static IN_HANDLER: [Mutex<u64>; 2] = [const { Mutex::new(0) }; 2];
static SIGNALS: AtomicU64 = AtomicU64::new(0);

const SIGALRM: i32 = 14;
const ITIMER_REAL: i32 = 0;

unsafe extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
    fn setitimer(which: i32, new: *const [i64; 4], old: *mut [i64; 4]) -> i32;
}

extern "C" fn handler(_: i32) {
    // Only handlers use these locks, and a handler is not interrupted by its own signal.
    let mut outer = IN_HANDLER[0].lock().unwrap();
    *IN_HANDLER[1].lock().unwrap() += 1;
    *outer += 1;
    SIGNALS.fetch_add(1, Ordering::Relaxed);
}

fn every(microseconds: i64) {
    let timer = [0, microseconds, 0, microseconds];
    // SAFETY: the timer is two pairs of words, as the system has it; the old one is not wanted.
    assert_eq!(unsafe { setitimer(ITIMER_REAL, &timer, std::ptr::null_mut()) }, 0);
}

fn work() {
    for round in 0..50_000_u64 {
        let mut outer = WORK[0].lock().unwrap();
        *WORK[1].lock().unwrap() += 1;
        *outer += 1;
        drop(outer);
        if round % 64 == 0 {
            // A fresh lock, and memory, so that slow paths are interrupted too.
            let fresh: Vec<_> = (0..3).map(|_| Mutex::new(round)).collect();
            fresh.iter().for_each(|lock| *lock.lock().unwrap() += 1);
        }
    }
}

fn main() {
    // SAFETY: a handler of the right signature.
    unsafe { signal(SIGALRM, handler) };
    every(150);
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(work);
        }
        work();
        while SIGNALS.load(Ordering::Relaxed) < 200 {
            work();
        }
    });
    every(0);
    let equal = |pair: &[Mutex<u64>; 2]| *pair[0].lock().unwrap() == *pair[1].lock().unwrap();
    println!("{} {}", equal(&WORK), equal(&IN_HANDLER));
}
