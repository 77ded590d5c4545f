//! Two threads get each other's handle and join, beside a ticker.
//! expect: rule=deadlock grade=observed sites=1 threads=2
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub fn main() {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_millis(3))
        }
    });
    let (ta, ra) = mpsc::channel::<JoinHandle<()>>();
    let (tb, rb) = mpsc::channel::<JoinHandle<()>>();
    let make = |rx: mpsc::Receiver<JoinHandle<()>>| {
        thread::spawn(move || rx.recv().unwrap().join().unwrap()) // (1)
    };
    let a = make(ra);
    let b = make(rb);
    ta.send(b).unwrap();
    tb.send(a).unwrap();
    loop {
        thread::park()
    }
}
