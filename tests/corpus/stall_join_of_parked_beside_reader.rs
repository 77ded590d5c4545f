//! A thread parks twice and is unparked once, by main, which joins it. Another thread reads from a socket that nobody writes to.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 sites=1,2
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

static LEFT: AtomicU32 = AtomicU32::new(2);

pub fn main() {
    let (_ours, mut theirs) = UnixStream::pair().unwrap();
    thread::spawn(move || theirs.read(&mut [0]).unwrap());
    let parked = thread::spawn(|| {
        while LEFT.load(Ordering::SeqCst) > 0 {
            thread::park(); // (1)
        }
    });
    LEFT.fetch_sub(1, Ordering::SeqCst);
    parked.thread().unpark();
    parked.join().unwrap(); // (2)
}
