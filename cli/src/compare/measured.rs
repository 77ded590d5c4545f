//! How long locks were held and waited for in both runs, as far as both have measured it.

use super::waits::{ChangedWait, WaitSums};
use crate::names::{LockFacts, label};
use std::collections::BTreeMap;
use syncscope_detector::contention::{Contention, LockContention, Times};

/// A change of a hold that is worth a word: half of them, or the longest of a hundred, take twice as long, or half.
const FACTOR: f64 = 2.0;
/// And in one of the runs they take at least so many seconds together.
const LEAST: f64 = 1e-3;

/// What both runs have measured of a lock.
#[derive(Debug)]
pub(super) struct Measured<'a> {
    lock: String,
    old: Option<&'a LockContention>,
    new: Option<&'a LockContention>,
}

/// Of all locks; `None` where a run has measured nothing.
pub(super) fn measured<'a>(old: &'a Contention, new: &'a Contention) -> Option<Vec<Measured<'a>>> {
    if old.locks.is_empty() || new.locks.is_empty() {
        return None;
    }
    let by_key = |of: &'a Contention| -> BTreeMap<&'a str, &'a LockContention> {
        of.locks.iter().map(|lock| (lock.key.as_str(), lock)).collect()
    };
    let (before, after) = (by_key(old), by_key(new));
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    let both = after.keys().chain(gone).filter_map(|key| {
        let (old, new) = (before.get(key).copied(), after.get(key).copied());
        Some(Measured { lock: label(&LockFacts::of(&new.or(old)?.lock)), old, new })
    });
    Some(both.collect())
}

/// The waits that became much longer or shorter, the greatest change first.
pub(super) fn changed_waits(all: &[Measured<'_>]) -> Vec<ChangedWait> {
    let waits = |lock: &LockContention| sums(&lock.waits);
    in_order(all.iter().map(|one| one.pair(waits)).filter(ChangedWait::is_worth_a_word))
}

/// The holds that became much longer or shorter, the greatest change first: of locks that both runs have taken.
pub(super) fn changed_holds(all: &[Measured<'_>]) -> Vec<ChangedWait> {
    let holds = |lock: &LockContention| sums(&lock.holds);
    in_order(all.iter().map(|one| one.pair(holds)).filter(|pair| {
        let differs = |old: Option<f64>, new: Option<f64>| {
            let (Some(old), Some(new)) = (old, new) else { return false };
            old.max(new) >= old.min(new) * FACTOR && old.max(new) > 0.0
        };
        let (old, new) = (&pair.old, &pair.new);
        old.total.max(new.total) >= LEAST
            && (differs(old.median, new.median) || differs(old.p99, new.p99))
    }))
}

impl Measured<'_> {
    fn pair(&self, of: impl Fn(&LockContention) -> WaitSums) -> ChangedWait {
        let of = |lock: Option<&LockContention>| lock.map(&of).unwrap_or_default();
        ChangedWait { lock: self.lock.clone(), old: of(self.old), new: of(self.new) }
    }
}

fn in_order(changed: impl Iterator<Item = ChangedWait>) -> Vec<ChangedWait> {
    let mut changed: Vec<_> = changed.collect();
    changed.sort_by(|a, b| b.change().total_cmp(&a.change()).then(a.lock.cmp(&b.lock)));
    changed
}

fn sums(times: &Times) -> WaitSums {
    let seconds = |nanoseconds: u64| nanoseconds as f64 / 1e9;
    WaitSums {
        count: times.count,
        total: seconds(times.total),
        longest: seconds(times.longest),
        median: times.percentile(0.5).map(seconds),
        p99: times.percentile(0.99).map(seconds),
    }
}
