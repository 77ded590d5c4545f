//! The thread that raises the beat.
//!
//! It lives while some thread needs it, and a little longer. It takes no signal and records nothing of itself.

use super::{ALONE, BEAT, NEEDED, NONE};
use crate::rt::machine::clock;
use crate::rt::machine::os;
use crate::rt::machine::own_thread;
use crate::rt::shared::race_flag;
use crate::rt::thread::local;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

/// Between two beats.
const INTERVAL: Duration = Duration::from_millis(1);
/// Beats that nobody needs before it ends.
const LINGERS: u32 = 100;

static IS_STARTED: AtomicBool = AtomicBool::new(false);
/// Its number in the kernel, 0 while there is none.
static TID: AtomicU32 = AtomicU32::new(0);

/// Starts it, unless it runs. It stays away when the system refuses a thread: then the clock is read.
#[cold]
pub(crate) fn start() {
    // Relaxed, and a load first: decides only who starts it, and the line stays shared.
    if !IS_STARTED.load(Ordering::Relaxed) && !IS_STARTED.swap(true, Ordering::Relaxed) {
        own_thread::start(c"syncscope-beat", local::close_own, run);
    }
}

/// Whether this is the kernel's number of the pulse, which is not a thread of the program.
pub(crate) fn is_pulse(tid: u32) -> bool {
    // Relaxed: a number that stands for itself.
    TID.load(Ordering::Relaxed) == tid
}

/// Races are looked for from now on, which was stored before this: acquisitions must take the way that tells the race engine.
#[cold]
pub(crate) fn stop_for_race() {
    // SeqCst: pairs with that in `run`. Either this comes later and ends the beat, or `run` finds that races are looked for.
    BEAT.0.store(NONE, Ordering::SeqCst);
}

/// In the child of a fork, which does not have this thread.
pub(crate) fn forget() {
    let beat = if race_flag::is_untouched() { ALONE } else { NONE };
    // Relaxed: the child has one thread.
    BEAT.0.store(beat, Ordering::Relaxed);
    IS_STARTED.store(false, Ordering::Relaxed);
    TID.store(0, Ordering::Relaxed);
}

fn run() {
    // Relaxed: as in `is_pulse`.
    TID.store(os::own_tid(), Ordering::Relaxed);
    beat();
    // Relaxed: as in `is_pulse`.
    TID.store(0, Ordering::Relaxed);
    // Relaxed: as in `start`. Stays set when races are looked for: there is no beat any more.
    if !race_flag::is_tracking() {
        IS_STARTED.store(false, Ordering::Relaxed);
    }
}

fn beat() {
    let mut beat = first();
    // SeqCst: see `stop_for_race`; the state of the race engine was stored before.
    BEAT.0.store(beat, Ordering::SeqCst);
    std::sync::atomic::fence(Ordering::SeqCst);
    if race_flag::is_tracking() {
        BEAT.0.store(NONE, Ordering::Relaxed);
        return;
    }
    let mut idle = 0;
    while idle < LINGERS {
        std::thread::sleep(INTERVAL);
        // Relaxed: the number stands for itself. It fails when the beat was stopped.
        let next = BEAT.0.compare_exchange(beat, beat + 1, Ordering::Relaxed, Ordering::Relaxed);
        if next.is_err() {
            return;
        }
        beat += 1;
        // Relaxed: a hint.
        idle = if NEEDED.swap(false, Ordering::Relaxed) { 0 } else { idle + 1 };
    }
    // Relaxed: as above.
    _ = BEAT.0.compare_exchange(beat, NONE, Ordering::Relaxed, Ordering::Relaxed);
}

/// A beat that no thread has seen: they never run backwards, also over several lives of the thread.
fn first() -> u64 {
    clock::monotonic_ns().max(ALONE + 1)
}
