//! A reader gives what it reads to a relay, and that to a worker, which main joins. Longer than a stall takes there is nothing to read.
//! expect: none held=500ms
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

pub fn main() {
    let (mut ours, mut theirs) = UnixStream::pair().unwrap();
    let (to_relay, at_relay) = mpsc::channel::<u8>();
    let (to_worker, at_worker) = mpsc::channel::<u8>();
    thread::spawn(move || {
        let mut byte = [0];
        while theirs.read(&mut byte).unwrap() == 1 {
            to_relay.send(byte[0]).unwrap();
        }
    });
    thread::spawn(move || at_relay.iter().for_each(|byte| to_worker.send(byte).unwrap()));
    let worker = thread::spawn(move || at_worker.iter().map(u32::from).sum::<u32>());
    ours.write_all(&[1]).unwrap();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(2500));
        ours.write_all(&[2]).unwrap();
    });
    println!("{}", worker.join().unwrap());
}
