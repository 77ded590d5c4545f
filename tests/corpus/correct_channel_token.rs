//! A token goes to and fro; only its owner uses the two locks, in an order of its own. The sides alternate.
//! expect: none
use std::sync::{Mutex, mpsc};
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let (to_right, at_right) = mpsc::channel::<u32>();
    let (to_left, at_left) = mpsc::channel::<u32>();
    let right = thread::spawn(move || {
        for token in at_right {
            {
                let _b = B.lock().unwrap();
                *A.lock().unwrap() += token;
            }
            to_left.send(token + 1).unwrap();
        }
    });
    let mut token = 0;
    for _ in 0..10 {
        {
            let _a = A.lock().unwrap();
            *B.lock().unwrap() += token;
        }
        to_right.send(token).unwrap();
        token = at_left.recv().unwrap();
    }
    drop(to_right);
    right.join().unwrap();
    println!("{token} {} {}", A.lock().unwrap(), B.lock().unwrap());
}
