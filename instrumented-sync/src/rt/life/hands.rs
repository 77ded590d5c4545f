//! What is held changes hands: between a thread and the task that it blocks on, and between a task and its arms.

use crate::rt::object::lock::Lock;
use crate::rt::record::moved;
use crate::rt::thread::local::Local;

/// An entry of the held stack: the lock's word and class, and since when it is held.
pub(super) type Entry = (u64, u32, u64);

fn entry(local: &Local, index: usize) -> Entry {
    let Lock { class, .. } = local.lock_at(index);
    (local.word_at(index), class, local.held_since(index))
}

fn entries(local: &Local) -> Vec<Entry> {
    (0..local.depth() as usize).map(|index| entry(local, index)).collect()
}

fn push(local: &Local, (word, class, since): Entry) {
    local.push_handed(word, class, since);
}

/// What the thread has acquired in this poll is the task's.
pub(super) fn hand_over(own: &Local, local: &Local, held_before: u32) {
    let depth = own.depth();
    for index in held_before as usize..depth as usize {
        push(local, entry(own, index));
    }
    own.lower(depth.saturating_sub(held_before) as usize);
}

/// An arm, which holds nothing, is polled: what the task holds around it counts as held by the arm, too, until [`give_back`]. Gives how much
/// that is.
pub(super) fn lend(own: &Local, arm: &Local, depth: u32) -> u32 {
    (0..depth as usize).for_each(|index| push(arm, entry(own, index)));
    depth
}

/// As [`lend`], where the arm may hold something.
#[cold]
pub(super) fn lend_below(own: &Local, arm: &Local) -> u32 {
    let above = entries(arm);
    arm.lower(above.len());
    let lent = lend(own, arm, own.depth());
    above.into_iter().for_each(|one| push(arm, one));
    lent
}

/// Takes these out of what is held, as far as they are still held.
#[cold]
pub(super) fn take_out(own: &Local, held: &[(u64, u64)]) -> Vec<Entry> {
    let all = entries(own);
    own.lower(all.len());
    let (taken, kept): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| held.contains(&(one.0, one.2)));
    kept.into_iter().for_each(|one| push(own, one));
    taken
}

/// These are held from now on.
#[cold]
pub(super) fn put_in(local: &Local, taken: Vec<Entry>) {
    taken.into_iter().for_each(|one| push(local, one));
}

/// An arm that referred to a future has ended, which may hold what the arm held.
#[cold]
pub(super) fn leave_behind(arm: &Local, own: &Local) {
    let held: Vec<_> = entries(arm).iter().map(|one| (one.0, one.2)).collect();
    if arm.pointee.get() != 0 && !held.is_empty() {
        own.remains.put(arm.pointee.get(), held);
    }
}

/// The poll of the arm is over. Of so much that was lent, what the arm has released the task holds no more.
#[cold]
pub(super) fn give_back(own: &Local, arm: &Local, lent: u32) {
    let held = entries(arm);
    arm.lower(held.len());
    let mut left = held.into_iter().peekable();
    let all = entries(own);
    let (lent, rest) = all.split_at((lent as usize).min(all.len()));
    // The same lock, perhaps held in another way by now.
    let mut is_left = |one: &Entry| left.next_if(|first| first.0 as u32 == one.0 as u32).is_some();
    let kept: Vec<_> = lent.iter().copied().filter(|one| is_left(one)).collect();
    if kept.len() < lent.len() {
        own.lower(all.len());
        kept.iter().chain(rest).for_each(|one| push(own, *one));
    }
    left.for_each(|one| push(arm, one));
}

/// The task that is spawned now may be a future that this one has polled, with what it has acquired.
#[cold]
pub(super) fn may_have_given_away(local: &Local) {
    for index in 0..local.depth() as usize {
        let class = local.lock_at(index).class;
        if local.runtime.tasks.awaited.contains(class) {
            local.runtime.movable.allow(class);
            let (word, _, since) = entry(local, index);
            if local.remains.have((word, since)) {
                moved::may_have_gone(local, class, word as u32);
            }
        }
    }
}

/// The task acts itself: it comes after the arms that have ended.
#[cold]
pub(super) fn learn_heard(local: &Local) {
    local.heard.take().iter().for_each(|end| local.learn(end));
}
