//! What was measured of locks, in version 1.

use super::place::{Place, place};
use crate::names::{LockFacts, label};
use serde::Serialize;
use syncscope_detector::contention::{Contention, Estimate, Holder, LockContention, Times, UsedAt};
use syncscope_detector::finding::ThreadInfo;

/// All of it.
#[derive(Debug, Serialize)]
pub struct JsonContention {
    /// Those that were waited for longest come first.
    pub locks: Vec<MeasuredLock>,
    /// Measurements that found no room.
    pub lost: u64,
}

/// The locks of a class.
#[derive(Debug, Serialize)]
pub struct MeasuredLock {
    /// The name.
    pub name: String,
    /// What the class is known by across runs.
    pub key: String,
    /// `Mutex`, `RwLock`, …
    pub kind: &'static str,
    /// Type of the protected value.
    pub type_name: String,
    /// Where it is created.
    pub created: Option<Place>,
    /// How often one was acquired.
    pub acquisitions: Acquisitions,
    /// The share of those that waited.
    pub contended: Option<f64>,
    /// How long was waited.
    pub waits: JsonTimes,
    /// How long one was held.
    pub holds: JsonTimes,
    /// By place.
    pub places: Vec<MeasuredPlace>,
    /// Who was in the way.
    pub holders: Vec<MeasuredHolder>,
    /// Which thread waited for which.
    pub threads: Vec<MeasuredThreads>,
}

/// How often.
#[derive(Debug, Serialize)]
pub struct Acquisitions {
    /// How often.
    pub count: u64,
    /// How many were looked at.
    pub samples: u64,
    /// Two standard deviations of the count.
    pub error: u64,
}

/// How many, and how long; seconds.
#[derive(Debug, Serialize)]
pub struct JsonTimes {
    /// How many.
    pub count: u64,
    /// Together.
    pub total: f64,
    /// The longest.
    pub longest: f64,
    /// The median.
    pub p50: Option<f64>,
    /// Nine in ten are shorter.
    pub p90: Option<f64>,
    /// 99 in a hundred are.
    pub p99: Option<f64>,
    /// Times with how many there were of each, the shortest first.
    pub histogram: Vec<(f64, u64)>,
}

/// A place where a lock is acquired.
#[derive(Debug, Serialize)]
pub struct MeasuredPlace {
    /// Where.
    pub at: JsonUsedAt,
    /// How often.
    pub acquisitions: Acquisitions,
    /// The share of those that waited.
    pub contended: Option<f64>,
    /// How long was waited there.
    pub waits: JsonTimes,
    /// How long what was acquired there was held.
    pub holds: JsonTimes,
}

/// Where a lock is acquired, and how.
#[derive(Debug, Serialize)]
pub struct JsonUsedAt {
    /// Where.
    pub place: Option<Place>,
    /// As a reader.
    pub shared: bool,
}

/// Who held locks while others waited.
#[derive(Debug, Serialize)]
pub struct MeasuredHolder {
    /// Where it had acquired the lock.
    pub at: Option<JsonUsedAt>,
    /// How long was waited for it.
    pub waits: JsonTimes,
    /// By the places of those who waited.
    pub waiters: Vec<MeasuredWaiter>,
    /// What it waited for itself meanwhile.
    pub meanwhile: Vec<MeasuredMeanwhile>,
}

/// Who waited.
#[derive(Debug, Serialize)]
pub struct MeasuredWaiter {
    /// Where.
    pub at: JsonUsedAt,
    /// How long.
    pub waits: JsonTimes,
}

/// What a holder waited for.
#[derive(Debug, Serialize)]
pub struct MeasuredMeanwhile {
    /// The name of the call.
    pub call: &'static str,
    /// Where.
    pub place: Option<Place>,
    /// How long.
    pub times: JsonTimes,
}

/// One thread waited for another.
#[derive(Debug, Serialize)]
pub struct MeasuredThreads {
    /// Who waited.
    pub waiter: Option<MeasuredThread>,
    /// For whom.
    pub holder: Option<MeasuredThread>,
    /// How long.
    pub times: JsonTimes,
}

/// A thread.
#[derive(Debug, Serialize)]
pub struct MeasuredThread {
    /// Its name.
    pub name: Option<String>,
    /// Its number in the process.
    pub number: u32,
    /// Index of the process among the recordings.
    pub recording: usize,
}

pub(super) fn contention(contention: &Contention) -> JsonContention {
    JsonContention { locks: contention.locks.iter().map(lock).collect(), lost: contention.lost }
}

fn lock(lock: &LockContention) -> MeasuredLock {
    MeasuredLock {
        name: label(&LockFacts::of(&lock.lock)),
        key: lock.key.clone(),
        kind: lock.lock.kind,
        type_name: lock.lock.type_name.clone(),
        created: place(&lock.lock.created),
        acquisitions: acquisitions(&lock.acquisitions),
        contended: lock.contended(),
        waits: times(&lock.waits),
        holds: times(&lock.holds),
        places: (lock.places.iter())
            .map(|place| MeasuredPlace {
                at: used_at(&place.at),
                acquisitions: acquisitions(&place.acquisitions),
                contended: place.contended(),
                waits: times(&place.waits),
                holds: times(&place.holds),
            })
            .collect(),
        holders: lock.holders.iter().map(holder).collect(),
        threads: (lock.threads.iter())
            .map(|pair| MeasuredThreads {
                waiter: pair.waiter.as_ref().map(thread),
                holder: pair.holder.as_ref().map(thread),
                times: times(&pair.times),
            })
            .collect(),
    }
}

fn holder(holder: &Holder) -> MeasuredHolder {
    MeasuredHolder {
        at: holder.at.as_ref().map(used_at),
        waits: times(&holder.waits),
        waiters: (holder.waiters.iter())
            .map(|waiter| MeasuredWaiter { at: used_at(&waiter.at), waits: times(&waiter.waits) })
            .collect(),
        meanwhile: (holder.meanwhile.iter())
            .map(|one| MeasuredMeanwhile {
                call: one.wait.call(),
                place: place(&one.place),
                times: times(&one.times),
            })
            .collect(),
    }
}

fn acquisitions(of: &Estimate) -> Acquisitions {
    Acquisitions { count: of.count, samples: of.samples, error: of.error() }
}

fn times(of: &Times) -> JsonTimes {
    let seconds = |nanoseconds: u64| nanoseconds as f64 / 1e9;
    let at = |share| of.percentile(share).map(seconds);
    JsonTimes {
        count: of.count,
        total: seconds(of.total),
        longest: seconds(of.longest),
        p50: at(0.5),
        p90: at(0.9),
        p99: at(0.99),
        histogram: of.histogram.buckets().map(|(time, count)| (seconds(time), count)).collect(),
    }
}

fn used_at(at: &UsedAt) -> JsonUsedAt {
    JsonUsedAt { place: place(&at.place), shared: at.access.shared }
}

fn thread(thread: &ThreadInfo) -> MeasuredThread {
    MeasuredThread { name: thread.name.clone(), number: thread.number, recording: thread.process }
}
