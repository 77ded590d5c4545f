//! No process is forked here.

use super::board::{HeldEntry, WaitEntry};

#[derive(Debug, Default)]
pub(super) struct LeftBehind;

impl LeftBehind {
    pub(super) fn find(&self, _wait: &WaitEntry) -> Option<HeldEntry> {
        None
    }
}
