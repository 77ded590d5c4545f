//! A mutex and a `RwLock`: one reads under the mutex, the other takes the mutex while it writes.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Arc, Barrier, Mutex, RwLock};
use std::thread;

struct Shop {
    till: Mutex<u64>,
    prices: RwLock<Vec<u64>>,
}

pub fn main() {
    let shop = Arc::new(Shop {
        till: Mutex::new(0),                // (A)
        prices: RwLock::new(vec![5, 7, 9]), // (B)
    });
    let both = Arc::new(Barrier::new(2));
    let (shop2, both2) = (Arc::clone(&shop), Arc::clone(&both));
    let seller = thread::spawn(move || {
        let mut till = shop2.till.lock().unwrap(); // (1)
        both2.wait();
        *till += shop2.prices.read().unwrap()[0]; // (2)
    });
    let mut prices = shop.prices.write().unwrap(); // (3)
    both.wait();
    prices.push(*shop.till.lock().unwrap()); // (4)
    seller.join().unwrap();
}
