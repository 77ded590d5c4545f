//! The program's global allocator locks a `Mutex`, and counts what it gives out.
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::{Mutex, RwLock, mpsc};
use std::thread;

struct Counting(Mutex<u64>);

// SAFETY: memory comes from the system's allocator and goes back to it; the lock only counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut count = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *count += 1;
        // SAFETY: the caller keeps the rules of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let _count = self.0.lock();
        // SAFETY: the caller keeps the rules of `dealloc`; the pointer came from the same allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting(Mutex::new(0));

static SHARED: Mutex<Vec<String>> = Mutex::new(Vec::new());
static NAMES: RwLock<Vec<String>> = RwLock::new(Vec::new());

fn main() {
    let (sender, receiver) = mpsc::channel();
    let threads = [0, 1, 2, 3].map(|me| {
        let sender = sender.clone();
        thread::spawn(move || {
            for round in 0..2000 {
                let mut shared = SHARED.lock().unwrap();
                shared.push(format!("{me} {round}"));
                NAMES.write().unwrap().push(shared.len().to_string());
                drop(shared);
                sender.send(vec![round; 10]).unwrap();
                drop(Box::new(Mutex::new(round)).lock());
            }
        })
    });
    drop(sender);
    let received = receiver.into_iter().count();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    println!("{} {} {received}", SHARED.lock().unwrap().len(), NAMES.read().unwrap().len());
}
