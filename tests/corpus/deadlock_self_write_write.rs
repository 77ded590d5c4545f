//! A writer asks for the write lock again.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::RwLock;

pub fn main() {
    let table = RwLock::new([0; 4]); // (A)
    let mut row = table.write().unwrap(); // (1)
    row[0] = 1;
    table.write().unwrap()[1] = 2; // (2)
}
