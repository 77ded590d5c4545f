//! Who waits long for what was let go of for good: permits that were forgotten, and what tasks had at their end.
//!
//! A call that forgets a permit may be right: somebody counts, and adds one later. So it is told only of a wait in which none was added, and
//! where it is likely that nobody will: who forgot it has ended, or waits itself; or nobody has ever added one to such a semaphore,
//! and the call is the program's own.

use super::look::BoardThread;
use crate::rt::record::kept_asleep;
use crate::rt::shared::board::WaitEntry;
use crate::rt::shared::leaks::{How, Leak, Leaker};
use crate::rt::shared::runtime::Runtime;
use std::collections::HashMap;
use std::time::Duration;
use syncscope_recording::layout::{access, wait};

/// What the looks so far have seen.
#[derive(Debug, Default)]
pub(super) struct Leaks {
    look: u64,
    /// By thread and number of the wait: how long it has lasted, and the last look that saw it.
    waits: HashMap<(u32, u32), (Duration, u64)>,
}

impl Leaks {
    /// One look, `step` after the one before. `true` while somebody waits for something that was let go of.
    pub(super) fn look(
        &mut self,
        runtime: &Runtime,
        threads: &[BoardThread],
        step: Duration,
    ) -> bool {
        let Some(limit) = runtime.settings.stall.filter(|_| runtime.leaks.is_any()) else {
            return false;
        };
        self.look += 1;
        for known in threads {
            let Some(wait) = known.wait.filter(|wait| is_for_lock(wait.kind)) else { continue };
            let Some(leak) = runtime.leaks.untold(wait.object) else { continue };
            let (lasted, seen) = self.waits.entry((known.thread, wait.seq)).or_default();
            if *seen != 0 {
                *lasted += step;
            }
            *seen = self.look;
            if *lasted < leak.patience.max(limit) {
                continue;
            }
            if let Some(by) = leaker(runtime, (known.thread, &wait), &leak) {
                let tell = || kept_asleep::leaked(runtime, (known.thread, &wait), &leak, by);
                runtime.leaks.tells(wait.object, leak.given, *lasted, tell);
            }
        }
        self.waits.retain(|_, (_, seen)| *seen == self.look);
        !self.waits.is_empty()
    }
}

fn is_for_lock(kind: u32) -> bool {
    matches!(kind, wait::SEMAPHORE | wait::MUTEX | wait::READ | wait::WRITE)
}

/// Who is to be told of, if anybody.
fn leaker<'a>(
    runtime: &Runtime,
    (waiter, wait): (u32, &WaitEntry),
    leak: &'a Leak,
) -> Option<&'a Leaker> {
    if leak.given > wait.since {
        return None;
    }
    // An arm of a task is that task.
    let whole = runtime.board.find(waiter).map_or(waiter, |slot| slot.part_of());
    let waits_itself = |by: &Leaker| {
        let now = || runtime.board.find(by.thread).and_then(|slot| slot.wait());
        by.thread == waiter
            || by.thread == whole
            || now().is_some_and(|now| now.object == wait.object)
    };
    let has_ended =
        |by: &Leaker| !runtime.tasks.is_crowded() && runtime.board.find(by.thread).is_none();
    let is_likely = |by: &&Leaker| match by.how {
        How::Forgotten => {
            leak.missing > 0
                && (waits_itself(by)
                    || has_ended(by)
                    || !by.is_foreign && !runtime.leaks.are_added(leak.class))
        }
        How::Fewer => leak.all > 0 && leak.missing >= leak.all as isize,
        How::Left => by.access & access::SHARED != 0 || !is_held(runtime, wait.object),
    };
    leak.by.iter().rev().find(is_likely)
}

/// Whether somebody has it: then who had it alone before has given it back, or on.
fn is_held(runtime: &Runtime, instance: u32) -> bool {
    let mut slots = runtime.board.occupied().map(|(_, slot)| slot);
    slots.any(|slot| slot.held().iter().any(|held| held.instance == instance))
}
