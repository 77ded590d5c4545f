//! A method that locks calls another method that locks.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::Mutex;

struct Stock {
    items: Mutex<Vec<u32>>,
}

impl Stock {
    fn total(&self) -> u32 {
        self.items.lock().unwrap().iter().sum() // (2)
    }

    fn add(&self, item: u32) -> u32 {
        let mut items = self.items.lock().unwrap(); // (1)
        items.push(item);
        self.total()
    }
}

pub fn main() {
    let stock = Stock { items: Mutex::new(Vec::new()) }; // (A)
    println!("{}", stock.total());
    println!("{}", stock.add(7));
}
