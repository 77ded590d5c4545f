//! Deadlocks of tasks: told when they last.

use crate::rt::deadlock::wait_for::Cycle;
use crate::rt::deadlock::{self, verdict};
use crate::rt::shared::runtime::Runtime;
use crate::rt::shared::suspects::{State, Suspect};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use syncscope_recording::layout::slot;

/// How long it must last at least.
const LASTS: Duration = Duration::from_millis(100);

/// Looks at them. Gives whether there are some to look at again.
pub(super) fn look(runtime: &Runtime) -> bool {
    let suspects = runtime.suspects.take();
    let mut kept = Vec::new();
    for suspect in suspects {
        let is_same_wait = suspect.slot.wait().is_some_and(|wait| wait.seq == suspect.seq);
        let cycle = if is_same_wait { deadlock::of_task(runtime, suspect.slot) } else { None };
        let Some(cycle) = cycle else { continue };
        let now = state(runtime, &cycle);
        match suspect.seen {
            Some((at, before)) if before == now => {
                if at.elapsed() >= LASTS {
                    verdict::deadlock(runtime, &cycle, None);
                } else {
                    kept.push(Suspect { seen: Some((at, before)), ..suspect });
                }
            }
            _ => kept.push(Suspect { seen: Some((Instant::now(), now)), ..suspect }),
        }
    }
    let is_any = !kept.is_empty();
    runtime.suspects.keep(kept);
    is_any
}

fn state(runtime: &Runtime, cycle: &Cycle) -> State {
    let polled = |thread| {
        let slot = runtime.board.find(thread)?;
        // Relaxed: compared with a later look only; a task that has been polled in between has done so long before that one.
        Some(slot.u64(slot::POLLED).load(Ordering::Relaxed))
    };
    let participants = cycle.participants.iter();
    participants.map(|one| (one.thread, one.wait.seq, polled(one.thread).unwrap_or(0))).collect()
}
