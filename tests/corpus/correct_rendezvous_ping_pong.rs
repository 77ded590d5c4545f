//! A rendezvous in each direction, in turns.
//! expect: none
use std::sync::mpsc;
use std::thread;

pub fn main() {
    let (ping, pinged) = mpsc::sync_channel(0);
    let (pong, ponged) = mpsc::sync_channel(0);
    let partner = thread::spawn(move || {
        while let Ok(n) = pinged.recv() {
            pong.send(n + 1).unwrap();
        }
    });
    let mut n = 0;
    for _ in 0..20 {
        ping.send(n).unwrap();
        n = ponged.recv().unwrap();
    }
    drop(ping);
    partner.join().unwrap();
    println!("{n}");
}
