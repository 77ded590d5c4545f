//! A thousand locks held at once; released from the oldest on, from the newest on, and mixed. Another thread takes the innermost and
//! the outermost in the opposite order.
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

static LOCKS: [Mutex<u32>; 1000] = [const { Mutex::new(0) }; 1000];
static DONE: AtomicBool = AtomicBool::new(false);

fn main() {
    let other = thread::spawn(|| {
        // No must-order with the main thread: an atomic only keeps the two apart.
        while !DONE.load(Ordering::Acquire) {
            thread::yield_now();
        }
        let _innermost = LOCKS[999].lock().unwrap();
        *LOCKS[0].lock().unwrap() += 1;
    });
    let hold_all = || LOCKS.iter().map(|lock| lock.lock().unwrap()).collect::<Vec<_>>();
    let mut guards = hold_all();
    guards.iter_mut().for_each(|guard| **guard += 1);
    drop(guards);
    let mut guards = hold_all();
    guards.reverse();
    drop(guards);
    let mut guards = hold_all();
    while !guards.is_empty() {
        drop(guards.swap_remove(guards.len() / 3));
    }
    DONE.store(true, Ordering::Release);
    other.join().unwrap();
    println!("{}", LOCKS.iter().map(|lock| *lock.lock().unwrap()).sum::<u32>());
}
