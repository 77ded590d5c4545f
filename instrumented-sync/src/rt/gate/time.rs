//! The program's clock: it goes on by steps, and by what the program sleeps.

use super::start::Me;
use super::state::lock;
use super::thread::NEVER;
use std::cell::Cell;

/// What the monotonic clocks say at the beginning, in nanoseconds.
const MONOTONIC: u64 = 1_000_000_000_000;
/// Nanoseconds that asking takes.
const ASK: u64 = 100;
/// Who asks so often without a step waits for a time.
const OFTEN: u32 = 64;

thread_local! {
    static ASKED: Cell<(u64, u32)> = const { Cell::new((0, 0)) };
}

/// A clock that is ours.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clock {
    Monotonic,
    Real,
}

impl Clock {
    /// `None`: the system's own, such as those of what a thread has used.
    pub(super) fn of(id: libc::clockid_t) -> Option<Self> {
        match id {
            libc::CLOCK_MONOTONIC
            | libc::CLOCK_MONOTONIC_RAW
            | libc::CLOCK_MONOTONIC_COARSE
            | libc::CLOCK_BOOTTIME => Some(Self::Monotonic),
            libc::CLOCK_REALTIME | libc::CLOCK_REALTIME_COARSE => Some(Self::Real),
            _ => None,
        }
    }

    fn beginning(self) -> u64 {
        match self {
            Self::Monotonic => MONOTONIC,
            Self::Real => lock().shared.beginning,
        }
    }

    /// What it says now.
    pub(super) fn now(self, _: &Me) -> u64 {
        let beginning = self.beginning();
        let mut gate = lock();
        gate.elapsed += ASK;
        beginning + gate.elapsed
    }

    /// A time of this clock, as what will have gone by then.
    pub(super) fn elapsed_at(self, time: u64) -> u64 {
        time.saturating_sub(self.beginning()).min(NEVER - 1)
    }
}

/// When a while from now is over.
pub(super) fn after(nanoseconds: u64) -> u64 {
    lock().elapsed.saturating_add(nanoseconds).min(NEVER - 1)
}

/// Whether the calling thread asks again and again.
pub(super) fn asks_often(_: &Me) -> bool {
    let steps = lock().shared.steps;
    let (at, count) = ASKED.get();
    let count = if at == steps { count + 1 } else { 1 };
    ASKED.set((steps, if count >= OFTEN { 0 } else { count }));
    count >= OFTEN
}

/// A time of the C library in nanoseconds.
pub(super) fn nanoseconds(time: &libc::timespec) -> u64 {
    (time.tv_sec.max(0) as u64)
        .saturating_mul(1_000_000_000)
        .saturating_add(time.tv_nsec.max(0) as u64)
}

/// The other way round.
pub(super) fn timespec(nanoseconds: u64) -> libc::timespec {
    libc::timespec {
        tv_sec: (nanoseconds / 1_000_000_000) as libc::time_t,
        tv_nsec: (nanoseconds % 1_000_000_000) as libc::c_long,
    }
}
