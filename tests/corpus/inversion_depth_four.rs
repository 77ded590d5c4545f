//! The first and the last of four nested locks clash with another thread's pair.
//! expect: rule=lock-order-inversion grade=possible locks=A,D sites=1,4,5,6
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

pub fn main() {
    let a = Mutex::new(0); // (A)
    let b = Mutex::new(0);
    let c = Mutex::new(0);
    let d = Mutex::new(0); // (D)
    thread::scope(|s| {
        s.spawn(|| {
            let _a = a.lock().unwrap(); // (1)
            let _b = b.lock().unwrap();
            let _c = c.lock().unwrap();
            *d.lock().unwrap() += 1; // (4)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            let _d = d.lock().unwrap(); // (5)
            *a.lock().unwrap() += 1; // (6)
        });
    });
    println!("{}", a.into_inner().unwrap() + d.into_inner().unwrap());
}
