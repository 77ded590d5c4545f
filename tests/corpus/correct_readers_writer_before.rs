//! Readers in both orders; the only writer is done before they start.
//! expect: none
use std::sync::RwLock;
use std::thread;

static A: RwLock<u32> = RwLock::new(0);
static B: RwLock<u32> = RwLock::new(0);

pub fn main() {
    *A.write().unwrap() = 3;
    *B.write().unwrap() = 4;
    let ab = thread::spawn(|| {
        let a = A.read().unwrap();
        *a + *B.read().unwrap()
    });
    let ba = thread::spawn(|| {
        let b = B.read().unwrap();
        *A.read().unwrap() + *b
    });
    println!("{} {}", ab.join().unwrap(), ba.join().unwrap());
}
