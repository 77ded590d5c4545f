//! No blocking calls of async runtimes.

use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;

pub(super) fn who_runs(_runtime: &Runtime, _task: u32) -> Option<Slot> {
    None
}
