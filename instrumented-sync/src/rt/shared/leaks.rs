//! Permits that were forgotten, and what tasks had acquired and not given back by their end: by lock.
//!
//! That nobody will ever give them back is not known. So it is told only when another has waited for long, and what was told is taken
//! back when the lock is given back after all ([`Leaks::gives`], [`Leaks::returns`]).

use super::class_set::ClassSet;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};
use std::time::Duration;
use syncscope_recording::writer::bounded_lock;

/// Locks that are known, at most: later ones are not told.
const LOCKS: usize = 1 << 12;
/// Calls that are kept of each lock: the last ones.
const CALLS: usize = 8;

/// How permits go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// A permit that somebody had was forgotten.
    Forgotten,
    /// The semaphore was made smaller by permits that nobody had. That is meant to be, as long as some are left.
    Fewer,
    /// A task has ended with it.
    Left,
}

/// Who has let them go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaker {
    pub(crate) how: How,
    pub(crate) thread: u32,
    pub(crate) access: u8,
    pub(crate) site: u32,
    /// The call lies in a dependency, which may keep its own account of permits.
    pub(crate) is_foreign: bool,
}

/// What is known of one lock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leak {
    pub(crate) class: u32,
    /// Permits that were forgotten, less those that were added.
    pub(crate) missing: isize,
    /// Permits that there were at first; 0 where that is not known.
    pub(crate) all: usize,
    /// The last calls that did it, and the ends of tasks.
    pub(crate) by: Vec<Leaker>,
    /// When permits were added last.
    pub(crate) given: u64,
    /// The age of a wait at which it was told, if it was.
    told: Option<Duration>,
    /// Shorter waits have proved to mean nothing.
    pub(crate) patience: Duration,
}

impl Leak {
    fn add(&mut self, by: Leaker) {
        if self.by.len() == CALLS {
            self.by.remove(0);
        }
        self.by.push(by);
    }

    /// It was given back. Gives whether something else was told.
    fn voids(&mut self) -> bool {
        self.told.take().inspect(|told| self.patience = *told * 2).is_some()
    }

    fn is_over(&self) -> bool {
        self.missing <= 0 && self.by.iter().all(|by| by.how != How::Left)
    }
}

/// The process's.
#[derive(Debug, Default)]
pub(crate) struct Leaks {
    is_any: AtomicBool,
    known: Mutex<HashMap<u32, Leak>>,
    /// Classes of semaphores to which permits were added.
    added_to: ClassSet,
}

impl Leaks {
    /// Whether there are some.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        // Relaxed: a late view only tells later.
        self.is_any.load(Ordering::Relaxed)
    }

    /// Somebody lets go of this lock for good. `missing` counts the permits that are forgotten and not added again, with these; `all` were there at first.
    #[cold]
    pub(crate) fn goes(
        &self,
        (instance, class): (u32, u32),
        by: Leaker,
        (missing, all): (&AtomicIsize, usize),
    ) {
        let Some(mut known) = bounded_lock(&self.known) else { return };
        if known.len() >= LOCKS && !known.contains_key(&instance) {
            return;
        }
        let leak = known.entry(instance).or_default();
        leak.class = class;
        leak.all = leak.all.max(all);
        // Relaxed: who has changed it before has had this lock since, or comes to it later and looks again.
        leak.missing = missing.load(Ordering::Relaxed);
        leak.add(by);
        // Relaxed: as in `is_any`.
        self.is_any.store(true, Ordering::Relaxed);
    }

    /// A task has ended with this lock.
    #[cold]
    pub(crate) fn ends_with(&self, lock: (u32, u32), by: Leaker) {
        let missing = bounded_lock(&self.known).and_then(|known| Some(known.get(&lock.0)?.missing));
        self.goes(lock, by, (&AtomicIsize::new(missing.unwrap_or_default()), 0));
    }

    /// Permits are added to this semaphore. Gives whether what was told of it is void by that.
    #[cold]
    pub(crate) fn gives(
        &self,
        (instance, class): (u32, u32),
        missing: &AtomicIsize,
        now: u64,
    ) -> bool {
        self.added_to.insert(class);
        let Some(mut known) = bounded_lock(&self.known) else { return false };
        let Some(leak) = known.get_mut(&instance) else { return false };
        // Relaxed: as in `goes`.
        leak.missing = missing.load(Ordering::Relaxed);
        leak.given = now;
        let is_void = leak.voids();
        if leak.missing <= 0 {
            leak.by.retain(|by| by.how == How::Left);
        }
        if leak.is_over() && leak.patience.is_zero() {
            known.remove(&instance);
        }
        is_void
    }

    /// Somebody releases this lock, which a task had when it ended. Gives whether what was told of it is void by that.
    #[cold]
    pub(crate) fn returns(&self, instance: u32) -> bool {
        if !self.is_any() {
            return false;
        }
        let Some(mut known) = bounded_lock(&self.known) else { return false };
        let Some(leak) = known.get_mut(&instance) else { return false };
        // Who hands on what it has acquired does so again.
        leak.by.retain(|by| by.how != How::Left);
        let is_void = leak.voids();
        if leak.is_over() && leak.patience.is_zero() {
            known.remove(&instance);
        }
        is_void
    }

    /// Whether permits were ever added to a semaphore of this class.
    #[cold]
    pub(crate) fn are_added(&self, class: u32) -> bool {
        self.added_to.contains(class)
    }

    /// Whether somebody has let go of this lock for good, as far as is known.
    #[inline]
    pub(crate) fn concerns(&self, instance: u32) -> bool {
        self.is_any() && self.untold(instance).is_some()
    }

    /// What is known of a lock, unless it was told.
    #[cold]
    pub(crate) fn untold(&self, instance: u32) -> Option<Leak> {
        let known = bounded_lock(&self.known)?;
        known.get(&instance).filter(|leak| leak.told.is_none() && !leak.is_over()).cloned()
    }

    /// It is told now, by `tell`, of somebody who has waited so long; unless somebody has told it by now, or has given something. What voids
    /// it comes later.
    #[cold]
    pub(crate) fn tells(&self, instance: u32, given: u64, waited: Duration, tell: impl FnOnce()) {
        let Some(mut known) = bounded_lock(&self.known) else { return };
        let Some(leak) = known.get_mut(&instance) else { return };
        if leak.told.is_none() && leak.given == given && !leak.is_over() {
            leak.told = Some(waited);
            tell();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: (u32, u32) = (7, 3);
    const SECOND: Duration = Duration::from_secs(1);

    fn by(how: How) -> Leaker {
        Leaker { how, thread: 1, access: 0, site: 1, is_foreign: false }
    }

    fn forgets(leaks: &Leaks, missing: isize) {
        leaks.goes(LOCK, by(How::Forgotten), (&AtomicIsize::new(missing), 3));
    }

    fn gives(leaks: &Leaks, missing: isize, now: u64) -> bool {
        leaks.gives(LOCK, &AtomicIsize::new(missing), now)
    }

    /// Whether it is told, by somebody who has waited so long and has seen what was given until `given`.
    fn tells(leaks: &Leaks, given: u64, waited: Duration) -> bool {
        let mut is_told = false;
        leaks.tells(LOCK.0, given, waited, || is_told = true);
        is_told
    }

    #[test]
    fn what_was_given_as_often_as_forgotten_is_not_missing() {
        let leaks = Leaks::default();
        assert!(!leaks.concerns(LOCK.0) && !leaks.are_added(LOCK.1));
        forgets(&leaks, 1);
        forgets(&leaks, 2);
        assert_eq!(leaks.untold(LOCK.0).map(|leak| (leak.missing, leak.by.len())), Some((2, 2)));
        assert!(!gives(&leaks, 1, 5), "nothing was told");
        assert!(leaks.concerns(LOCK.0) && leaks.are_added(LOCK.1));
        gives(&leaks, 0, 6);
        assert!(!leaks.concerns(LOCK.0) && !tells(&leaks, 6, SECOND));
        // Some that were added before are forgotten.
        forgets(&leaks, -3);
        assert!(!leaks.concerns(LOCK.0));
    }

    #[test]
    fn it_is_told_once_and_voided_once_and_then_needs_more_patience() {
        let leaks = Leaks::default();
        forgets(&leaks, 2);
        assert!(tells(&leaks, 0, SECOND) && !tells(&leaks, 0, SECOND));
        assert!(!leaks.concerns(LOCK.0), "it is told");
        assert!(gives(&leaks, 1, 9) && !gives(&leaks, 0, 9));
        forgets(&leaks, 1);
        let again = leaks.untold(LOCK.0).map(|leak| (leak.patience, leak.given));
        assert_eq!(again, Some((2 * SECOND, 9)));
        assert!(!tells(&leaks, 0, SECOND), "somebody has given one since");
        assert!(tells(&leaks, 9, 2 * SECOND));
    }

    #[test]
    fn a_guard_that_comes_back_is_no_leak() {
        let leaks = Leaks::default();
        leaks.ends_with(LOCK, by(How::Left));
        assert!(tells(&leaks, 0, SECOND));
        assert!(leaks.returns(LOCK.0) && !leaks.returns(LOCK.0));
        assert!(!leaks.concerns(LOCK.0));
        // Permits that were forgotten are not given back by that.
        forgets(&leaks, 1);
        leaks.ends_with(LOCK, by(How::Left));
        leaks.returns(LOCK.0);
        let rest = leaks.untold(LOCK.0).map(|leak| leak.by.iter().map(|by| by.how).collect());
        assert_eq!(rest, Some(vec![How::Forgotten]));
    }

    #[test]
    fn only_the_last_calls_are_kept() {
        let leaks = Leaks::default();
        for thread in 1..=CALLS as u32 + 2 {
            let by = Leaker { thread, ..by(How::Forgotten) };
            leaks.goes(LOCK, by, (&AtomicIsize::new(thread as isize), 0));
        }
        let by = leaks.untold(LOCK.0).expect("it is known").by;
        assert_eq!((by.len(), by[0].thread), (CALLS, 3));
    }
}
