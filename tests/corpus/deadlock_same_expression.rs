//! Two guards of one mutex as temporaries of one expression.
//! expect: rule=self-deadlock grade=observed locks=A sites=1 threads=1
use std::sync::Mutex;

pub fn main() {
    let m = Mutex::new(vec![1usize]); // (A)
    let n = m.lock().unwrap().len() + m.lock().unwrap()[0]; // (1)
    println!("{n}");
}
