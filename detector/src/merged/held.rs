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
}

/// All held sets.
#[derive(Debug, Default)]
pub(crate) struct HeldSets {
    sets: Vec<Vec<Held>>,
    ids: BTreeMap<Vec<Held>, SetId>,
}

impl HeldSets {
    /// Interns a set given in any order. A lock that is held twice counts as held exclusively if it is so once.
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

    /// The locks that no two threads can hold in these two ways at the same time: gates.
    pub(crate) fn gates(&self, a: SetId, b: SetId) -> impl Iterator<Item = LockId> + '_ {
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
                            return Some(x.lock);
                        }
                    }
                }
            }
        })
    }

    /// The locks that each of these sets holds exclusively.
    pub(crate) fn exclusive_in_all(&self, mut sets: impl Iterator<Item = SetId>) -> Vec<LockId> {
        let of = |set| self.get(set).iter().filter(|held| !held.shared).map(|held| held.lock);
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
