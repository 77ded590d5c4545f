//! Three thousand threads, one after the other, each of which holds 300 locks at once: what one took is used again by the next. Then 300
//! threads alive at once. Prints whether the process has few mappings beside those of stacks.
use std::sync::{Barrier, Mutex};
use std::thread;

const ALIVE: usize = 300;

static LOCKS: [Mutex<u64>; 300] = [const { Mutex::new(0) }; 300];

fn hold_all() {
    let guards: Vec<_> = LOCKS.iter().map(|lock| lock.lock().unwrap()).collect();
    std::hint::black_box(guards.len());
}

fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps").unwrap().lines().count()
}

fn main() {
    for _ in 0..3_000 {
        thread::spawn(hold_all).join().unwrap();
    }
    let after = mappings();
    let alive = Barrier::new(ALIVE + 1);
    let most = thread::scope(|s| {
        for _ in 0..ALIVE {
            s.spawn(|| {
                hold_all();
                alive.wait();
                alive.wait();
            });
        }
        alive.wait();
        let most = mappings();
        alive.wait();
        most
    });
    // A stack and its guard, and the same for signals.
    println!("{} {}", after < 150, most < after + ALIVE * 4 + 100);
}
