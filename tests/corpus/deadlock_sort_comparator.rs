//! A comparator that locks what is being sorted.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::sync::{Mutex, MutexGuard, PoisonError};

static WEIGHTS: Mutex<[u32; 4]> = Mutex::new([4, 2, 3, 1]); // (A)

fn weights() -> MutexGuard<'static, [u32; 4]> {
    WEIGHTS.lock().unwrap_or_else(PoisonError::into_inner) // (1)
}

fn weight(i: u32) -> u32 {
    WEIGHTS.lock().unwrap()[i as usize - 1] // (2)
}

pub fn main() {
    weights().sort_by_key(|w| weight(*w));
}
