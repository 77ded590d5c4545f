//! Two actors ask each other at the same time and wait for replies: no lock at all.
//! expect: rule=deadlock|stall grade=observed sites=1
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread;

struct Ask(Sender<u32>);

fn actor(inbox: Receiver<Ask>, peer: Sender<Ask>, start: Arc<Barrier>) {
    start.wait();
    let (reply, answer) = channel();
    peer.send(Ask(reply)).unwrap();
    let got = answer.recv().unwrap(); // (1)
    for Ask(reply) in inbox {
        reply.send(got).unwrap();
    }
}

pub fn main() {
    let (ta, ra) = channel();
    let (tb, rb) = channel();
    let start = Arc::new(Barrier::new(2));
    let s = start.clone();
    let a = thread::spawn(move || actor(ra, tb, s));
    let b = thread::spawn(move || actor(rb, ta, start));
    a.join().unwrap();
    b.join().unwrap();
}
