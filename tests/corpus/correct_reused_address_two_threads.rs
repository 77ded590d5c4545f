//! As before, but both threads use each pair, in the order of that pair.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

fn use_pair(pair: &[Mutex<u32>; 2], round: usize) {
    let mut first = pair[round % 2].lock().unwrap();
    let mut second = pair[(round + 1) % 2].lock().unwrap();
    *first += 1;
    *second += 1;
}

pub fn main() {
    for round in 0..40 {
        let pair = Arc::new([Mutex::new(0), Mutex::new(0)]);
        let other = Arc::clone(&pair);
        let helper = thread::spawn(move || use_pair(&other, round));
        use_pair(&pair, round);
        helper.join().unwrap();
        assert_eq!(*pair[0].lock().unwrap(), 2);
    }
    println!("done");
}
