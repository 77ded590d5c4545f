//! Three stages over bounded and rendezvous channels, with a lock for statistics that is never held across a wait.
//! expect: none
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

pub fn main() {
    let stats = Arc::new(Mutex::new([0_u32; 2]));
    let (to_square, squares) = mpsc::sync_channel::<u32>(2);
    let (to_sum, sums) = mpsc::sync_channel::<u32>(0);
    let square_stats = Arc::clone(&stats);
    let square = thread::spawn(move || {
        for n in squares {
            square_stats.lock().unwrap()[0] += 1;
            to_sum.send(n * n).unwrap();
        }
    });
    let sum_stats = Arc::clone(&stats);
    let sum = thread::spawn(move || {
        let mut total = 0;
        while let Ok(n) = sums.recv() {
            sum_stats.lock().unwrap()[1] += 1;
            total += n;
        }
        total
    });
    for n in 0..20 {
        to_square.send(n).unwrap();
    }
    drop(to_square);
    square.join().unwrap();
    println!("{} {:?}", sum.join().unwrap(), stats.lock().unwrap());
}
