//! One thread, many locks, two at a time.

use super::{Work, nested, timed};
use crate::locks::Locks;
use std::cell::Cell;

/// So many locks fit into no cache.
pub const MANY: u32 = 100_000;

/// Pairs that are used in turns: more than any cache of recent nestings holds.
const PAIRS: usize = 1 << 16;

/// Half of the locks are the outer ones of new pairs, half the inner ones.
const HALF: u64 = MANY as u64 / 2;

/// Steps through each half, which have no factor in common with it: all of its locks come, in a scattered order.
const OUTER_STEP: u64 = 7_919;
const INNER_STEP: u64 = 31_337;

fn mutexes<L: Locks>(count: u32) -> Vec<L::Mutex> {
    (0..count).map(|_| L::mutex()).collect()
}

/// Random ascending pairs, which come again after [`PAIRS`].
pub fn repeated<L: Locks>(locks: u32) -> Work {
    let mutexes = mutexes::<L>(locks);
    let pairs = random(locks);
    Box::new(move |count| {
        timed(count, |n| {
            let (low, high) = pairs[n as usize % PAIRS];
            nested::<L>(&mutexes[low as usize], &mutexes[high as usize]);
        })
    })
}

/// Ascending pairs, none of which came before.
pub fn new<L: Locks>() -> Work {
    let mutexes = mutexes::<L>(MANY);
    let first = Cell::new(0);
    Box::new(move |count| {
        let start = first.replace(first.get() + count);
        timed(count, |n| {
            let (low, high) = unseen(start + n);
            nested::<L>(&mutexes[low], &mutexes[high]);
        })
    })
}

/// The `n`th of 2,500,000,000 different pairs.
#[inline(always)]
const fn unseen(n: u64) -> (usize, usize) {
    // In each pass every outer lock comes once, and gets another inner one than in all passes before.
    let (pass, n) = (n / HALF, n % HALF);
    ((n * OUTER_STEP % HALF) as usize, (HALF + (n + pass) * INNER_STEP % HALF) as usize)
}

/// Random ascending pairs below `bound`, the same in every process.
fn random(bound: u32) -> Vec<(u32, u32)> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn unseen_pairs_ascend_and_differ() {
        let count = 5 * HALF;
        let pairs: HashSet<_> = (0..count).map(unseen).collect();
        assert_eq!(pairs.len() as u64, count);
        assert!(pairs.iter().all(|&(low, high)| low < high && high < MANY as usize));
    }
}
