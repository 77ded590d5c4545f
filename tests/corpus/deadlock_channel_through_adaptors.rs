//! Messages are taken by adaptors of iterators, inside std: the place is where the program made the iterator.
//! expect: rule=deadlock grade=observed sites=1,2 frames=total

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

fn total(receiver: &Receiver<u32>) -> u32 {
    receiver.iter().take(2).sum() // (1)
}

fn answer(requests: Receiver<u32>, answers: &Sender<u32>) {
    let all: Vec<u32> = requests
        .into_iter() // (2)
        .map(|request| request + 1)
        .collect();
    answers.send(all.len() as u32).unwrap();
}

pub fn main() {
    let (request, requests) = channel();
    let (answers, answer_to) = channel();
    let server = thread::spawn(move || answer(requests, &answers));
    request.send(1).unwrap();
    // It answers once there are no more requests, and this waits for answers before it ends them.
    println!("{}", total(&answer_to));
    drop(request);
    server.join().unwrap();
}
