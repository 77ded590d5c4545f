//! Locks are dropped and new ones take their addresses; each pair has its own order.
//! expect: none
use std::sync::Mutex;
use std::thread;

pub fn main() {
    thread::scope(|s| {
        for worker in 0..2 {
            s.spawn(move || {
                for round in 0..200 {
                    let pair = Box::new([Mutex::new(round), Mutex::new(worker)]);
                    let (first, second) =
                        if round % 2 == 0 { (&pair[0], &pair[1]) } else { (&pair[1], &pair[0]) };
                    let _first = first.lock().unwrap();
                    let _second = second.lock().unwrap();
                }
            });
        }
    });
    println!("done");
}
