//! Locks that nobody can release, since their holder stayed in the parent of a fork.

use super::board::{HeldEntry, WaitEntry};

/// Locks that were held in the parent at the fork.
#[derive(Debug, Default)]
pub(crate) struct LeftBehind(pub(crate) Vec<HeldEntry>);

impl LeftBehind {
    /// The lock that stands in the way of this wait, if nobody of this process holds it.
    pub(crate) fn find(&self, wait: &WaitEntry) -> Option<HeldEntry> {
        self.0.iter().find(|held| wait.is_blocked_by(held)).copied()
    }
}
