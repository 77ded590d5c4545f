//! Who may still give what a thread waits for: those who have done so before, and those on whom these depend.

use super::past::Past;
use super::view::View;
use crate::rt::deadlock::wait_for;
use crate::rt::shared::board::WaitEntry;
use crate::rt::shared::runtime::Runtime;
use std::collections::HashSet;

/// Threads that may give.
#[derive(Debug)]
pub(crate) enum Givers {
    /// Nobody has ever given anything: it may be any thread.
    Any,
    /// These, by their numbers.
    Only(HashSet<u32>),
}

impl Givers {
    /// Those of one wait. A giver that waits itself gives again when others let it go on; a thread that has spawned one may spawn the next.
    pub(crate) fn of(
        runtime: &Runtime,
        views: &[View],
        past: &Past<'_>,
        (waiter, wait): (u32, &WaitEntry),
    ) -> Self {
        let mut givers = HashSet::new();
        let mut next = past.possible_wakers(wait, waiter);
        if next.is_empty() {
            return Self::Any;
        }
        while let Some(thread) = next.pop() {
            if !givers.insert(thread) {
                continue;
            }
            next.extend(past.parent(thread));
            let view = views.iter().find(|view| view.thread == thread);
            let Some(wait) = view.and_then(|view| view.wait) else { continue };
            // The waiter does not help itself.
            if thread == waiter {
                continue;
            }
            if wait_for::waits_for_known(runtime, thread, &wait) {
                let blockers = wait_for::blockers(runtime, thread, &wait);
                next.extend(blockers.iter().map(|blocker| blocker.slot.thread()));
                continue;
            }
            let wakers = past.possible_wakers(&wait, thread);
            if wakers.is_empty() {
                return Self::Any;
            }
            next.extend(wakers);
        }
        Self::Only(givers)
    }

    /// Whether a thread may be one of them. Number 0 is of a thread that is not recorded.
    pub(crate) fn may_be(&self, thread: u32) -> bool {
        match self {
            Self::Any => true,
            Self::Only(givers) => givers.contains(&thread),
        }
    }
}
