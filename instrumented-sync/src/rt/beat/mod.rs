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

mod pulse;

use super::local::Local;
use super::{clock, race};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use syncscope_recording::layout::slot;

pub(super) use pulse::{forget, is_pulse, stop_for_race};

/// There is no beat: the clock is read each time.
const NONE: u64 = 0;
/// The program has one thread, which needs no beat to agree with others: while it is fast it counts on for a block of events.
const ALONE: u64 = 1;

/// Alone on its cache line, and on the one that is fetched with it: all threads read it at each acquisition.
#[repr(align(128))]
struct Beat(AtomicU64);

static BEAT: Beat = Beat(AtomicU64::new(ALONE));

/// Whether a thread has needed the beat since the last time that the pulse asked.
static NEEDED: AtomicBool = AtomicBool::new(false);

/// After how many acquisitions a thread measures how fast they come; a power of two.
const MEASURED: u64 = 4096;

/// They come fast when so many take fewer ticks: a million a second or more, by a counter of 2 to 4 GHz.
const FAST: u64 = 1 << 23;

/// Acquisitions in a beat from which on a thread needs it.
const MANY: u64 = 500;

/// What a thread knows of the beat.
#[derive(Debug)]
pub(super) struct ThreadBeat {
    /// The beat in which it last read the clock; never one of those that come when it reads the clock each time.
    seen: Cell<u64>,
    /// The clock then, less the acquisitions so far.
    base: Cell<u64>,
    /// The clock at the last measurement, or the acquisitions at the last beat.
    mark: Cell<u64>,
    /// Whether it was fast when it last measured, while it was alone.
    is_fast: Cell<bool>,
}

/// Fast is also who fills a block of events in so many ticks: less than a millisecond.
const FAST_BLOCK: u64 = 1 << 20;

/// The program gets a second thread.
#[cold]
pub(super) fn end_alone() {
    // Relaxed: what comes after is ordered by the start of that thread. A thread that comes from elsewhere may find the first one
    // counting on for the rest of its block; not so when races are looked for, see `stop_for_race`.
    _ = BEAT.0.compare_exchange(ALONE, NONE, Ordering::Relaxed, Ordering::Relaxed);
}

impl ThreadBeat {
    pub(super) const fn new() -> Self {
        Self {
            seen: Cell::new(u64::MAX),
            base: Cell::new(0),
            mark: Cell::new(0),
            is_fast: Cell::new(false),
        }
    }
}

impl Local {
    /// Whether the thread has read the clock in this beat. Then no races are looked for.
    #[inline(always)]
    pub(super) fn is_beaten(&self) -> bool {
        // Relaxed: a number that stands for itself. Who has synchronised with the thread that began to look for races finds none.
        BEAT.0.load(Ordering::Relaxed) == self.beat.seen.get()
    }

    /// The time of an acquisition by a thread in this state that has read the clock in this beat.
    #[inline(always)]
    pub(super) fn beaten_ticks(&self, state: u64) -> u64 {
        self.beat.base.get().wrapping_add(state >> slot::STATE_ACQUISITIONS)
    }

    /// The time of an acquisition.
    #[inline]
    pub(super) fn any_ticks(&self) -> u64 {
        if self.is_beaten() { self.beaten_ticks(self.state()) } else { self.look_at_clock() }
    }

    /// Now, by the clock. Acquisitions in the same beat count on from here.
    #[inline]
    pub(super) fn noted_ticks(&self) -> u64 {
        let ticks = clock::ticks();
        self.note_ticks(ticks);
        ticks
    }

    /// The clock was read, for an event.
    #[inline]
    pub(super) fn note_ticks(&self, ticks: u64) {
        let acquisitions = self.acquisitions();
        let since = ticks.wrapping_sub(self.beat.base.get().wrapping_add(acquisitions));
        self.beat.base.set(ticks.wrapping_sub(acquisitions));
        // A clock that steps back gives a number with the high bit.
        if since >> 32 != 0 && since >> 63 == 0 {
            self.emit_time(ticks);
        }
    }

    /// Now, by the clock, for an anchor, which has all of its bits.
    #[cold]
    pub(super) fn anchored_ticks(&self) -> u64 {
        let ticks = clock::ticks();
        self.beat.base.set(ticks.wrapping_sub(self.acquisitions()));
        ticks
    }

    fn look_at_clock(&self) -> u64 {
        let ticks = self.noted_ticks();
        // Relaxed: as above.
        let beat = BEAT.0.load(Ordering::Relaxed);
        if beat == ALONE && self.beat.is_fast.get() {
            self.count_on(ticks);
        } else if beat > ALONE {
            self.begin_beat(beat);
        } else if self.acquisitions().is_multiple_of(MEASURED) && !race::is_on() {
            self.measure(ticks);
        }
        ticks
    }

    /// Acquisitions count on from here, to the end of the block; but for a thread that has become slow.
    #[cold]
    fn count_on(&self, ticks: u64) {
        self.beat.is_fast.set(ticks.wrapping_sub(self.beat.mark.replace(ticks)) < FAST_BLOCK);
        if self.beat.is_fast.get() {
            self.beat.seen.set(ALONE);
        }
    }

    /// A block of events is full: a thread that counts on alone looks at the clock again.
    #[inline]
    pub(super) fn look_again(&self) {
        if self.beat.seen.get() == ALONE {
            self.beat.seen.set(u64::MAX);
        }
    }

    #[cold]
    fn begin_beat(&self, beat: u64) {
        let acquisitions = self.acquisitions();
        if acquisitions.wrapping_sub(self.beat.mark.get()) >= MANY {
            // Relaxed: a hint to the pulse, which asks again.
            NEEDED.store(true, Ordering::Relaxed);
        }
        self.beat.mark.set(acquisitions);
        self.beat.seen.set(beat);
    }

    #[cold]
    fn measure(&self, ticks: u64) {
        // Inside of a hook: what the start of a thread locks is not recorded.
        let is_fast = ticks.wrapping_sub(self.beat.mark.replace(ticks)) < FAST;
        if is_fast && super::company::is_lone() {
            self.beat.is_fast.set(true);
        } else if is_fast {
            _ = super::room::with_room(pulse::start);
        }
    }
}
