//! Two threads.

use super::{Work, timed};
use crate::locks::Locks;
use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// Steps of a computation that takes about 100 ns.
const COMPUTED: u64 = 100;

/// Keeps the locks of two threads on cache lines of their own.
#[repr(align(256))]
struct Apart<T>(T);

/// Each has a mutex of its own.
pub fn apart<L: Locks>() -> Work {
    let own = [Apart(L::mutex()), Apart(L::mutex())];
    Box::new(move |count| {
        let start = Barrier::new(2);
        let took = thread::scope(|s| {
            let threads = own.each_ref().map(|own| {
                let start = &start;
                s.spawn(move || {
                    // The thread's first lock sets up what the implementation keeps for it.
                    drop(L::lock(&own.0));
                    start.wait();
                    timed(count, |_| drop(L::lock(&own.0)))
                })
            });
            threads.map(|thread| thread.join().expect("it only locks"))
        });
        (took[0] + took[1]) / 2
    })
}

/// Both want one mutex.
pub fn contended<L: Locks>() -> Work {
    let mutex = L::mutex();
    let own = [Apart(L::mutex()), Apart(L::mutex())];
    Box::new(move |count| {
        let halves = [count / 2, count - count / 2];
        let threads = [0, 1].map(|thread: usize| (&own[thread].0, halves[thread]));
        both(threads, |(own, count)| {
            drop(L::lock(own));
            let mutex = &mutex;
            move || {
                for _ in 0..count {
                    let mut guard = L::lock(mutex);
                    for n in 0..COMPUTED {
                        *guard = black_box(guard.wrapping_mul(31) ^ n);
                    }
                }
            }
        })
    })
}

/// Each waits until the number is odd, or even, and makes it the other.
pub fn condvar<L: Locks>() -> Work {
    let mutex = L::mutex();
    let condvar = L::condvar();
    Box::new(move |count| {
        // Locking changes the number, so the turn is kept in its high half.
        let turn = |number: u64| number >> 32 & 1;
        *L::lock(&mutex) = 0;
        both([0, 1], |own| {
            let (mutex, condvar) = (&mutex, &condvar);
            move || {
                for _ in 0..count {
                    let mut guard = L::lock(mutex);
                    while turn(*guard) != own {
                        guard = L::wait(condvar, guard);
                    }
                    *guard ^= 1 << 32;
                    drop(guard);
                    L::notify(condvar);
                }
            }
        })
    })
}

/// From the moment that both are ready until both are done.
fn both<A: Send, W: FnOnce()>(own: [A; 2], prepare: impl Fn(A) -> W + Sync) -> Duration {
    let ready = Barrier::new(3);
    thread::scope(|s| {
        let threads = own.map(|own| {
            let (ready, prepare) = (&ready, &prepare);
            s.spawn(move || {
                let work = prepare(own);
                ready.wait();
                work();
            })
        });
        ready.wait();
        let start = Instant::now();
        for thread in threads {
            thread.join().expect("it only locks");
        }
        start.elapsed()
    })
}
