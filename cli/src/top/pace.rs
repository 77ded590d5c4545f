//! How often to look: never so often that looking takes much of a processor.

use std::time::Duration;

/// Between the beginnings of two looks at least.
pub(super) const EVERY: Duration = Duration::from_secs(1);
/// A look is followed by so many times as long without one: it takes two percent of a core.
const PAUSES: u32 = 50;

/// How long to wait after a look that took so long, where looks are to come so often.
#[must_use]
pub(super) fn pause(every: Duration, took: Duration) -> Duration {
    every.saturating_sub(took).max(took * PAUSES)
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
}
