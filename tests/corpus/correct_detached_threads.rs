//! Detached threads report by a channel; nobody joins them.
//! expect: none
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

pub fn main() {
    let state = Arc::new((Mutex::new(0), Mutex::new(0)));
    let (done, reports) = mpsc::channel();
    for n in 0..5 {
        let (state, done) = (Arc::clone(&state), done.clone());
        thread::spawn(move || {
            {
                let mut outer = state.0.lock().unwrap();
                *state.1.lock().unwrap() += n;
                *outer += 1;
            }
            done.send(n).unwrap();
        });
    }
    drop(done);
    println!("{} {}", reports.iter().sum::<u32>(), state.1.lock().unwrap());
}
