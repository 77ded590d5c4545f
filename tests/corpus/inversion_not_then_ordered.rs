//! First the orders overlap freely; afterwards there is only fork–join order. The first meeting counts.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

pub fn main() {
    let a = Mutex::new(0); // (A)
    let b = Mutex::new(0); // (B)
    let ab = || {
        let _a = a.lock().unwrap(); // (1)
        *b.lock().unwrap() += 1; // (2)
    };
    let ba = || {
        let _b = b.lock().unwrap(); // (3)
        *a.lock().unwrap() += 1; // (4)
    };
    thread::scope(|s| {
        s.spawn(ab);
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            ba();
        });
    });
    for _ in 0..5 {
        thread::scope(|s| s.spawn(ab).join().unwrap());
        thread::scope(|s| s.spawn(ba).join().unwrap());
    }
    println!("{}", a.into_inner().unwrap());
}
