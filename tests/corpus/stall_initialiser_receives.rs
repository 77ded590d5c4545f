//! An initialiser waits for a message that nobody sends; another thread waits for the initialiser, and main lives.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 sites=1,2
use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::Duration;

static CONFIG: LazyLock<u32> = LazyLock::new(|| {
    let (sender, receiver) = mpsc::channel();
    let answer = receiver.recv().unwrap(); // (1)
    drop(sender);
    answer
});

pub fn main() {
    for _ in 0..2 {
        thread::spawn(|| println!("{}", *CONFIG)); // (2)
    }
    loop {
        thread::sleep(Duration::from_millis(10));
    }
}
