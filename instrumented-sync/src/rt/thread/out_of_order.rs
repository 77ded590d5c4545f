//! Locks that are not released in the opposite order in which they were taken.
//!
//! Near the top of the held stack the entries above move down. Far from it that would take as long as the stack is deep, each time:
//! there the entry is only emptied, and the stack is put together when half of it is empty, when it is nearly used up, or when a
//! nesting is to be recorded. So a stack of 64 entries or fewer has no gaps.

use super::chain::DEEPEST;
use super::gaps::{Gaps, Guess};
use super::local::Local;
use crate::rt::machine::room::with_room;
use std::sync::atomic::{AtomicU64, Ordering};
use syncscope_recording::layout::{access, held, slot};

/// An entry so near to the top is taken out at once.
const NEAR: usize = 64;

/// After so many steps in search of a lock it is remembered where all are.
const LONG: usize = 1024;

/// Takes out an entry that is not the newest. `false` when there is none. The locks above it stay held, but in a chain in which they
/// were never *requested*; so there they count as held and add no edge, like a `try_lock`.
#[cold]
pub(crate) fn remove(local: &Local, instance: u32, wanted: u8) -> bool {
    if local.gaps.release_unlisted(instance) {
        return true;
    }
    let Some(at) = find(local, instance, wanted) else { return false };
    take_out(local, at);
    true
}

/// Takes out the entry at `at`, which is below the depth.
#[cold]
pub(crate) fn take_out(local: &Local, at: usize) {
    let depth = local.depth() as usize;
    if at >= depth {
        return;
    }
    if depth - at > NEAR {
        empty(local, at);
        if local.gaps.count.get() as usize * 2 > depth {
            close(local);
        }
        return;
    }
    for index in at..depth - 1 {
        put_down(local, index + 1, index);
    }
    local.lower(1);
    tidy(local);
}

/// Where the lock is, looked for from both ends: from the top, where most are released, and from the bottom, where a vector of guards
/// begins to drop them. Where it takes long, the next ones are found at once.
fn find(local: &Local, instance: u32, wanted: u8) -> Option<usize> {
    // A thread may hold an RwLock twice as a reader, never once as a reader and once as a writer.
    let is_it = |index: usize| {
        local.instance_at(index) == instance
            && local.access_at(index) & access::SHARED == wanted & access::SHARED
    };
    let (first, depth) = (local.gaps.first.get() as usize, local.depth() as usize);
    match local.gaps.guess(instance) {
        Guess::Probably(guess) if guess < depth && is_it(guess) => return Some(guess),
        Guess::Common => {
            return (0..depth.min(slot::HELD_INLINE)).rev().find(|index| is_it(*index));
        }
        Guess::Probably(_) | Guess::Anywhere => {}
    }
    let near_either = |step: usize| {
        let (high, low) = (depth - 1 - step, first + step);
        [high, low].into_iter().find(|index| is_it(*index))
    };
    let steps = depth.saturating_sub(first).div_ceil(2);
    let found = (0..steps).find_map(near_either);
    let taken = found.map_or(steps, |found| (depth - found).min(found - first));
    if taken > LONG {
        _ = with_room(|| remember_places(local));
    }
    found
}

/// Remembers where all locks are.
#[cold]
fn remember_places(local: &Local) {
    let Ok(mut places) = local.gaps.places.try_borrow_mut() else { return };
    let known = (local.gaps.first.get()..local.depth())
        .map(|index| (local.instance_at(index as usize), index));
    *places = Some(Box::new(known.filter(|(instance, _)| *instance != 0).collect()));
}

/// Empties an entry: its lock is not held any more.
fn empty(local: &Local, at: usize) {
    // SAFETY: below the depth: an entry of the slot or of the overflow.
    let word = unsafe { AtomicU64::from_ptr(local.entry_place(at).add(held::INSTANCE).cast()) };
    // Release: who gets the lock next finds that we do not hold it, as in `Local::set_state`.
    word.store(0, Ordering::Release);
    let Gaps { count, first, .. } = &local.gaps;
    count.set(count.get() + 1);
    while first.get() < local.depth() && local.instance_at(first.get() as usize) == 0 {
        first.set(first.get() + 1);
    }
}

/// Moves an entry down; the entries between are no longer held.
fn put_down(local: &Local, from: usize, to: usize) {
    let word = local.word_at(from);
    let kept = match (word >> 56) as u8 & access::TRY {
        0 => access::TRY | access::KEPT,
        _ => access::TRY,
    };
    let lock = word | u64::from(kept) << 56;
    // SAFETY: both indices are below the depth: entries of the slot or of the overflow. Relaxed: other readers take what is there;
    // the thread is not asleep.
    unsafe {
        let (to, from) = (local.entry_place(to), local.entry_place(from));
        let ticks = AtomicU64::from_ptr(from.add(held::TICKS_CLASS).cast()).load(Ordering::Relaxed);
        AtomicU64::from_ptr(to.add(held::INSTANCE).cast()).store(lock, Ordering::Relaxed);
        AtomicU64::from_ptr(to.add(held::TICKS_CLASS).cast()).store(ticks, Ordering::Relaxed);
    }
    if to < DEEPEST {
        local.set_chain(to as u32, local.chain_with(to as u32, lock));
    }
}

/// The newest entry was taken off: so are the gaps below it.
#[cold]
pub(crate) fn tidy(local: &Local) {
    let gaps = &local.gaps;
    while gaps.are_there()
        && let Some(top) = local.depth().checked_sub(1)
        && local.instance_at(top as usize) == 0
    {
        local.lower(1);
        gaps.count.set(gaps.count.get() - 1);
    }
    if local.depth() as usize <= NEAR {
        close(local);
    }
    gaps.first.set(gaps.first.get().min(local.depth()));
}

/// A nesting is to be recorded: no lock below may count that is not held any more. Where more are held than are recorded, that does
/// not matter.
#[cold]
pub(crate) fn close_for_nesting(local: &Local) {
    if local.depth().saturating_sub(local.gaps.count.get()) as usize <= DEEPEST {
        close(local);
    }
}

/// Puts the stack together.
fn close(local: &Local) {
    let gaps = &local.gaps;
    if !gaps.are_there() {
        return;
    }
    gaps.forget_places();
    let depth = local.depth() as usize;
    let mut to = 0;
    for from in 0..depth {
        if local.instance_at(from) == 0 {
            continue;
        }
        if from != to {
            put_down(local, from, to);
        }
        to += 1;
    }
    local.lower(depth - to);
    gaps.count.set(0);
    gaps.first.set(0);
}
