//! A pool whose workers share a receiver, with a shutdown that closes the channel and joins.
//! expect: none
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send>;

struct Pool {
    jobs: Option<mpsc::Sender<Job>>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    fn new(size: usize) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        let workers = (0..size)
            .map(|number| {
                let queue = Arc::clone(&queue);
                let run = move || {
                    loop {
                        let next = queue.lock().unwrap().recv();
                        let Ok(job) = next else { return };
                        job();
                    }
                };
                thread::Builder::new().name(format!("pool-{number}")).spawn(run).unwrap()
            })
            .collect();
        Self { jobs: Some(jobs), workers }
    }

    fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.jobs.as_ref().unwrap().send(Box::new(job)).unwrap();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.jobs.take();
        for worker in self.workers.drain(..) {
            worker.join().unwrap();
        }
    }
}

pub fn main() {
    let total = Arc::new(Mutex::new(0));
    let pool = Pool::new(3);
    for n in 0..100 {
        let total = Arc::clone(&total);
        pool.run(move || *total.lock().unwrap() += n);
    }
    drop(pool);
    println!("{}", total.lock().unwrap());
}
