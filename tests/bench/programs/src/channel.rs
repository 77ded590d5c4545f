//! Two stages of a pipeline: one thread makes numbers, the other hashes them.

use crate::hash;
use std::thread;

const MESSAGES: u64 = 400_000;
const CAPACITY: usize = 128;
const WORK: u32 = 100;

/// Over a bounded channel of `crossbeam-channel`.
pub fn crossbeam() {
    let (sender, receiver) = crossbeam_channel::bounded(CAPACITY);
    let maker = thread::spawn(move || {
        for number in 0..MESSAGES {
            sender.send(number).expect("somebody listens");
        }
    });
    assert_ne!(receiver.iter().fold(0, |sum: u64, n| sum.wrapping_add(hash(n, WORK))), 0);
    maker.join().expect("it only sends");
}

/// Over a bounded channel of `flume`, which has a mutex of std in it.
pub fn flume() {
    let (sender, receiver) = flume::bounded(CAPACITY);
    let maker = thread::spawn(move || {
        for number in 0..MESSAGES {
            sender.send(number).expect("somebody listens");
        }
    });
    assert_ne!(receiver.iter().fold(0, |sum: u64, n| sum.wrapping_add(hash(n, WORK))), 0);
    maker.join().expect("it only sends");
}
