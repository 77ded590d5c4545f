//! Which locks threads held when: of the earlier of two accesses only a slot and a time are left.

use super::pool;
use super::slots::SLOTS;
use crate::rt::object::lock::Lock;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence};

/// Locks that are kept of those which a thread holds at a time: the outermost ones.
pub(crate) const KEPT: usize = 4;

/// Changes that are kept of a slot.
const CHANGES: usize = 1024;

/// The last of them, which are looked at one by one.
const NEAR: usize = 4;

/// In place of a count: what is held is not known.
const UNKNOWN: u32 = u32::MAX;

/// What is held from a time on.
#[derive(Debug)]
#[repr(C, align(64))]
struct Change {
    /// 0 while it is written.
    from: AtomicU64,
    count: AtomicU32,
    locks: [[AtomicU32; 3]; KEPT],
}

/// Of a slot; only the thread that has it writes. Zeros: nothing was ever held.
#[derive(Debug)]
#[repr(C)]
struct Log {
    /// Changes so far.
    count: AtomicUsize,
    changes: [Change; CHANGES],
}

static LOGS: [AtomicPtr<Log>; SLOTS] = [const { AtomicPtr::new(null_mut()) }; SLOTS];

/// Some locks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held {
    locks: [Lock; KEPT],
    count: usize,
}

impl Held {
    /// The first ones of some.
    #[inline]
    pub(crate) fn new(held: impl Iterator<Item = Lock>) -> Self {
        let mut all = Self { locks: [Lock::default(); KEPT], count: 0 };
        for (place, lock) in all.locks.iter_mut().zip(held) {
            *place = lock;
            all.count += 1;
        }
        all
    }

    /// The numbers of the locks.
    pub(super) fn instances(&self) -> impl Iterator<Item = u32> + '_ {
        self.locks().iter().map(|lock| lock.instance)
    }

    /// Whether the lock with this number is one of them.
    #[inline]
    pub(super) fn has(&self, instance: u32) -> bool {
        self.locks().iter().any(|lock| lock.instance == instance)
    }

    /// The numbers of all; 0 behind the last.
    #[inline]
    pub(super) fn numbers(&self) -> [u32; KEPT] {
        self.locks.map(|lock| lock.instance)
    }

    /// Whether there may have been more.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.count == KEPT
    }

    pub(crate) fn locks(&self) -> &[Lock] {
        &self.locks[..self.count]
    }
}

fn log(slot: u16) -> Option<&'static Log> {
    let place = LOGS.get(usize::from(slot))?;
    // Acquire: pairs with the Release in `made`.
    let known = place.load(Ordering::Acquire);
    // SAFETY: null, or a log, which is never given back.
    unsafe { known.as_ref() }
}

#[cold]
fn made(slot: u16) -> Option<&'static Log> {
    let log = pool::reserve(size_of::<Log>())?.cast::<Log>();
    // Release: whoever finds it finds zeros. Nobody else makes one, as only one thread has the slot.
    LOGS.get(usize::from(slot))?.store(log.as_ptr(), Ordering::Release);
    // SAFETY: a mapping of its own, page-aligned and large enough; zeros are valid for all of it.
    Some(unsafe { log.as_ref() })
}

/// The thread that has the slot holds this from a time on; `None` where that is not known.
pub(super) fn note(slot: u16, from: u64, held: Option<&Held>) {
    let Some(log) = log(slot).or_else(|| made(slot)) else { return };
    // Relaxed: only this thread writes.
    let count = log.count.load(Ordering::Relaxed);
    let last = count.checked_sub(1).map(|last| &log.changes[last % CHANGES]);
    let same = last.filter(|last| last.from.load(Ordering::Relaxed) == from);
    let change = same.unwrap_or(&log.changes[count % CHANGES]);
    change.from.store(0, Ordering::Relaxed);
    // Release: whoever finds what follows finds that no time is there, see `at`.
    fence(Ordering::Release);
    let locks = held.map_or(&[][..], Held::locks);
    for (place, lock) in change.locks.iter().zip(locks) {
        let words = [lock.instance, lock.class, lock.site_access];
        place.iter().zip(words).for_each(|(place, word)| place.store(word, Ordering::Relaxed));
    }
    change.count.store(held.map_or(UNKNOWN, |_| locks.len() as u32), Ordering::Relaxed);
    // Release: whoever finds the time finds the locks.
    change.from.store(from, Ordering::Release);
    if same.is_none() {
        // Release: whoever finds the count finds the change.
        log.count.store(count + 1, Ordering::Release);
    }
}

/// A new thread has the slot.
pub(super) fn begin(slot: u16, time: u64) {
    if log(slot).is_some() {
        note(slot, time, Some(&Held::new(std::iter::empty())));
    }
}

/// What the thread with the slot held at a time; `None` where that is not known any more.
#[cold]
pub(super) fn at(slot: u16, time: u64) -> Option<Held> {
    let nothing = Held::new(std::iter::empty());
    let Some(log) = log(slot) else { return Some(nothing) };
    // Acquire: pairs with the last Release in `note`.
    let count = log.count.load(Ordering::Acquire);
    let kept = count.min(CHANGES);
    // Acquire: pairs with the Release in `note`.
    let from = |index: usize| log.changes[index % CHANGES].from.load(Ordering::Acquire);
    // The first change that comes after the time. Times grow, but for those that are written meanwhile: these are seen as later ones, or as 0.
    let near = (0..kept.min(NEAR)).find(|back| from(count - 1 - back) <= time);
    let (mut first, mut last) = match near {
        Some(back) => (count - back, count - back),
        None => (count - kept, count - kept.min(NEAR)),
    };
    while first < last {
        let middle = first.midpoint(last);
        if from(middle) <= time { first = middle + 1 } else { last = middle }
    }
    if first == count - kept {
        return (kept == count).then_some(nothing);
    }
    let change = &log.changes[(first - 1) % CHANGES];
    let from = from(first - 1);
    let count = change.count.load(Ordering::Relaxed);
    let locks = change.locks.iter().map(|words| {
        let [instance, class, site_access] =
            words.each_ref().map(|word| word.load(Ordering::Relaxed));
        Lock { instance, class, site_access }
    });
    let held = Held::new(locks.take(if count == UNKNOWN { 0 } else { count as usize }));
    // Acquire: pairs with the fence in `note`: if that was begun, the time is gone.
    fence(Ordering::Acquire);
    let is_whole = from != 0 && from <= time && change.from.load(Ordering::Relaxed) == from;
    (is_whole && count != UNKNOWN).then_some(held)
}

/// How often the thread with the slot, which is the calling one, has acquired a lock after the first of two times and up to the second; `None` where that is
/// not known any more.
#[cold]
pub(super) fn acquisitions(slot: u16, (after, until): (u64, u64), lock: u32) -> Option<usize> {
    let log = log(slot)?;
    // Relaxed, here and below: only this thread writes.
    let count = log.count.load(Ordering::Relaxed);
    let first = count.saturating_sub(CHANGES);
    let (mut acquired, mut is_held) = (0, None);
    for index in first..count {
        let change = &log.changes[index % CHANGES];
        let (from, locks) =
            (change.from.load(Ordering::Relaxed), change.count.load(Ordering::Relaxed));
        if locks == UNKNOWN {
            is_held = None;
            continue;
        }
        let mut held = change.locks.iter().take(locks as usize);
        let holds = held.any(|words| words[0].load(Ordering::Relaxed) == lock);
        if (after + 1..=until).contains(&from) {
            acquired += usize::from(holds && !is_held?);
        }
        is_held = Some(holds);
    }
    (first == 0 || log.changes[first % CHANGES].from.load(Ordering::Relaxed) <= after)
        .then_some(acquired)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(numbers: &[u32]) -> Held {
        let lock = |&instance| Lock { instance, class: 1, site_access: 2 };
        Held::new(numbers.iter().map(lock))
    }

    fn instances(slot: u16, time: u64) -> Option<Vec<u32>> {
        Some(at(slot, time)?.locks().iter().map(|lock| lock.instance).collect())
    }

    #[test]
    fn the_last_change_before_a_time_counts() {
        const SLOT: u16 = 900;
        assert_eq!(instances(SLOT, 5), Some(vec![]));
        note(SLOT, 3, Some(&held(&[7])));
        // Before anything was accessed at that time.
        note(SLOT, 3, Some(&held(&[7, 8])));
        note(SLOT, 6, None);
        note(SLOT, 9, Some(&held(&[1, 2, 3, 4, 5])));
        let all = [2, 3, 5, 6, 9, 99].map(|time| instances(SLOT, time));
        let known = |numbers: &[u32]| Some(numbers.to_vec());
        let first = [known(&[]), known(&[7, 8]), known(&[7, 8]), None];
        assert_eq!(all[..4], first);
        assert_eq!(all[4..], [known(&[1, 2, 3, 4]), known(&[1, 2, 3, 4])]);
    }

    #[test]
    fn acquisitions_are_counted() {
        const SLOT: u16 = 902;
        for (from, locks) in
            [(2, &[7][..]), (3, &[]), (5, &[8]), (6, &[8, 7]), (7, &[8]), (9, &[7])]
        {
            note(SLOT, from, Some(&held(locks)));
        }
        let count = |after, until| acquisitions(SLOT, (after, until), 7);
        assert_eq!(count(2, 5), Some(0));
        assert_eq!(count(2, 6), Some(1));
        assert_eq!(count(2, 8), Some(1));
        assert_eq!(count(2, 9), Some(2));
        assert_eq!(count(6, 9), Some(1));
        note(SLOT, 10, None);
        note(SLOT, 11, Some(&held(&[7])));
        assert_eq!(count(9, 11), None);
    }

    #[test]
    fn what_was_put_out_is_not_known() {
        const SLOT: u16 = 901;
        for time in 1..=CHANGES as u64 + 10 {
            note(SLOT, time, Some(&held(&[time as u32])));
        }
        assert_eq!(instances(SLOT, 5), None);
        assert_eq!(instances(SLOT, 11), Some(vec![11]));
    }
}
