//! Two jobs of a pool lock each other out while other workers idle on a condition variable.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2 threads=2
use std::collections::VecDeque;
use std::sync::{Arc, Barrier, Condvar, Mutex, mpsc};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Queue {
    jobs: Mutex<VecDeque<Job>>,
    more: Condvar,
}

fn worker(q: &Queue) {
    loop {
        let mut jobs = q.jobs.lock().unwrap();
        let job = loop {
            match jobs.pop_front() {
                Some(job) => break job,
                None => jobs = q.more.wait(jobs).unwrap(),
            }
        };
        drop(jobs);
        job();
    }
}

pub fn main() {
    let q = Arc::new(Queue::default());
    for i in 0..6 {
        let q = q.clone();
        thread::Builder::new().name(format!("w{i}")).spawn(move || worker(&q)).unwrap();
    }
    let x = Arc::new(Mutex::new(0)); // (A)
    let y = Arc::new(Mutex::new(0)); // (B)
    let meet = Arc::new(Barrier::new(2));
    let (done, dones) = mpsc::channel();
    for (a, b) in [(x.clone(), y.clone()), (y, x)] {
        let (meet, done) = (meet.clone(), done.clone());
        q.jobs.lock().unwrap().push_back(Box::new(move || {
            let a = a.lock().unwrap(); // (1)
            meet.wait();
            let b = b.lock().unwrap(); // (2)
            done.send(*a + *b).unwrap();
        }));
        q.more.notify_one();
    }
    drop(done);
    let sums: Vec<i32> = dones.iter().collect();
    assert_eq!(sums.len(), 2, "a job was lost");
    println!("{sums:?}");
}
