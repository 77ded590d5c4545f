//! Time as the process itself has lived through it.
//!
//! A wall clock runs on while the process is stopped, suspended with its machine, or starved. What is measured here advances
//! only when this thread gets to run, and by little more than a tick each time. So being kept from running looks
//! like a short time, not like a long wait.

use std::time::{Duration, Instant};

/// Measures the steps between two looks.
#[derive(Debug)]
pub(crate) struct Progress {
    last: Instant,
    tick: Duration,
}

impl Progress {
    pub(crate) fn new(tick: Duration) -> Self {
        Self { last: Instant::now(), tick }
    }

    /// The progress since the last call.
    pub(crate) fn step(&mut self) -> Duration {
        let now = Instant::now();
        let elapsed = now.duration_since(std::mem::replace(&mut self.last, now));
        credit(elapsed, self.tick)
    }
}

/// What an interval counts for: a wake-up that is a little late is normal, one that is very late is a pause.
fn credit(elapsed: Duration, tick: Duration) -> Duration {
    elapsed.min(tick + tick / 4)
}

#[cfg(test)]
mod tests {
    use super::credit;
    use std::time::Duration;

    #[test]
    fn a_pause_counts_as_one_tick() {
        let tick = Duration::from_millis(200);
        assert_eq!(credit(Duration::from_secs(3600), tick), Duration::from_millis(250));
        assert_eq!(credit(Duration::from_millis(210), tick), Duration::from_millis(210));
    }

    #[test]
    fn an_early_wake_up_counts_for_what_it_was() {
        let tick = Duration::from_millis(200);
        assert_eq!(credit(Duration::from_millis(3), tick), Duration::from_millis(3));
    }
}
