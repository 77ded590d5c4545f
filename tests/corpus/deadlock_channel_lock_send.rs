//! The producer keeps a lock while it waits for room; the consumer needs that lock before it takes a message.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;

pub fn main() {
    let (sender, receiver) = mpsc::sync_channel(1);
    let budget = Arc::new(Mutex::new(10)); // (A)
    let locked = Arc::new(Barrier::new(2));
    let (budget2, locked2) = (Arc::clone(&budget), Arc::clone(&locked));
    let producer = thread::Builder::new().name("producer".into());
    let producer = producer
        .spawn(move || {
            let budget = budget2.lock().unwrap(); // (1)
            locked2.wait();
            for n in 0..*budget {
                sender.send(n).unwrap(); // (2)
            }
        })
        .unwrap();
    let consumer = thread::Builder::new().name("consumer".into());
    let consumer = consumer
        .spawn(move || {
            locked.wait();
            *budget.lock().unwrap() -= 1; // (3)
            receiver.iter().sum::<i32>()
        })
        .unwrap();
    producer.join().unwrap();
    consumer.join().unwrap();
}
