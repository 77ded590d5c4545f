//! A recursive function holds one lock per level, each its own.
//! expect: none
use std::sync::Mutex;
use std::thread;

fn descend(levels: &[Mutex<u32>]) -> u32 {
    let Some((first, rest)) = levels.split_first() else { return 0 };
    let mut first = first.lock().unwrap();
    *first += 1;
    *first + descend(rest)
}

pub fn main() {
    let levels: Vec<Mutex<u32>> = (0..30).map(|_| Mutex::new(0)).collect();
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| (0..10).for_each(|_| assert!(descend(&levels) >= 30)));
        }
    });
    println!("{}", descend(&levels));
}
