//! A task in a deadlock: a cycle, or a knot of tasks that want permits.

use super::permits;
use super::wait_for::{self, Cycle};
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;

/// The deadlock that the task of this slot has closed. It is asleep in a wait.
pub(crate) fn of_task(runtime: &Runtime, slot: Slot) -> Option<Cycle> {
    wait_for::closes_cycle(runtime, slot, None)
        .or_else(|| permits::closes_knot(runtime, slot.thread()))
}
