//! A table of locks, always taken by rising index, by threads that walk in opposite directions.
//! expect: none
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let cells: [Mutex<u32>; 8] = std::array::from_fn(|_| Mutex::new(0));
    let swap = |x: usize, y: usize| {
        let (low, high) = (x.min(y), x.max(y));
        let mut low = cells[low].lock().unwrap();
        let mut high = cells[high].lock().unwrap();
        *low += 1;
        *high += 1;
    };
    thread::scope(|s| {
        s.spawn(|| (0..7).for_each(|i| swap(i, i + 1)));
        s.spawn(|| (0..7).rev().for_each(|i| swap(i + 1, i)));
        s.spawn(|| swap(7, 0));
    });
    println!("{}", cells.iter().map(|c| *c.lock().unwrap()).sum::<u32>());
}
