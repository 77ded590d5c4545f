//! The end of a channel orders too: the receiver sees the hang-up only after the sender is done.
//! expect: none
use std::sync::{Mutex, mpsc};
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let (done, wait) = mpsc::channel();
    let first = thread::spawn(move || {
        let sum = {
            let a = A.lock().unwrap();
            let b = B.lock().unwrap();
            *a + *b
        };
        done.send(sum).unwrap();
    });
    let second = thread::spawn(move || {
        let sum: u32 = wait.iter().sum();
        let b = B.lock().unwrap();
        *A.lock().unwrap() += sum + *b;
    });
    first.join().unwrap();
    second.join().unwrap();
    println!("{}", A.lock().unwrap());
}
