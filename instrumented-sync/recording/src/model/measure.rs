//! What was measured of locks: how often they were acquired, how long they were held and waited for.

use super::access::Access;
use super::ids::{ClassId, SiteId, ThreadNum};
use super::wait_kind::WaitKind;

/// What was measured of the locks of one class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// The class of the locks.
    pub class: ClassId,
    /// What of them.
    pub what: Measured,
    /// How often; estimated where `samples` is less.
    pub count: u64,
    /// How many were looked at for that.
    pub samples: u64,
    /// The variance of the count: 0 where it is exact.
    pub variance: u64,
    /// Ticks in all.
    pub total: u64,
    /// The most ticks of one that was looked at.
    pub longest: u64,
    /// How many took as long as belongs into a bucket, see [`crate::buckets`]; sorted, none of them 0. Empty for what has no histogram.
    pub histogram: Vec<(u16, u64)>,
}

/// What a [`Measure`] is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measured {
    /// Locks that were acquired at a place: how often, and how long they were held. One that is still held, or was given back by another
    /// thread, is counted and has no time.
    Held(LockPlace),
    /// Waits at a place. Each one counts once, whether it ended with the lock or was given up.
    Waited {
        /// Where it was waited for.
        at: LockPlace,
        /// Where the lock had been acquired that stood in the way when the wait began, if that is known.
        behind: Option<LockPlace>,
    },
    /// As much of the waits behind a holder as that was in a wait of its own.
    Meanwhile {
        /// Where the holder had acquired the lock.
        behind: LockPlace,
        /// In what it waited.
        wait: WaitKind,
        /// And where.
        site: SiteId,
    },
    /// How long one thread waited for another one.
    Threads {
        /// Who waited.
        waiter: ThreadNum,
        /// Who held the lock when the wait began; `None` when that is not known, or it was one of very many threads.
        holder: Option<ThreadNum>,
    },
}

impl Default for Measured {
    fn default() -> Self {
        Self::Held(LockPlace::default())
    }
}

/// Where a lock was acquired or waited for, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockPlace {
    /// Where.
    pub site: SiteId,
    /// How.
    pub access: Access,
}
