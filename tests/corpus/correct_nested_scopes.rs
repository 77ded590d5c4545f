//! Scopes within scopes, with a lock taken at each level in one order.
//! expect: none
use std::sync::Mutex;
use std::thread;

fn split(values: &[u32], depth: u32, log: &Mutex<Vec<u32>>) -> u32 {
    if depth == 0 || values.len() < 2 {
        let sum = values.iter().sum();
        log.lock().unwrap().push(sum);
        return sum;
    }
    let (left, right) = values.split_at(values.len() / 2);
    thread::scope(|s| {
        let left = s.spawn(|| split(left, depth - 1, log));
        let right = split(right, depth - 1, log);
        left.join().unwrap() + right
    })
}

pub fn main() {
    let log = Mutex::new(Vec::new());
    let values: Vec<u32> = (0..64).collect();
    println!("{} {}", split(&values, 4, &log), log.lock().unwrap().len());
}
