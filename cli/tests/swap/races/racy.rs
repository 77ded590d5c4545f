//! Each function has one race. Its places are marked by its name, at the ends of their lines.

mod shared;

use shared::{Pointer, Shared};
use std::hint::black_box;
use std::rc::Rc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, fence};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;

/// Two threads do it.
fn twice(what: impl Fn(usize) + Send + Sync + 'static) {
    let what = Arc::new(what);
    let threads: Vec<_> = (0..2)
        .map(|which| {
            let what = Arc::clone(&what);
            thread::spawn(move || what(which))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

static mut TOTAL: u64 = 0;

fn static_counter() {
    twice(|_| unsafe { TOTAL += 1 }); // static_counter
}

fn one_byte() {
    let bytes: Arc<[Shared<u8>; 8]> = Arc::new([const { Shared::new(0) }; 8]);
    twice(move |which| unsafe {
        *bytes[5].at() = 1; // one_byte
        *bytes[which].at() = 1;
    });
}

fn relaxed_flag() {
    let (data, is_ready) = (Arc::new(Shared::new(0)), Arc::new(AtomicBool::new(false)));
    let (their_data, their_flag) = (Arc::clone(&data), Arc::clone(&is_ready));
    let thread = thread::spawn(move || {
        unsafe { *their_data.at() = 7 }; // relaxed_flag
        their_flag.store(true, Relaxed);
    });
    while !is_ready.load(Acquire) {
        thread::yield_now();
    }
    black_box(unsafe { *data.at() }); // relaxed_flag
    thread.join().unwrap();
}

fn late_fence() {
    let (data, is_ready) = (Arc::new(Shared::new(0)), Arc::new(AtomicBool::new(false)));
    let (their_data, their_flag) = (Arc::clone(&data), Arc::clone(&is_ready));
    let thread = thread::spawn(move || {
        unsafe { *their_data.at() = 7 }; // late_fence
        their_flag.store(true, Relaxed);
        fence(Release);
    });
    while !is_ready.load(Relaxed) {
        thread::yield_now();
    }
    fence(Acquire);
    black_box(unsafe { *data.at() }); // late_fence
    thread.join().unwrap();
}

fn two_locks() {
    let (data, locks) = (Shared::new(0), [Mutex::new(()), Mutex::new(())]);
    twice(move |which| {
        let _guard = locks[which].lock().unwrap();
        unsafe { *data.at() += 1 }; // two_locks
    });
}

fn counted() {
    struct Sent(Rc<u64>);
    // Wrong: its count is no atomic.
    unsafe impl Send for Sent {}
    let value = Rc::new(5);
    let sent = Sent(Rc::clone(&value));
    let thread = thread::spawn(move || {
        let sent = sent;
        _ = black_box(Rc::clone(&sent.0)); // counted
        std::mem::forget(sent);
    });
    _ = black_box(Rc::clone(&value)); // counted
    thread.join().unwrap();
}

fn copied() {
    let mut bytes = vec![0_u8; 256];
    let to = Pointer(bytes.as_mut_ptr());
    let other = to.clone();
    thread::scope(|scope| {
        scope.spawn(move || unsafe {
            let to = to;
            to.0.copy_from_nonoverlapping([1; 100].as_ptr(), black_box(100)); // copied
        });
        scope.spawn(move || unsafe {
            let other = other;
            *other.0.add(50) = 3; // copied
        });
    });
}

fn freed() {
    let block = Pointer(Box::into_raw(Box::new([7_u64; 8])));
    let (other, (done, is_done)) = (block.clone(), mpsc::channel());
    let reader = thread::spawn(move || {
        let other = other;
        black_box(unsafe { (*other.0)[3] }); // freed
        // Only that it has happened, as far as the clock goes.
        while is_done.try_recv().is_err() {
            thread::yield_now();
        }
    });
    let owner = thread::spawn(move || {
        let block = block;
        thread::sleep(std::time::Duration::from_millis(20));
        drop(unsafe { Box::from_raw(block.0) }); // freed
        done.send(()).unwrap();
    });
    owner.join().unwrap();
    reader.join().unwrap();
}

fn mixed() {
    let value = Arc::new(AtomicU32::new(0));
    let other = Arc::clone(&value);
    let thread = thread::spawn(move || other.store(1, Release)); // mixed
    unsafe { *value.as_ptr() += 1 }; // mixed
    thread.join().unwrap();
}

fn released_early() {
    let (data, lock) = (Shared::new(0), AtomicBool::new(false));
    twice(move |_| {
        while lock.swap(true, Acquire) {
            thread::yield_now();
        }
        unsafe { *data.at() += 1 }; // released_early
        lock.store(false, Relaxed);
    });
}

fn told_too_soon() {
    let shared = Arc::new((Mutex::new(false), Condvar::new(), Shared::new(0)));
    let other = Arc::clone(&shared);
    let thread = thread::spawn(move || {
        *other.0.lock().unwrap() = true;
        other.1.notify_one();
        unsafe { *other.2.at() = 4 }; // told_too_soon
    });
    let mut is_told = shared.0.lock().unwrap();
    while !*is_told {
        is_told = shared.1.wait(is_told).unwrap();
    }
    drop(is_told);
    black_box(unsafe { *shared.2.at() }); // told_too_soon
    thread.join().unwrap();
}

fn uncounted() {
    struct Inner {
        count: AtomicUsize,
        value: u64,
    }
    let inner = Pointer(Box::into_raw(Box::new(Inner { count: AtomicUsize::new(2), value: 1 })));
    twice(move |_| unsafe {
        let inner = &inner;
        black_box((*inner.0).value); // uncounted
        if (*inner.0).count.fetch_sub(1, Relaxed) == 1 {
            drop(Box::from_raw(inner.0)); // uncounted
        }
    });
}

fn main() {
    let all: &[(&str, fn())] = &[
        ("static_counter", static_counter),
        ("one_byte", one_byte),
        ("relaxed_flag", relaxed_flag),
        ("late_fence", late_fence),
        ("two_locks", two_locks),
        ("counted", counted),
        ("copied", copied),
        ("freed", freed),
        ("mixed", mixed),
        ("released_early", released_early),
        ("told_too_soon", told_too_soon),
        ("uncounted", uncounted),
    ];
    let wanted = std::env::args().nth(1).unwrap();
    all.iter().filter(|(name, _)| *name == wanted).for_each(|(_, race)| race());
}
