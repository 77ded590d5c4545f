//! Five philosophers eat one after the other; only the last one's forks close the ring.
//! expect: rule=lock-order-inversion grade=possible locks=A sites=1,2
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

pub fn main() {
    let forks: [Mutex<u32>; 5] = std::array::from_fn(|_| Mutex::new(0)); // (A)
    let turn = AtomicUsize::new(0);
    thread::scope(|s| {
        for seat in 0..5 {
            let (forks, turn) = (&forks, &turn);
            s.spawn(move || {
                for _ in 0..3000 {
                    if turn.load(Ordering::Acquire) == seat {
                        break;
                    }
                    thread::sleep(Duration::from_millis(1));
                }
                {
                    let mut left = forks[seat].lock().unwrap(); // (1)
                    let mut right = forks[(seat + 1) % 5].lock().unwrap(); // (2)
                    *left += 1;
                    *right += 1;
                }
                turn.fetch_add(1, Ordering::AcqRel);
            });
        }
    });
    println!("{}", forks.iter().map(|fork| *fork.lock().unwrap()).sum::<u32>());
}
