//! What a task has at its end: its future is gone, with all that was in it.

use super::hands::may_have_given_away;
use crate::rt::machine::room::with_room;
use crate::rt::shared::board::HeldEntry;
use crate::rt::shared::leaks::{How, Leaker};
use crate::rt::thread::local::Local;
use syncscope_recording::layout::access;

/// The task ends: what of it was not given back is forgotten, or with somebody else.
#[cold]
pub(super) fn at_end(local: &Local) {
    if local.depth() == 0 {
        return;
    }
    _ = with_room(|| {
        let runtime = local.runtime;
        let is_bound = |held: &HeldEntry| {
            held.access & (access::GONE | access::INIT) == 0
                && runtime.tasks.awaited.contains(held.class)
                && runtime.movable.is_bound(held.class)
        };
        // A future that was left behind may be polled by another task, with what it has.
        let is_in_one = |held: &HeldEntry| {
            let has = |index| {
                let word = local.word_at(index);
                word as u32 == held.instance && local.remains.have((word, local.held_since(index)))
            };
            (0..local.depth() as usize).any(has)
        };
        let held = local.slot.held().into_iter().filter(is_bound);
        for held in held.filter(|held| !is_in_one(held)) {
            let HeldEntry { access, site, .. } = held;
            let by =
                Leaker { how: How::Left, thread: local.number, access, site, is_foreign: false };
            runtime.leaks.ends_with((held.instance, held.class), by);
        }
    });
    may_have_given_away(local);
}
