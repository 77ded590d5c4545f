// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The times of a thread's events: see [`beat`](super::beat).

use super::beat::{ALONE, BEAT, NEEDED, pulse};
use super::local::Local;
use crate::rt::machine::{clock, room};
use crate::rt::shared::{lone, race_flag};
use std::sync::atomic::Ordering;
use syncscope_recording::layout::slot;

/// After how many acquisitions a thread measures how fast they come; a power of two.
const MEASURED: u64 = 4096;

/// They come fast when so many take fewer ticks: a million a second or more, by a counter of 2 to 4 GHz.
const FAST: u64 = 1 << 23;

/// Acquisitions in a beat from which on a thread needs it.
const MANY: u64 = 500;

/// Fast is also who fills a block of events in so many ticks: less than a millisecond.
const FAST_BLOCK: u64 = 1 << 20;

impl Local {
    /// Whether the thread has read the clock in this beat. Then no races are looked for.
    #[inline(always)]
    pub(crate) fn is_beaten(&self) -> bool {
        // Relaxed: a number that stands for itself. Who has synchronised with the thread that began to look for races finds none.
        BEAT.0.load(Ordering::Relaxed) == self.beat.seen.get()
    }

    /// The time of an acquisition by a thread in this state that has read the clock in this beat.
    #[inline(always)]
    pub(crate) fn beaten_ticks(&self, state: u64) -> u64 {
        self.beat.base.get().wrapping_add(state >> slot::STATE_ACQUISITIONS)
    }

    /// The time of an acquisition.
    #[inline]
    pub(crate) fn any_ticks(&self) -> u64 {
        if self.is_beaten() { self.beaten_ticks(self.state()) } else { self.look_at_clock() }
    }

    /// Now, by the clock. Acquisitions in the same beat count on from here.
    #[inline]
    pub(crate) fn noted_ticks(&self) -> u64 {
        let ticks = clock::ticks();
        self.note_ticks(ticks);
        ticks
    }

    /// The clock was read, for an event.
    #[inline]
    pub(crate) fn note_ticks(&self, ticks: u64) {
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
    pub(crate) fn anchored_ticks(&self) -> u64 {
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
        } else if self.acquisitions().is_multiple_of(MEASURED) && !race_flag::is_tracking() {
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
    pub(crate) fn look_again(&self) {
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
        if is_fast && lone::is_lone() {
            self.beat.is_fast.set(true);
        } else if is_fast {
            _ = room::with_room(pulse::start);
        }
    }
}
