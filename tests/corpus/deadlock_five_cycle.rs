//! Five philosophers, all with the left fork in hand; the locks come from one line and the calls too.
//! expect: rule=deadlock grade=observed locks=A sites=1,2 threads=5
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

pub fn main() {
    let forks: Arc<[Mutex<u32>; 5]> = Arc::new(std::array::from_fn(|_| Mutex::new(0))); // (A)
    let seated = Arc::new(Barrier::new(5));
    let diners: Vec<_> = (0..5)
        .map(|seat| {
            let (forks, seated) = (Arc::clone(&forks), Arc::clone(&seated));
            let name = format!("philosopher-{seat}");
            let dine = move || {
                let mut left = forks[seat].lock().unwrap(); // (1)
                seated.wait();
                let mut right = forks[(seat + 1) % 5].lock().unwrap(); // (2)
                *left += 1;
                *right += 1;
            };
            thread::Builder::new().name(name).spawn(dine).unwrap()
        })
        .collect();
    for diner in diners {
        diner.join().unwrap();
    }
}
