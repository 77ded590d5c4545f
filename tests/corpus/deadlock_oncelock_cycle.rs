//! Two `OnceLock`s whose initialisers read each other.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, OnceLock};
use std::thread;

static WIDTH: OnceLock<u32> = OnceLock::new(); // (A)
static HEIGHT: OnceLock<u32> = OnceLock::new(); // (B)

pub fn main() {
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            WIDTH.get_or_init(|| {
                // (1)
                both.wait();
                HEIGHT.get_or_init(|| 1) * 2 // (2)
            });
        });
        s.spawn(|| {
            HEIGHT.get_or_init(|| {
                // (3)
                both.wait();
                WIDTH.get_or_init(|| 1) * 2 // (4)
            });
        });
    });
}
