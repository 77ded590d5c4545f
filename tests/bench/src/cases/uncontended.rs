//! One thread, a few locks, always the same ones.

use super::{Work, nested, timed};
use crate::locks::Locks;
use std::hint::black_box;

pub fn lock<L: Locks>() -> Work {
    let mutex = L::mutex();
    Box::new(move |count| timed(count, |_| drop(L::lock(&mutex))))
}

pub fn nested_pair<L: Locks>() -> Work {
    let (outer, inner) = (L::mutex(), L::mutex());
    Box::new(move |count| timed(count, |_| nested::<L>(&outer, &inner)))
}

pub fn depth_8<L: Locks>() -> Work {
    let mutexes: [L::Mutex; 8] = std::array::from_fn(|_| L::mutex());
    Box::new(move |count| {
        let [a, b, c, d, e, f, g, h] = &mutexes;
        timed(count, |_| {
            // Named guards unlock in reverse order, as in code that people write.
            let _a = L::lock(a);
            let _b = L::lock(b);
            let _c = L::lock(c);
            let _d = L::lock(d);
            let _e = L::lock(e);
            let _f = L::lock(f);
            let _g = L::lock(g);
            let _h = L::lock(h);
        })
    })
}

pub fn read<L: Locks>() -> Work {
    let rwlock = L::rwlock();
    Box::new(move |count| timed(count, |_| L::read(&rwlock)))
}

pub fn write<L: Locks>() -> Work {
    let rwlock = L::rwlock();
    Box::new(move |count| timed(count, |_| L::write(&rwlock)))
}

pub fn create_and_drop<L: Locks>() -> Work {
    Box::new(|count| {
        timed(count, |_| {
            let mutex = L::mutex();
            drop(L::lock(black_box(&mutex)));
        })
    })
}
