//! What is measured.

use crate::locks::Locks;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// A way of using locks.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// In the table.
    pub name: &'static str,
    /// What one operation is.
    pub operation: &'static str,
}

/// All cases, in the order of [`Cases::run`]'s numbers.
pub const CASES: [Case; 7] = [
    Case { name: "lock", operation: "lock and unlock one mutex that nobody else wants" },
    Case {
        name: "nested pair",
        operation: "lock two mutexes, the same ones in the same order; unlock both",
    },
    Case { name: "depth 8", operation: "lock eight mutexes, one in the other; unlock all" },
    Case {
        name: "pairs of 1,000",
        operation: "as the nested pair, the next of 65,536 random ascending pairs out of 1,000 mutexes",
    },
    Case { name: "pairs of 100,000", operation: "as before, out of 100,000 mutexes" },
    Case { name: "read", operation: "lock and unlock one RwLock for reading" },
    Case {
        name: "two threads",
        operation: "lock and unlock, two threads at once, each with a mutex of its own; per thread",
    },
];

/// Pairs that are used in turns: more than any cache of recent nestings holds.
const PAIRS: usize = 1 << 16;

/// The locks of an implementation, made once, so that slices measure the steady state.
#[derive(Debug)]
pub struct Cases<L: Locks> {
    few: Vec<L::Mutex>,
    thousand: Vec<L::Mutex>,
    many: Vec<L::Mutex>,
    rwlock: L::RwLock,
    thousand_pairs: Vec<(u32, u32)>,
    many_pairs: Vec<(u32, u32)>,
    own: [Apart<L::Mutex>; 2],
}

/// Keeps the locks of two threads on cache lines of their own.
#[derive(Debug)]
#[repr(align(256))]
struct Apart<T>(T);

impl<L: Locks> Cases<L> {
    /// Makes all locks.
    pub fn new() -> Self {
        L::prepare();
        let mutexes = |count: usize| (0..count).map(|_| L::mutex()).collect::<Vec<_>>();
        Self {
            few: mutexes(8),
            thousand: mutexes(1_000),
            many: mutexes(100_000),
            rwlock: L::rwlock(),
            thousand_pairs: pairs(1_000),
            many_pairs: pairs(100_000),
            own: [Apart(L::mutex()), Apart(L::mutex())],
        }
    }

    /// Does a case `count` times; tells how long it took.
    pub fn run(&self, case: usize, count: u64) -> Duration {
        match case {
            0 => timed(count, |_| drop(L::lock(&self.few[0]))),
            1 => timed(count, |_| nested::<L>(&self.few[0], &self.few[1])),
            2 => timed(count, |_| {
                let [a, b, c, d, e, f, g, h] = &self.few[..] else {
                    unreachable!("eight were made")
                };
                // Named guards unlock in reverse order, as in code that people write.
                let _a = L::lock(a);
                let _b = L::lock(b);
                let _c = L::lock(c);
                let _d = L::lock(d);
                let _e = L::lock(e);
                let _f = L::lock(f);
                let _g = L::lock(g);
                let _h = L::lock(h);
            }),
            3 => pairwise::<L>(count, &self.thousand, &self.thousand_pairs),
            4 => pairwise::<L>(count, &self.many, &self.many_pairs),
            5 => timed(count, |_| L::read(&self.rwlock)),
            _ => self.two_threads(count),
        }
    }

    fn two_threads(&self, count: u64) -> Duration {
        let start = Barrier::new(2);
        let took = thread::scope(|s| {
            let threads = self.own.each_ref().map(|own| {
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
    }
}

#[inline(always)]
fn timed(count: u64, mut operation: impl FnMut(u64)) -> Duration {
    let start = Instant::now();
    for n in 0..count {
        operation(n);
    }
    start.elapsed()
}

#[inline(always)]
fn nested<L: Locks>(outer: &L::Mutex, inner: &L::Mutex) {
    let _outer = L::lock(outer);
    let _inner = L::lock(inner);
}

fn pairwise<L: Locks>(count: u64, locks: &[L::Mutex], pairs: &[(u32, u32)]) -> Duration {
    timed(count, |n| {
        let (low, high) = pairs[n as usize % PAIRS];
        nested::<L>(&locks[low as usize], &locks[high as usize]);
    })
}

/// Random ascending pairs below `bound`, the same in every process.
fn pairs(bound: u32) -> Vec<(u32, u32)> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as u32 % bound
    };
    let mut pairs = Vec::with_capacity(PAIRS);
    while pairs.len() < PAIRS {
        let (one, other) = (next(), next());
        if one != other {
            pairs.push((one.min(other), one.max(other)));
        }
    }
    pairs
}
