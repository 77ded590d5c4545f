//! Tasks: there are none.

use super::board::HeldEntry;

#[derive(Debug)]
pub(crate) struct Queues;

impl Queues {
    pub(crate) fn handed(&self, _: u32) -> [Option<(u32, HeldEntry)>; 0] {
        []
    }
}
