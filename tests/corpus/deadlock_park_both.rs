//! Two threads park until the other has unparked them.
//! expect: rule=deadlock grade=observed sites=1
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::{self, Thread};

static TURN: [AtomicBool; 2] = [AtomicBool::new(false), AtomicBool::new(false)];

fn play(me: usize, other: Thread) {
    while !TURN[me].load(Ordering::Acquire) {
        thread::park(); // (1)
    }
    TURN[1 - me].store(true, Ordering::Release);
    other.unpark();
}

pub fn main() {
    let mut mailboxes = Vec::new();
    let mut players = Vec::new();
    for me in 0..2 {
        let (sender, receiver) = mpsc::channel();
        mailboxes.push(sender);
        players.push(thread::spawn(move || play(me, receiver.recv().unwrap())));
    }
    for me in 0..2 {
        mailboxes[me].send(players[1 - me].thread().clone()).unwrap();
    }
    for player in players {
        player.join().unwrap();
    }
}
