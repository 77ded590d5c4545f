//! Held sets, interned: many nodes share one.

use super::identity::LockId;
use std::collections::BTreeMap;

/// An interned set of held locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SetId(u32);

/// One lock of a held set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Held {
    /// Which.
    pub(crate) lock: LockId,
    /// Others may hold it in this mode at the same time.
    pub(crate) shared: bool,
    /// Taken by an attempt that might have failed: the program may be here without it, too.
    pub(crate) tried: bool,
}

/// A lock that no two threads can hold in the two ways of two held sets at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gate {
    /// Which.
    pub(crate) lock: LockId,
    /// One of the two sets may do without it.
    pub(crate) tried: bool,
}

/// All held sets.
#[derive(Debug, Default)]
pub(crate) struct HeldSets {
    sets: Vec<Vec<Held>>,
    ids: BTreeMap<Vec<Held>, SetId>,
}

impl HeldSets {
    /// Interns a set given in any order. A lock that is held twice counts as held exclusively if it is so once,
    /// and then as tried if that was.
    pub(crate) fn intern(&mut self, mut held: Vec<Held>) -> SetId {
        // `false < true`: the exclusive entry of a lock sorts first, and is the one that stays.
        held.sort_unstable();
        held.dedup_by_key(|entry| entry.lock);
        if let Some(id) = self.ids.get(&held) {
            return *id;
        }
        let id = SetId(u32::try_from(self.sets.len()).unwrap_or(u32::MAX));
        self.sets.push(held.clone());
        self.ids.insert(held, id);
        id
    }

    /// The gates of two sets.
    pub(crate) fn gates(&self, a: SetId, b: SetId) -> impl Iterator<Item = Gate> + '_ {
        let (mut left, mut right) = (self.get(a), self.get(b));
        std::iter::from_fn(move || {
            loop {
                let (x, y) = (left.first()?, right.first()?);
                match x.lock.cmp(&y.lock) {
                    std::cmp::Ordering::Less => left = &left[1..],
                    std::cmp::Ordering::Greater => right = &right[1..],
                    std::cmp::Ordering::Equal => {
                        (left, right) = (&left[1..], &right[1..]);
                        if !(x.shared && y.shared) {
                            return Some(Gate { lock: x.lock, tried: x.tried || y.tried });
                        }
                    }
                }
            }
        })
    }

    /// The locks that each of these sets holds exclusively, and not by an attempt.
    pub(crate) fn exclusive_in_all(&self, mut sets: impl Iterator<Item = SetId>) -> Vec<LockId> {
        let is_firm = |held: &&Held| !held.shared && !held.tried;
        let of = |set| self.get(set).iter().filter(is_firm).map(|held| held.lock);
        let mut common: Vec<_> = sets.next().into_iter().flat_map(of).collect();
        while let Some(set) = sets.next().filter(|_| !common.is_empty()) {
            common.retain(|lock| of(set).any(|other| other == *lock));
        }
        common
    }

    fn get(&self, id: SetId) -> &[Held] {
        &self.sets[id.0 as usize]
    }
}
