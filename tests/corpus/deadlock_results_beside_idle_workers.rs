//! Main waits for results while it has a sender of them itself. Three workers are idle: they wait for work, and have nothing to do with it.
//! expect: rule=deadlock grade=observed sites=1 locks=A threads=4
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

pub fn main() {
    let (work, todo) = mpsc::channel::<u64>();
    let todo = Arc::new(Mutex::new(todo));
    let (done, results) = mpsc::channel(); // (A)
    for _ in 0..3 {
        let (todo, done) = (Arc::clone(&todo), done.clone());
        thread::spawn(move || {
            loop {
                let job = todo.lock().unwrap().recv();
                let Ok(n) = job else { break };
                done.send(n * n).unwrap();
            }
        });
    }
    for n in 0..10 {
        work.send(n).unwrap();
    }
    let mut sum = 0;
    for result in &results {
        // (1)
        sum += result;
    }
    drop((work, done));
    println!("{sum}");
}
