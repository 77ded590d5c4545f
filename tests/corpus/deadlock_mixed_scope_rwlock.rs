//! A scoped reader waits for a writer, and the writer waits for the end of its scope.
//! expect: rule=deadlock grade=observed locks=A sites=1,2
use std::sync::RwLock;
use std::thread;

fn double(values: &RwLock<Vec<u32>>) {
    let mut writer = values.write().unwrap(); // (1)
    let sums: Vec<u32> = thread::scope(|s| {
        let halves = [0, 1].map(|half| s.spawn(move || values.read().unwrap()[half])); // (2)
        halves.into_iter().map(|h| h.join().unwrap()).collect()
    });
    writer.extend(sums);
}

pub fn main() {
    double(&RwLock::new(vec![1, 2])); // (A)
}
