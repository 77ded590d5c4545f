//! Who must act for what an arm of a task holds.

use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
use syncscope_recording::layout::wait;

/// Arms inside of arms that are looked at, at most.
const DEEPEST: usize = 16;

/// Who must act before an arm of this slot can: its task, when that waits for something else than its arms, since it polls none of them
/// meanwhile. Otherwise the arm itself, or the thread, or the task.
pub(super) fn who_acts(runtime: &Runtime, slot: Slot) -> Slot {
    let above = |slot: &Slot| Some(slot.part_of()).filter(|task| *task != 0);
    let above = |slot: &Slot| above(slot).and_then(|task| runtime.board.find(task));
    let tasks = std::iter::successors(above(&slot), above).take(DEEPEST);
    tasks.filter(|task| is_kept(runtime, *task)).last().unwrap_or(slot)
}

/// Whether the task waits for certain, and for none of its arms.
fn is_kept(runtime: &Runtime, task: Slot) -> bool {
    // What a task waits for is timed until it is certain to last.
    let Some(wait) = task.wait().filter(|wait| wait.kind & wait::TIMED == 0) else { return false };
    let is_arm = |one: Slot| one.part_of() == task.thread();
    wait.kind != wait::JOIN || !runtime.board.find(wait.object).is_some_and(is_arm)
}
