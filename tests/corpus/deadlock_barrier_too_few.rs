//! A barrier for three, and only two threads to come; main waits for them.
//! expect: rule=deadlock grade=observed sites=1
use std::sync::Barrier;
use std::thread;

pub fn main() {
    let round = Barrier::new(3);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                round.wait(); // (1)
            });
        }
    });
}
