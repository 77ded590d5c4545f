//! Ten thousand threads, all alive at once, each with a lock of its own and shared ones; then a thousand more, one after the other.
use std::sync::{Barrier, Mutex};
use std::thread;

const THREADS: usize = 10_000;

static SHARED: [Mutex<u64>; 2] = [const { Mutex::new(0) }; 2];
static ALIVE: Barrier = Barrier::new(THREADS + 1);

fn work() {
    let own = Mutex::new(0);
    for _ in 0..3 {
        let mut own = own.lock().unwrap();
        let mut outer = SHARED[0].lock().unwrap();
        *SHARED[1].lock().unwrap() += 1;
        *outer += 1;
        *own += 1;
    }
}

fn main() {
    let spawn = |wait: bool| {
        let body = move || {
            work();
            if wait {
                ALIVE.wait();
            }
        };
        thread::Builder::new().stack_size(64 << 10).spawn(body).unwrap()
    };
    let threads: Vec<_> = (0..THREADS).map(|_| spawn(true)).collect();
    ALIVE.wait();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    for _ in 0..1000 {
        spawn(false).join().unwrap();
    }
    println!("{} {}", SHARED[0].lock().unwrap(), peak_megabytes() < 1024);
}

/// The most memory that was ever resident.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}
