//! How often to look: never so often that looking takes much of a processor.

use std::time::{Duration, Instant};

/// Between the beginnings of two looks at least.
pub(super) const EVERY: Duration = Duration::from_secs(1);
/// A look is followed by so many times as long without one: it takes two percent of a core.
const PAUSES: u32 = 50;
/// What takes most time is done so rarely that it takes one percent of a core.
const RARELY: u32 = 100;

/// How long this thread has been on a processor. Time on the clock would count what others do on a busy machine.
pub(super) fn own_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

/// How long to wait after a look that took so long, where looks are to come so often.
#[must_use]
pub(super) fn pause(every: Duration, took: Duration) -> Duration {
    every.saturating_sub(took).max(took * PAUSES)
}

/// When something that takes long may be done again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rarely {
    next: Option<Instant>,
    took: Duration,
}

impl Rarely {
    /// Whether it may be done now.
    pub(super) fn is_due(&self) -> bool {
        self.next.is_none_or(|next| Instant::now() >= next)
    }

    /// It was done, and has taken so long.
    pub(super) fn took(&mut self, long: Duration) {
        (self.next, self.took) = (Instant::now().checked_add(long * RARELY), long);
    }

    /// How long it took since the last call of this: it has a pause of its own.
    pub(super) fn taken(&mut self) -> Duration {
        std::mem::take(&mut self.took)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_look_is_followed_by_a_longer_pause() {
        let millis = Duration::from_millis;
        assert_eq!(pause(EVERY, millis(10)), millis(990));
        assert_eq!(pause(EVERY, millis(100)), millis(5000));
    }

    #[test]
    fn what_takes_long_is_done_rarely() {
        let mut rarely = Rarely::default();
        assert!(rarely.is_due());
        rarely.took(Duration::from_secs(3600));
        assert!(!rarely.is_due());
        assert_eq!((rarely.taken().as_secs(), rarely.taken().as_secs()), (3600, 0));
    }
}
