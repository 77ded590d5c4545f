//! Three workers ask a thread that has gone silent, each under the same lock and in the same function. One waits for the answer and the
//! others for the lock: no idle workers, though they wait at one place.
//! expect: rule=stall grade=observed held=1s end=killed threads=3 locks=A sites=1,2 frames=ask
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

struct Service {
    requests: mpsc::Sender<u32>,
    answers: mpsc::Receiver<u32>,
}

static STATISTICS: Mutex<u32> = Mutex::new(0); // (A)

#[inline(never)]
fn ask(service: &Mutex<Service>) {
    let mut statistics = STATISTICS.lock().unwrap(); // (1)
    let service = service.lock().unwrap();
    service.requests.send(1).unwrap();
    *statistics += service.answers.recv().unwrap(); // (2)
}

pub fn main() {
    let (requests, received) = mpsc::channel();
    let (replies, answers) = mpsc::channel();
    let service = Mutex::new(Service { requests, answers });
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| ask(&service));
        }
        loop {
            thread::sleep(Duration::from_millis(10));
            if received.try_recv().is_ok_and(|number: u32| number > 1) {
                replies.send(1).unwrap();
            }
        }
    });
}
