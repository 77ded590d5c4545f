//! Pauses between attempts to acquire what cannot be waited for with a limit.

use super::limit::Limit;
use std::cell::Cell;
use std::hint;
use std::thread;
use std::time::{Duration, Instant};

/// Attempts after which a thread no longer only spins.
const SPINS: u32 = 4;
/// Attempts after which it no longer only yields.
const YIELDS: u32 = 10;
/// The first sleep is at most this long; each next one at most twice as long.
const SHORTEST: Duration = Duration::from_micros(20);
/// No sleep is longer: what a waiter may come late after a release.
const LONGEST: Duration = Duration::from_millis(2);

/// The pauses of one call: spinning, yielding, then sleeping for random times that grow up to a bound.
///
/// The times are random so that threads that began to wait together do not wake in step and collide again and again (R. M. Metcalfe
/// and D. R. Boggs, "Ethernet: distributed packet switching for local computer networks", 1976).
#[derive(Debug)]
pub(super) struct Backoff {
    limit: Limit,
    attempts: u32,
}

impl Backoff {
    pub(super) fn until(limit: Limit) -> Self {
        Self { limit, attempts: 0 }
    }

    /// Pauses before the next attempt; `false`, at once, when the limit is reached. The last pause ends at the limit, and
    /// one attempt follows it.
    pub(super) fn pause(&mut self) -> bool {
        let Some(left) = self.limit.left() else { return false };
        self.attempts += 1;
        if self.attempts <= SPINS {
            (0..1 << self.attempts).for_each(|_| hint::spin_loop());
        } else if self.attempts <= YIELDS {
            thread::yield_now();
        } else {
            thread::sleep(sleep(self.attempts - YIELDS).min(left));
        }
        true
    }
}

/// A random time for the sleep with this ordinal, from 1: between half its bound and the bound.
fn sleep(ordinal: u32) -> Duration {
    let bound = SHORTEST.saturating_mul(1 << ordinal.min(16)).min(LONGEST);
    let half = (bound / 2).as_nanos() as u64;
    Duration::from_nanos(half + random() % (half + 1))
}

/// The next number of this thread's own generator (G. Marsaglia, "Xorshift RNGs", 2003).
fn random() -> u64 {
    thread_local! {
        // Without a destructor, so that it can be used while other thread locals are destroyed.
        static STATE: Cell<u64> = const { Cell::new(0) };
    }
    STATE.with(|state| {
        let mut x = match state.get() {
            0 => seed(std::ptr::from_ref(state) as u64),
            x => x,
        };
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        state.set(x);
        x
    })
}

/// A first state, not 0: threads differ by the address of their state, processes by the time.
fn seed(address: u64) -> u64 {
    // An instant has no number; the time since another one has.
    let start = Instant::now();
    thread::yield_now();
    let time = start.elapsed().as_nanos() as u64;
    // The multiplier spreads neighbouring addresses over all bits (it is 2^64 divided by the golden ratio).
    ((address ^ time.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)) | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeps_are_bounded_and_differ() {
        let times: Vec<Duration> = (1..200).map(sleep).collect();
        assert!(times.iter().all(|time| *time <= LONGEST && *time >= SHORTEST / 2));
        let late = &times[20..];
        let distinct: std::collections::BTreeSet<_> = late.iter().collect();
        assert!(distinct.len() > late.len() / 2, "{late:?}");
    }

    #[test]
    fn threads_do_not_draw_the_same_times() {
        let draw = || (0..8).map(|_| random()).collect::<Vec<_>>();
        // Both threads live at once, so that one does not get the other's memory.
        let barrier = std::sync::Barrier::new(2);
        let draw = || {
            barrier.wait();
            let drawn = draw();
            barrier.wait();
            drawn
        };
        let (one, other) = thread::scope(|scope| {
            let threads = (scope.spawn(draw), scope.spawn(draw));
            (threads.0.join().expect("no panic"), threads.1.join().expect("no panic"))
        });
        assert_ne!(one, other);
    }

    #[test]
    fn it_ends_at_the_limit() {
        let mut backoff = Backoff::until(Limit::after(Duration::from_millis(5)));
        while backoff.pause() {}
        assert!(!backoff.pause());
        assert!(!Backoff::until(Limit::after(Duration::ZERO)).pause());
    }
}
