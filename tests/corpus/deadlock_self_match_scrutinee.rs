//! The guard of a `match` scrutinee lives until the end of the `match`.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::Mutex;

pub fn main() {
    let words = Mutex::new(vec!["one"]); // (A)
    match words.lock().unwrap().len() // (1)
    {
        0 => println!("none"),
        _ => words.lock().unwrap().clear(), // (2)
    }
}
