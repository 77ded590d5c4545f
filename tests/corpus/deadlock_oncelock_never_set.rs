//! `OnceLock::wait` for a value whose setter wants the lock that the waiter holds.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Mutex, OnceLock};
use std::thread;

static VALUE: OnceLock<u32> = OnceLock::new();
static GATE: Mutex<()> = Mutex::new(()); // (A)

pub fn main() {
    let gate = GATE.lock().unwrap(); // (1)
    let setter = thread::spawn(|| {
        let _gate = GATE.lock().unwrap(); // (3)
        VALUE.set(3).unwrap();
    });
    println!("{}", VALUE.wait()); // (2)
    drop(gate);
    setter.join().unwrap();
}
