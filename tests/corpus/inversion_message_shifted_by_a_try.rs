//! A look into the channel finds nothing here. Had it found the first message, the receive after it would have waited for the
//! second, and so it is not the first that orders the sides.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

static LEFT: Mutex<u32> = Mutex::new(0); // (A)
static RIGHT: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let (send, receive) = mpsc::channel();
    let sender = thread::spawn(move || {
        send.send(1).unwrap();
        thread::sleep(Duration::from_millis(100));
        {
            let left = LEFT.lock().unwrap(); // (1)
            *RIGHT.lock().unwrap() += *left; // (2)
        }
        send.send(2).unwrap();
    });
    thread::sleep(Duration::from_millis(50));
    let early = receive.try_recv();
    let late = receive.recv();
    {
        let right = RIGHT.lock().unwrap(); // (3)
        *LEFT.lock().unwrap() += *right; // (4)
    }
    sender.join().unwrap();
    println!("{early:?} {late:?}");
}
