//! Guards released out of order, moved out of their scopes, into boxes, closures and structs. Afterwards nothing counts as held: a
//! stale A or B on the books would make an inversion of what the other thread does.
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard};
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: RwLock<u32> = RwLock::new(0);
static C: Mutex<u32> = Mutex::new(0);
static DONE: AtomicBool = AtomicBool::new(false);

struct Owner {
    _guard: MutexGuard<'static, u32>,
    read: Option<RwLockReadGuard<'static, u32>>,
}

fn moved() -> MutexGuard<'static, u32> {
    let boxed = Box::new(A.lock().unwrap());
    *boxed
}

fn main() {
    let other = thread::spawn(|| {
        // No must-order with the main thread: an atomic only keeps the two apart.
        while !DONE.load(Ordering::Acquire) {
            thread::yield_now();
        }
        let c = C.lock().unwrap();
        drop(A.lock().unwrap());
        drop(B.write().unwrap());
        drop(c);
    });
    for _ in 0..10 {
        let a = moved();
        let b = B.read().unwrap();
        drop(a);
        drop(b);
        drop(C.lock().unwrap());

        let owner = Owner { _guard: moved(), read: Some(B.read().unwrap()) };
        let release = move || drop(owner);
        release();
        drop(C.lock().unwrap());

        let mut owner = Owner { _guard: moved(), read: Some(B.read().unwrap()) };
        let read = owner.read.take();
        drop(owner);
        drop(read);
        drop(C.lock().unwrap());
    }
    DONE.store(true, Ordering::Release);
    other.join().unwrap();
    println!("done");
}
