//! Both messages find room, whatever the receiver does meanwhile.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, mpsc};
use std::thread;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let (sender, receiver) = mpsc::sync_channel(2);
    let (done, is_done) = mpsc::channel();
    let receives = thread::spawn(move || {
        {
            let _a = A.lock().unwrap(); // (1)
            *B.lock().unwrap() += 1; // (2)
        }
        done.send(()).unwrap();
        receiver.iter().sum::<u32>()
    });
    // In this run only: a look that may find nothing orders nothing.
    while is_done.try_recv().is_err() {
        thread::yield_now();
    }
    for message in 0..2 {
        sender.send(message).unwrap();
    }
    {
        let _b = B.lock().unwrap(); // (3)
        *A.lock().unwrap() += 1; // (4)
    }
    drop(sender);
    receives.join().unwrap();
}
