//! Two `Once` initialisers need each other, in two threads.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Once};
use std::thread;

static NETWORK: Once = Once::new(); // (A)
static LOGGER: Once = Once::new(); // (B)
static BOTH: Barrier = Barrier::new(2);

pub fn main() {
    let network = thread::spawn(|| {
        NETWORK.call_once(|| {
            // (1)
            BOTH.wait();
            LOGGER.call_once(|| ()); // (2)
        });
    });
    let logger = thread::spawn(|| {
        LOGGER.call_once_force(|_| {
            // (3)
            BOTH.wait();
            NETWORK.call_once(|| ()); // (4)
        });
    });
    network.join().unwrap();
    logger.join().unwrap();
}
