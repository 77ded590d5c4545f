//! A bounded queue with two conditions.
//! expect: none
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

#[derive(Default)]
struct Queue {
    items: Mutex<VecDeque<u32>>,
    not_empty: Condvar,
    not_full: Condvar,
}

impl Queue {
    fn put(&self, item: u32) {
        let items = self.items.lock().unwrap();
        let mut items = self.not_full.wait_while(items, |items| items.len() >= 4).unwrap();
        items.push_back(item);
        self.not_empty.notify_one();
    }

    fn take(&self) -> u32 {
        let mut items = self.items.lock().unwrap();
        loop {
            if let Some(item) = items.pop_front() {
                self.not_full.notify_one();
                return item;
            }
            items = self.not_empty.wait(items).unwrap();
        }
    }
}

pub fn main() {
    let queue = Arc::new(Queue::default());
    let producers: Vec<_> = (0..3)
        .map(|_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || (0..100).for_each(|n| queue.put(n)))
        })
        .collect();
    let consumers: Vec<_> = (0..2)
        .map(|_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || (0..150).map(|_| queue.take()).sum::<u32>())
        })
        .collect();
    producers.into_iter().for_each(|p| p.join().unwrap());
    println!("{}", consumers.into_iter().map(|c| c.join().unwrap()).sum::<u32>());
}
