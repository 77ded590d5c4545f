//! One lazy value is made of another; both take the locks in the order that is turned round once they are made.
//! expect: none
use std::sync::{LazyLock, Mutex};
use std::thread;

static A: Mutex<u32> = Mutex::new(1);
static B: Mutex<u32> = Mutex::new(1);
static INNER: LazyLock<u32> = LazyLock::new(|| {
    let b = B.lock().unwrap();
    *A.lock().unwrap() + *b
});
static OUTER: LazyLock<u32> = LazyLock::new(|| *INNER + *A.lock().unwrap());

pub fn main() {
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                let outer = *OUTER;
                let mut a = A.lock().unwrap();
                *B.lock().unwrap() += outer;
                *a += *INNER;
            });
        }
    });
}
