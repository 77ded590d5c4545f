//! The thread that receives sends into the same channel, which others have filled: nobody is left to make room. It is named first.
//! expect: rule=deadlock grade=observed sites=1,2,3 locks=A threads=3
use std::sync::mpsc;
use std::thread;

pub fn main() {
    let (sender, receiver) = mpsc::sync_channel::<u32>(1); // (A)
    let again = sender.clone();
    let consumer = thread::spawn(move || {
        for number in receiver {
            again.send(number + 1).unwrap(); // (1)
        }
    });
    let producer = thread::spawn(move || {
        for number in 0..1000 {
            sender.send(number).unwrap(); // (2)
        }
    });
    producer.join().unwrap(); // (3)
    consumer.join().unwrap();
}
