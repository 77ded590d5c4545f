//! Three workers hold three of 61 locks at a time, always by rising index, and wait for each other all the time. A
//! look at who waits for whom that is not of one moment sees rings that never were.
//! expect: none
use std::sync::Mutex;
use std::thread;

fn nest(locks: &[Mutex<u64>], round: usize) {
    let low = round % (locks.len() - 3);
    let mut outer = locks[low].lock().unwrap();
    let mut middle = locks[low + 1 + round % 2].lock().unwrap();
    *locks[low + 3].lock().unwrap() += 1;
    *middle += 1;
    *outer += 1;
}

pub fn main() {
    let locks: Vec<Mutex<u64>> = (0..61).map(|_| Mutex::new(0)).collect();
    thread::scope(|s| {
        for worker in 0..3 {
            let locks = &locks;
            s.spawn(move || (worker..60_000).for_each(|round| nest(locks, round)));
        }
    });
    println!("{}", locks.iter().map(|lock| *lock.lock().unwrap()).sum::<u64>());
}
