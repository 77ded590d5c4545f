//! A sequence lock around atomic data.

use instrumented_sync::ext::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use instrumented_sync::thread;

static DATA: AtomicU64 = AtomicU64::new(0);
static SEQUENCE: AtomicU64 = AtomicU64::new(0);
static WAS_READ: AtomicBool = AtomicBool::new(false);

fn write(n: u64) {
    let sequence = SEQUENCE.load(Ordering::Relaxed);
    SEQUENCE.store(sequence + 1, Ordering::Relaxed);
    fence(Ordering::Release);
    DATA.store(n, Ordering::Relaxed);
    SEQUENCE.store(sequence + 2, Ordering::Release);
}

fn read() -> Option<u64> {
    let before = SEQUENCE.load(Ordering::Acquire);
    let value = DATA.load(Ordering::Relaxed);
    fence(Ordering::Acquire);
    let after = SEQUENCE.load(Ordering::Relaxed);
    (before == after && before % 2 == 0).then_some(value)
}

pub fn main() {
    let writer = thread::spawn(|| {
        write(1);
        while !WAS_READ.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        write(2);
    });
    while read() != Some(1) {
        std::thread::yield_now();
    }
    WAS_READ.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    assert_eq!(read(), Some(2));
}
