//! A recursive read through a helper; a writer exists, later and by another thread.
//! expect: rule=recursive-read grade=possible locks=A sites=1,2
use std::sync::RwLock;
use std::thread;

struct Map(RwLock<Vec<u32>>);

impl Map {
    fn len(&self) -> usize {
        self.0.read().unwrap().len() // (2)
    }
    fn mean(&self) -> f64 {
        let v = self.0.read().unwrap(); // (1)
        f64::from(v.iter().sum::<u32>()) / self.len() as f64
    }
}

pub fn main() {
    let m = Map(RwLock::new(vec![1, 2, 3])); // (A)
    thread::scope(|s| {
        let h = s.spawn(|| m.mean());
        while !h.is_finished() {
            thread::yield_now()
        }
        m.0.write().unwrap().push(9);
        println!("{}", h.join().unwrap());
    });
}
