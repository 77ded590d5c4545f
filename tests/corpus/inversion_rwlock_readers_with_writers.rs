//! Readers cross; writers of both locks exist and could queue between them.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::RwLock;
use std::thread;
use std::time::Duration;

static A: RwLock<u32> = RwLock::new(1); // (A)
static B: RwLock<u32> = RwLock::new(2); // (B)

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            let a = A.read().unwrap(); // (1)
            assert!(*a + *B.read().unwrap() > 0); // (2)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(100));
            let b = B.read().unwrap(); // (3)
            assert!(*b + *A.read().unwrap() > 0); // (4)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            *A.write().unwrap() += 1;
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            *B.write().unwrap() += 1;
        });
    });
    println!("{} {}", A.read().unwrap(), B.read().unwrap());
}
