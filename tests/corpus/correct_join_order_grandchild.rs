//! The order is made by a chain: the grandchild is joined by the child, the child by main.
//! expect: none
use std::sync::Mutex;
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

pub fn main() {
    thread::spawn(|| {
        thread::spawn(|| {
            let _a = A.lock().unwrap();
            *B.lock().unwrap() += 1;
        })
        .join()
        .unwrap();
    })
    .join()
    .unwrap();
    thread::spawn(|| {
        let _b = B.lock().unwrap();
        *A.lock().unwrap() += 1;
    })
    .join()
    .unwrap();
    println!("done");
}
