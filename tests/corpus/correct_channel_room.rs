//! The second message of a channel for one finds room when the first is taken, and one without room is sent when it is taken: so what
//! the receiver did before comes first.
//! expect: none
use std::sync::{Mutex, mpsc};
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

fn meets(room: usize) {
    let (sender, receiver) = mpsc::sync_channel(room);
    let receives = thread::spawn(move || {
        {
            let _a = A.lock().unwrap();
            *B.lock().unwrap() += 1;
        }
        (0..=room).map(|_| receiver.recv().unwrap()).sum::<u32>()
    });
    for message in 0..=room {
        sender.send(message as u32).unwrap();
    }
    {
        let _b = B.lock().unwrap();
        *A.lock().unwrap() += 1;
    }
    receives.join().unwrap();
}

pub fn main() {
    meets(0);
    meets(1);
    println!("{} {}", A.lock().unwrap(), B.lock().unwrap());
}
