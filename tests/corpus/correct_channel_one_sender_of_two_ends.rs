//! A second sending end lives for a while, and nothing is sent with it.
//! expect: none
use std::sync::{Mutex, mpsc};
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let (send, receive) = mpsc::channel();
    let spare = send.clone();
    let sender = thread::spawn(move || {
        {
            let _a = A.lock().unwrap();
            *B.lock().unwrap() += 1;
        }
        send.send(()).unwrap();
    });
    receive.recv().unwrap();
    {
        let _b = B.lock().unwrap();
        *A.lock().unwrap() += 1;
    }
    drop(spare);
    sender.join().unwrap();
}
