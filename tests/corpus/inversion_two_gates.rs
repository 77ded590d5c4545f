//! Each side has a gate, but not the same one.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

pub fn main() {
    let gates = [Mutex::new(()), Mutex::new(())];
    let a = Mutex::new(0); // (A)
    let b = Mutex::new(0); // (B)
    thread::scope(|s| {
        s.spawn(|| {
            let _gate = gates[0].lock().unwrap();
            let _a = a.lock().unwrap(); // (1)
            *b.lock().unwrap() += 1; // (2)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            let _gate = gates[1].lock().unwrap();
            let _b = b.lock().unwrap(); // (3)
            *a.lock().unwrap() += 1; // (4)
        });
    });
    println!("done");
}
