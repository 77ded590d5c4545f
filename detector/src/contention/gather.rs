//! Adds up what the recordings have measured.

use super::model::{
    Contention, Holder, LockContention, Meanwhile, PlaceContention, ThreadPair, UsedAt, Waiter,
};
use super::times::{Estimate, Times};
use crate::finding::{LockInfo, Place, ThreadInfo};
use crate::merged::Merged;
use crate::sites::SiteKeys;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, ClassId, InstanceId, LockPlace, Measure, Measured, SiteId, ThreadNum, WaitKind,
};

/// What was measured of the locks of all recordings together: classes of several processes are one where they are known by the same.
///
/// Cost: linear in what was measured, up to sorting.
#[must_use]
pub fn contention(recordings: &[Recording], keys: &dyn SiteKeys) -> Contention {
    let view = Merged::new(recordings, keys);
    let mut locks: BTreeMap<u64, Sums> = BTreeMap::new();
    let mut lost = 0_u64;
    for (process, recording) in recordings.iter().enumerate() {
        lost = lost.saturating_add(recording.lost.measures);
        for measure in &recording.measures {
            let hash = view.class_hash(process, Some(measure.class));
            let info = || view.instance_info(process, InstanceId(0), Some(measure.class));
            let sums = locks.entry(hash).or_insert_with(|| Sums::new(info()));
            sums.add(&view, process, measure);
        }
    }
    let mut locks: Vec<LockContention> =
        locks.into_iter().map(|(hash, sums)| sums.finish(format!("{hash:016x}"))).collect();
    locks.sort_by_cached_key(|lock| {
        let by_time = Reverse((lock.waits.total, lock.holds.total, lock.acquisitions.count));
        (by_time, lock.key.clone())
    });
    Contention { locks, lost }
}

/// A place, as what is added up is told apart by: file, line, column, and how.
type At = (String, u32, u32, Access);

/// Who waited and who held the lock, each by process and number, as far as they are told apart.
type Pair = [Option<(usize, ThreadNum)>; 2];

/// What is added up for a class.
struct Sums {
    lock: LockInfo,
    classes: BTreeSet<(usize, ClassId)>,
    places: BTreeMap<At, OfPlace>,
    holders: BTreeMap<Option<At>, OfHolder>,
    threads: BTreeMap<Pair, ThreadPair>,
}

#[derive(Default)]
struct OfPlace {
    acquisitions: Estimate,
    waits: Times,
    holds: Times,
}

#[derive(Default)]
struct OfHolder {
    waiters: BTreeMap<At, Times>,
    meanwhile: BTreeMap<(WaitKind, String, u32, u32), Times>,
}

impl Sums {
    fn new(lock: LockInfo) -> Self {
        let (places, holders, threads) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { lock, classes: BTreeSet::new(), places, holders, threads }
    }

    fn add(&mut self, view: &Merged<'_>, process: usize, measure: &Measure) {
        self.classes.insert((process, measure.class));
        let times = Times::of(measure, &view.recordings[process]);
        let place = |site: SiteId| {
            let Place { file, line, column, .. } = view.place(process, site, None);
            (file, line, column)
        };
        let at = |at: LockPlace| {
            let (file, line, column) = place(at.site);
            (file, line, column, told(at.access))
        };
        match measure.what {
            Measured::Held(held) => {
                let Measure { count, samples, variance, .. } = *measure;
                let known = self.places.entry(at(held)).or_default();
                known.acquisitions.add(&Estimate { count, samples, variance });
                // What is still held is counted and has no time.
                if !measure.histogram.is_empty() {
                    known.holds.add(&times);
                }
            }
            Measured::Waited { at: waiter, behind } => {
                self.places.entry(at(waiter)).or_default().waits.add(&times);
                let holder = self.holders.entry(behind.map(at)).or_default();
                holder.waiters.entry(at(waiter)).or_default().add(&times);
            }
            Measured::Meanwhile { behind, wait, site } => {
                let holder = self.holders.entry(Some(at(behind))).or_default();
                let (file, line, column) = place(site);
                holder.meanwhile.entry((wait, file, line, column)).or_default().add(&times);
            }
            Measured::Threads { waiter, holder } => {
                let thread = |number: ThreadNum| (number.0 != 0).then_some((process, number));
                let key: Pair = [thread(waiter), holder.and_then(thread)];
                let info = |of: Option<(usize, ThreadNum)>| -> Option<ThreadInfo> {
                    of.map(|(process, number)| view.thread_info(process, Some(number)))
                };
                let pair = || ThreadPair {
                    waiter: info(key[0]),
                    holder: info(key[1]),
                    times: Times::default(),
                };
                self.threads.entry(key).or_insert_with(pair).times.add(&times);
            }
        }
    }

    fn finish(self, key: String) -> LockContention {
        let mut sum = OfPlace::default();
        for place in self.places.values() {
            sum.acquisitions.add(&place.acquisitions);
            sum.waits.add(&place.waits);
            sum.holds.add(&place.holds);
        }
        let OfPlace { acquisitions, waits, holds } = sum;
        let mut places: Vec<_> = self.places.into_iter().map(place_contention).collect();
        // Stable: what took as long stays in the order of the source.
        places.sort_by_key(|place| Reverse((place.waits.total, place.holds.total)));
        let mut holders: Vec<_> = self.holders.into_iter().map(holder).collect();
        holders.sort_by_key(|holder| Reverse(holder.waits.total));
        let mut threads: Vec<_> = self.threads.into_values().collect();
        threads.sort_by_key(|pair| Reverse(pair.times.total));
        let (lock, classes) = (self.lock, self.classes.into_iter().collect());
        LockContention { key, classes, lock, acquisitions, waits, holds, places, holders, threads }
    }
}

/// As much of an access as is told of acquisitions and of waits alike.
fn told(access: Access) -> Access {
    let Access { shared, init, .. } = access;
    Access { shared, init, ..Access::default() }
}

fn used_at((file, line, column, access): At) -> UsedAt {
    UsedAt { place: Place { file, line, column, stack: Vec::new() }, access }
}

fn place_contention((at, of): (At, OfPlace)) -> PlaceContention {
    let OfPlace { acquisitions, waits, holds } = of;
    PlaceContention { at: used_at(at), acquisitions, waits, holds }
}

fn holder((at, of): (Option<At>, OfHolder)) -> Holder {
    let mut waits = Times::default();
    of.waiters.values().for_each(|times| waits.add(times));
    let waiter = |(at, waits): (At, Times)| Waiter { at: used_at(at), waits };
    let mut waiters: Vec<_> = of.waiters.into_iter().map(waiter).collect();
    waiters.sort_by_key(|waiter| Reverse(waiter.waits.total));
    let one = |((wait, file, line, column), times)| Meanwhile {
        wait,
        place: Place { file, line, column, stack: Vec::new() },
        times,
    };
    let mut meanwhile: Vec<_> = of.meanwhile.into_iter().map(one).collect();
    meanwhile.sort_by_key(|one| Reverse(one.times.total));
    Holder { at: at.map(used_at), waits, waiters, meanwhile }
}
