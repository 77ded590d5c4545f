//! A pool joins its workers before it drops the sender. Who waits for the shared receiver's lock would only wait for a job, too;
//! it is main's join that never ends.
//! expect: rule=deadlock grade=observed sites=1,2
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send>;

struct Pool {
    workers: Vec<JoinHandle<()>>,
    jobs: mpsc::Sender<Job>,
}

fn work(jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap().recv(); // (1)
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}

impl Pool {
    fn new(size: usize) -> Self {
        let (jobs, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let worker = || {
            let receiver = Arc::clone(&receiver);
            thread::spawn(move || work(&receiver))
        };
        Self { workers: (0..size).map(|_| worker()).collect(), jobs }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for worker in self.workers.drain(..) {
            worker.join().unwrap(); // (2)
        }
    }
}

pub fn main() {
    let pool = Pool::new(3);
    let (sender, results) = mpsc::channel();
    for number in 0..5 {
        let sender = sender.clone();
        pool.jobs.send(Box::new(move || sender.send(number).unwrap())).unwrap();
    }
    drop(sender);
    println!("{}", results.iter().sum::<u32>());
}
