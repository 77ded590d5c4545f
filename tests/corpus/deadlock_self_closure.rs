//! A closure given to an iterator locks what its caller holds.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::Mutex;

static PRICES: Mutex<[u32; 3]> = Mutex::new([1, 2, 3]); // (A)

fn price_of(index: usize) -> u32 {
    PRICES.lock().unwrap()[index] // (2)
}

pub fn main() {
    let prices = PRICES.lock().unwrap(); // (1)
    let total: u32 = (0..prices.len()).map(price_of).sum();
    println!("{total}");
}
