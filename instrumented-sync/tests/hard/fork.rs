//! A process forks, again and again, while its other threads work; the children lock, in threads of their own as well.
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

static WORK: [Mutex<u64>; 4] = [const { Mutex::new(0) }; 4];
static FREE: [Mutex<u64>; 2] = [const { Mutex::new(0) }; 2];
static DONE: AtomicBool = AtomicBool::new(false);
const CHILDREN: usize = 5;

unsafe extern "C" {
    fn fork() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
}

fn work(me: usize) {
    while !DONE.load(Ordering::Relaxed) {
        let mut mine = WORK[me].lock().unwrap();
        *WORK[me + 1].lock().unwrap() += 1;
        *mine += 1;
    }
}

/// Only locks that no thread of the parent uses: theirs may be held for ever in the child, with plain std as well.
fn child() -> ! {
    let together = Barrier::new(2);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                together.wait();
                for _ in 0..1000 {
                    let mut outer = FREE[0].lock().unwrap();
                    *FREE[1].lock().unwrap() += 1;
                    *outer += 1;
                }
            });
        }
    });
    let sum = *FREE[0].lock().unwrap() + *FREE[1].lock().unwrap();
    std::process::exit(if sum == 4000 { 7 } else { 8 });
}

fn main() {
    let started = Barrier::new(3);
    thread::scope(|s| {
        for me in [0, 2] {
            let started = &started;
            s.spawn(move || {
                started.wait();
                work(me);
            });
        }
        started.wait();
        for _ in 0..CHILDREN {
            // SAFETY: the child uses nothing that another thread of the parent may have held.
            let pid = unsafe { fork() };
            assert!(pid >= 0);
            if pid == 0 {
                child();
            }
            let mut status = 0;
            // SAFETY: the status is a valid place.
            assert_eq!(unsafe { waitpid(pid, &mut status, 0) }, pid);
            assert_eq!(status, 7 << 8);
        }
        DONE.store(true, Ordering::Relaxed);
    });
    assert_eq!(*FREE[0].lock().unwrap(), 0, "a child's memory is its own");
    println!("{CHILDREN} children");
}
