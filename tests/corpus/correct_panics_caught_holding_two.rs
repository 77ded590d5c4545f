//! Panics are caught while two locks are held; both are poisoned and cleared; later the order is the same.
//! expect: none
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, RwLock};
use std::thread;

pub fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let a = Mutex::new(0);
    let b = RwLock::new(0);
    thread::scope(|s| {
        for i in 0..4 {
            let (a, b) = (&a, &b);
            s.spawn(move || {
                for j in 0..20 {
                    let r = catch_unwind(AssertUnwindSafe(|| {
                        let mut a = a.lock().unwrap_or_else(|e| e.into_inner());
                        let mut b = b.write().unwrap_or_else(|e| e.into_inner());
                        *a += 1;
                        *b += 1;
                        if (i + j) % 3 == 0 {
                            panic!("third");
                        }
                    }));
                    if r.is_err() {
                        a.clear_poison();
                        b.clear_poison();
                    }
                }
            });
        }
    });
    println!(
        "{} {}",
        a.lock().unwrap_or_else(|e| e.into_inner()),
        b.read().unwrap_or_else(|e| e.into_inner())
    );
}
