//! What was measured of locks, added up.

use super::times::{Estimate, Times};
use crate::finding::{LockInfo, Place, ThreadInfo};
use syncscope_recording::model::{Access, ClassId, WaitKind};

/// What was measured of the locks of all recordings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contention {
    /// By class: those that were waited for longest come first, then those that were held longest.
    pub locks: Vec<LockContention>,
    /// Measurements that found no room in the recordings.
    pub lost: u64,
}

/// What was measured of the locks of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct LockContention {
    /// What the class is known by across runs, machines and moved code: 16 hexadecimal digits.
    pub key: String,
    /// The classes of recordings that are added up here, each with the index of its recording.
    pub classes: Vec<(usize, ClassId)>,
    /// What is known of it; the instance is 0.
    pub lock: LockInfo,
    /// How often one was acquired.
    pub acquisitions: Estimate,
    /// How long threads waited for one.
    pub waits: Times,
    /// How long one was held. Fewer than were acquired: what is still held has no time, nor has what another thread gave back.
    pub holds: Times,
    /// The same by place: where they were waited for longest comes first, then where they were held longest.
    pub places: Vec<PlaceContention>,
    /// Who was in the way of the waits: the one that was waited for longest comes first.
    pub holders: Vec<Holder>,
    /// Which thread waited for which: the longest comes first.
    pub threads: Vec<ThreadPair>,
}

/// A place where locks of a class are acquired.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceContention {
    /// Where.
    pub at: UsedAt,
    /// How often one was acquired there.
    pub acquisitions: Estimate,
    /// How long threads waited there.
    pub waits: Times,
    /// How long what was acquired there was held.
    pub holds: Times,
}

/// Where a lock is acquired, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedAt {
    /// Where; unknown where the recording does not say.
    pub place: Place,
    /// How. Waits do not tell whether a call gives up after a time.
    pub access: Access,
}

/// Who held locks of a class while others waited.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// Where it had acquired the lock that stood in the way when a wait began; `None` where that is not known.
    pub at: Option<UsedAt>,
    /// How long was waited for it.
    pub waits: Times,
    /// The same by the places of those who waited, the longest first.
    pub waiters: Vec<Waiter>,
    /// How much of that it was itself in a wait, as far as that is known: the longest first. The rest of the time it ran, did what is not
    /// recorded, or was kept from running.
    pub meanwhile: Vec<Meanwhile>,
}

/// Who waited.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiter {
    /// Where.
    pub at: UsedAt,
    /// How long.
    pub waits: Times,
}

/// What a holder waited for while others waited for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Meanwhile {
    /// In what.
    pub wait: WaitKind,
    /// Where.
    pub place: Place,
    /// How long, without a histogram.
    pub times: Times,
}

/// One thread waited for another one.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadPair {
    /// Who waited; `None` for all whose waits were not told apart any more.
    pub waiter: Option<ThreadInfo>,
    /// Who held the lock when the wait began; `None` likewise.
    pub holder: Option<ThreadInfo>,
    /// How long, without a histogram.
    pub times: Times,
}

impl LockContention {
    /// The share of acquisitions that had to wait, from 0 to 1; `None` where none are known.
    #[must_use]
    pub fn contended(&self) -> Option<f64> {
        share(&self.waits, &self.acquisitions)
    }
}

impl PlaceContention {
    /// As [`LockContention::contended`].
    #[must_use]
    pub fn contended(&self) -> Option<f64> {
        share(&self.waits, &self.acquisitions)
    }
}

/// Waits that were given up are no acquisitions, and acquisitions are estimates: so the quotient may be above 1.
fn share(waits: &Times, acquisitions: &Estimate) -> Option<f64> {
    (acquisitions.count > 0).then(|| (waits.count as f64 / acquisitions.count as f64).min(1.0))
}
