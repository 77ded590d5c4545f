//! How long a call may wait.

use std::time::{Duration, Instant};

/// The end of a wait.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// The call waits until it gets what it wants.
    Never,
    /// It gives up at this moment.
    At(Instant),
    /// It gives up at a moment so far away that the clock cannot hold it.
    Remote,
}

impl Limit {
    /// From now on, for this long.
    pub(crate) fn after(timeout: Duration) -> Self {
        Instant::now().checked_add(timeout).map_or(Self::Remote, Self::At)
    }

    /// The time left: `None` when it is over. Without a moment to end at it is as long as a duration can be.
    pub(crate) fn left(self) -> Option<Duration> {
        match self {
            Self::Never | Self::Remote => Some(Duration::MAX),
            Self::At(end) => {
                end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
            }
        }
    }
}
