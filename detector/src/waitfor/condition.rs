//! What a thread needs in order to go on.

/// What a thread needs in order to go on. Threads are named by their index in the [`super::WaitGraph`].
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Condition {
    /// It runs, or waits for something that comes by itself: time, input, foreign code.
    #[default]
    Live,
    /// It has ended, and will never do anything for others.
    Ended,
    /// All of these must go on: the owner of a mutex, the readers that a writer waits for, a thread that is joined.
    /// Of no one: it goes on.
    All(Vec<usize>),
    /// One of these is enough: notifiers of a condition variable, senders of a channel. Of no one: it never goes on.
    Any(Vec<usize>),
    /// This many of these are needed: threads missing at a barrier, permits of a semaphore. Of zero: it goes on.
    AtLeast(usize, Vec<usize>),
}

impl Condition {
    /// The threads it depends on.
    #[must_use]
    pub fn threads(&self) -> &[usize] {
        match self {
            Self::Live | Self::Ended => &[],
            Self::All(threads) | Self::Any(threads) | Self::AtLeast(_, threads) => threads,
        }
    }

    /// How many of them must be able to go on; `None` when none would help.
    pub(super) fn needed(&self) -> Option<usize> {
        match self {
            Self::Live => Some(0),
            Self::Ended => None,
            Self::All(threads) => Some(threads.len()),
            Self::Any(_) => Some(1),
            Self::AtLeast(count, _) => Some(*count),
        }
    }
}
