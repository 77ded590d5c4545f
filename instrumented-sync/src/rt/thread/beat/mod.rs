// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The beat: a clock for threads that lock so often that reading the real one would cost more than their locks.
//!
//! A look at the time-stamp counter takes 9 ns on a Zen 4, where a lock and its release take 4. So a process of which some thread
//! takes more than about a million locks a second gets a *beat*: a number that a thread of ours ([`pulse`]) raises every
//! millisecond. Other threads read the clock at their first acquisition in each beat, and from there count on by one for
//! each acquisition. A time is then too early by a beat at most (or by as long as [`pulse`] is kept from running); the
//! order within a thread is kept, and the order of a lock's acquisitions is its own count. In all other processes, and
//! wherever a thread waits, receives or does anything but take a lock or send, the clock is read.
//!
//! A program of one thread must keep it, so there is no pulse. Its times need not agree with those of others: once it is
//! fast, it reads the clock once in a block of its ring, and counts on by one for each acquisition in between.

pub(crate) mod pulse;

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// There is no beat: the clock is read each time.
pub(crate) const NONE: u64 = 0;
/// The program has one thread, which needs no beat to agree with others: while it is fast it counts on for a block of events.
pub(crate) const ALONE: u64 = 1;

/// Alone on its cache line, and on the one that is fetched with it: all threads read it at each acquisition.
#[repr(align(128))]
pub(crate) struct Beat(pub(crate) AtomicU64);

pub(crate) static BEAT: Beat = Beat(AtomicU64::new(ALONE));

/// Whether a thread has needed the beat since the last time that the pulse asked.
pub(crate) static NEEDED: AtomicBool = AtomicBool::new(false);

/// What a thread knows of the beat.
#[derive(Debug)]
pub(crate) struct ThreadBeat {
    /// The beat in which it last read the clock; never one of those that come when it reads the clock each time.
    pub(crate) seen: Cell<u64>,
    /// The clock then, less the acquisitions so far.
    pub(crate) base: Cell<u64>,
    /// The clock at the last measurement, or the acquisitions at the last beat.
    pub(crate) mark: Cell<u64>,
    /// Whether it was fast when it last measured, while it was alone.
    pub(crate) is_fast: Cell<bool>,
}

/// The program gets a second thread.
#[cold]
pub(crate) fn end_alone() {
    // Relaxed: what comes after is ordered by the start of that thread. A thread that comes from elsewhere may find the first one
    // counting on for the rest of its block; not so when races are looked for, see `stop_for_race`.
    _ = BEAT.0.compare_exchange(ALONE, NONE, Ordering::Relaxed, Ordering::Relaxed);
}

impl ThreadBeat {
    pub(crate) const fn new() -> Self {
        Self {
            seen: Cell::new(u64::MAX),
            base: Cell::new(0),
            mark: Cell::new(0),
            is_fast: Cell::new(false),
        }
    }
}
