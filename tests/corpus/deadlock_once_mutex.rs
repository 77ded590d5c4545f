//! `call_once` under a mutex in one thread, the mutex in the closure in another.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Arc, Barrier, Mutex, Once};
use std::thread;

struct Driver {
    loaded: Once,
    registers: Mutex<[u8; 4]>,
}

pub fn main() {
    let driver = Arc::new(Driver {
        loaded: Once::new(),           // (A)
        registers: Mutex::new([0; 4]), // (B)
    });
    let both = Arc::new(Barrier::new(2));
    let (other, other_both) = (Arc::clone(&driver), Arc::clone(&both));
    let reset = thread::spawn(move || {
        let mut registers = other.registers.lock().unwrap(); // (1)
        other_both.wait();
        other.loaded.call_once(|| ()); // (2)
        registers[0] = 1;
    });
    driver.loaded.call_once(|| {
        // (3)
        both.wait();
        driver.registers.lock().unwrap()[1] = 1; // (4)
    });
    reset.join().unwrap();
}
