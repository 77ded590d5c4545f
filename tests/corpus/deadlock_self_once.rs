//! The closure of a `Once` calls the same `Once`.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::Once;

static START: Once = Once::new(); // (A)

fn configure() {
    START.call_once(|| println!("never")); // (2)
}

pub fn main() {
    START.call_once(configure); // (1)
}
