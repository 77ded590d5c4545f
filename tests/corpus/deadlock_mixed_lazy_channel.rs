//! A lazy's initialiser waits for an answer from a thread that needs the lazy.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{LazyLock, mpsc};
use std::thread;

static GREETING: LazyLock<String> = LazyLock::new(ask); // (A)

fn ask() -> String {
    let (sender, receiver) = mpsc::channel();
    let helper = thread::spawn(move || {
        let length = GREETING.len(); // (2)
        sender.send("x".repeat(length)).unwrap();
    });
    let answer = receiver.recv().unwrap(); // (3)
    helper.join().unwrap();
    answer
}

pub fn main() {
    println!("{}", *GREETING); // (1)
}
