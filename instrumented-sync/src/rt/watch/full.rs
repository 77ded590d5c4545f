//! Tasks in a circle, each of which waits for room in a full channel from which only the next one receives, or for what the next one has.
//!
//! None of them receives before its own wait has ended. So each waits for itself, whatever the rest of the process does, until one of these waits is
//! given up. The receiver of a channel is with the task that has asked for a message last: it could be sent to another task, which has not asked
//! since. So this is a stall, and no deadlock.

use super::look::BoardThread;
use crate::rt::deadlock::wait_for::{self, Blocker, Participant};
use crate::rt::shared::board::WaitEntry;
use crate::rt::shared::runtime::Runtime;
use std::collections::HashSet;
use syncscope_recording::layout::wait;

/// Whether it is a task that waits for room in a channel.
pub(crate) fn waits_for_room(known: &BoardThread) -> bool {
    known.awaits && known.wait.is_some_and(|wait| is_for_room(wait.kind))
}

fn is_for_room(kind: u32) -> bool {
    kind & !wait::TIMED == wait::SEND
}

/// The circle through a task that waits for room. `waits_long` says of which waits it is certain that they have lasted.
pub(crate) fn circle(
    runtime: &Runtime,
    threads: &[BoardThread],
    start: BoardThread,
    waits_long: impl Fn(&BoardThread) -> bool,
) -> Option<Vec<Participant>> {
    if !waits_for_room(&start) {
        return None;
    }
    let (visited, path) = (HashSet::new(), Vec::new());
    let (target, closing) = (start.thread, None);
    let mut search = Search { runtime, threads, start: target, waits_long, visited, closing, path };
    search.visit(start, Blocker::of(start.slot, None)).then_some(())?;
    let mut participants = search.path;
    participants.reverse();
    let first = participants.first_mut()?;
    *first = search.closing?.participant(first.wait);
    let is_still_so = |one: &Participant| {
        let now = runtime.board.find(one.thread).and_then(|slot| slot.wait());
        now.is_some_and(|now| now.seq == one.wait.seq)
    };
    participants.iter().all(is_still_so).then_some(participants)
}

struct Search<'a, F> {
    runtime: &'a Runtime,
    threads: &'a [BoardThread],
    start: u32,
    waits_long: F,
    visited: HashSet<u32>,
    /// What the last one wants of the start.
    closing: Option<Blocker>,
    /// The circle that was found, the last one first.
    path: Vec<Participant>,
}

impl<F: Fn(&BoardThread) -> bool> Search<'_, F> {
    /// Whether the way from a thread leads to the start, with what the one before wants of it.
    fn visit(&mut self, known: BoardThread, wanted: Blocker) -> bool {
        let Some(wait) = known.wait.filter(|_| (self.waits_long)(&known)) else { return false };
        for next in self.next(&known, &wait) {
            let thread = next.slot.thread();
            if thread == self.start {
                self.closing = Some(next);
                self.path.push(wanted.participant(wait));
                return true;
            }
            let is_new = self.visited.insert(thread);
            let of_next = self.threads.iter().find(|one| is_new && one.thread == thread).copied();
            if of_next.is_some_and(|one| self.visit(one, next)) {
                self.path.push(wanted.participant(wait));
                return true;
            }
        }
        false
    }

    /// Who would have to act before this wait ends.
    fn next(&self, known: &BoardThread, wait: &WaitEntry) -> Vec<Blocker> {
        let runtime = self.runtime;
        if !is_for_room(wait.kind) {
            return wait_for::blockers(runtime, known.thread, wait);
        }
        let receiver = runtime.receivers.of(wait.object).filter(|_| known.awaits);
        let slot = receiver.and_then(|task| runtime.board.find(task));
        slot.map(|slot| Blocker::of(slot, None)).into_iter().collect()
    }
}
