//! A pool with one worker: its job submits a second job and waits for the answer.
//! expect: rule=deadlock grade=observed sites=1
use std::sync::mpsc::{self, Sender};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

fn ask(pool: &Sender<Job>, job: impl FnOnce() -> u32 + Send + 'static) -> u32 {
    let (answer, answers) = mpsc::channel();
    pool.send(Box::new(move || answer.send(job()).unwrap())).unwrap();
    answers.recv().unwrap() // (1)
}

pub fn main() {
    let (pool, jobs) = mpsc::channel::<Job>();
    let worker = thread::spawn(move || jobs.iter().for_each(|job| job()));
    let inner = pool.clone();
    println!("{}", ask(&pool, move || ask(&inner, || 1) + 1));
    drop(pool);
    worker.join().unwrap();
}
