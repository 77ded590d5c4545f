//! Producers share a bounded sender behind a mutex, which the consumer takes to put something back. The other producer
//! waits for the mutex too, but it is the consumer that would make room.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3 threads=2
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

pub fn main() {
    let (sender, receiver) = mpsc::sync_channel::<u32>(1);
    let sender = Arc::new(Mutex::new(sender)); // (A)
    let producers = [0, 1].map(|producer| {
        let sender = Arc::clone(&sender);
        thread::spawn(move || {
            let sender = sender.lock().unwrap(); // (1)
            for number in 0..10 {
                sender.send(producer * 10 + number).unwrap(); // (2)
            }
        })
    });
    thread::spawn(move || {
        while let Ok(number) = receiver.recv() {
            if number % 10 == 3 {
                let again = sender.lock().unwrap(); // (3)
                drop(again.try_send(1000));
            }
        }
    });
    producers.into_iter().for_each(|producer| producer.join().unwrap());
}
