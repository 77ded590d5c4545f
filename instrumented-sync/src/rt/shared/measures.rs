//! What is measured of locks: tables in the recording to which all threads add.
//!
//! A *measure* is of one class of locks at one place: how often they were acquired there and how long they were held, or how long they
//! were waited for there behind one other place. Its sums lie in one table, the counts of its histogram in another. Both grow by chunks,
//! up to a bound; what finds no room then is counted.
//!
//! Nothing that is read here is trusted: a place is computed from what is measured, and a search ends after a few places.

use super::grown::Grown;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use syncscope_recording::buckets;
use syncscope_recording::layout::{bucket, chunk, chunk_kind, measure, measure_kind};
use syncscope_recording::writer::RecordingFile;

/// Pairs of threads that are told apart.
const PAIRS: u32 = 1024;

/// All measures.
#[derive(Debug)]
pub(crate) struct Measures {
    table: Grown,
    counts: Grown,
    pairs: AtomicU32,
    lost: AtomicU64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    kind: u32,
    class: u32,
    site_access: u32,
    holder: u32,
    holder_wait: u32,
    holder_wait_site: u32,
}

/// Where it is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    entry: *mut u8,
    number: u64,
}

impl Key {
    /// Acquisitions at a place.
    pub(crate) fn held(class: u32, site_access: u32) -> Self {
        Self { site_access, ..Self::of(measure_kind::HELD, class) }
    }

    /// Waits at a place, behind who had acquired at another; 0 where that is not known.
    pub(crate) fn waited(class: u32, site_access: u32, holder: u32) -> Self {
        Self { site_access, holder, ..Self::of(measure_kind::WAITED, class) }
    }

    /// Waits of a holder, of this kind and at this site, while others waited for it.
    pub(crate) fn meanwhile(class: u32, holder: u32, (wait, site): (u32, u32)) -> Self {
        let of = Self::of(measure_kind::MEANWHILE, class);
        Self { holder, holder_wait: wait, holder_wait_site: site, ..of }
    }

    /// Waits of a thread for another one.
    fn threads(class: u32, [waiter, holder]: [u32; 2]) -> Self {
        Self { site_access: waiter, holder, ..Self::of(measure_kind::THREADS, class) }
    }

    fn of(kind: u32, class: u32) -> Self {
        Self { kind, class, site_access: 0, holder: 0, holder_wait: 0, holder_wait_site: 0 }
    }

    fn hash(&self) -> u64 {
        let words = [
            u64::from(self.kind) | u64::from(self.class) << 32,
            u64::from(self.site_access) | u64::from(self.holder) << 32,
            u64::from(self.holder_wait) | u64::from(self.holder_wait_site) << 32,
        ];
        // Never 0, which marks a free entry.
        words.into_iter().fold(0, mix) | 1
    }
}

impl Measures {
    pub(crate) fn new() -> Self {
        Self {
            table: Grown::new(chunk_kind::MEASURES, measure::SIZE, 9),
            counts: Grown::new(chunk_kind::BUCKETS, bucket::SIZE, 11),
            pairs: AtomicU32::new(0),
            lost: AtomicU64::new(0),
        }
    }

    /// Where something is measured. `None` when there is no room; that is counted.
    pub(crate) fn find(&self, file: &RecordingFile, key: Key) -> Option<Measure> {
        let hash = key.hash();
        let known = self.table.find(hash).or_else(|| self.make(file, hash, &key));
        if known.is_none() {
            self.note_lost();
        }
        known.map(|(entry, number)| Measure { entry, number })
    }

    #[cold]
    fn make(&self, file: &RecordingFile, hash: u64, key: &Key) -> Option<(*mut u8, u64)> {
        let (entry, number) = self.table.make(file, hash)?;
        let put = |at, value| {
            // SAFETY: inside of the entry and aligned, see `Grown`. Relaxed: published by READY.
            unsafe { AtomicU32::from_ptr(entry.add(at).cast()).store(value, Ordering::Relaxed) };
        };
        put(measure::KIND, key.kind);
        put(measure::CLASS, key.class);
        put(measure::SITE_ACCESS, key.site_access);
        put(measure::HOLDER, key.holder);
        put(measure::HOLDER_WAIT, key.holder_wait);
        put(measure::HOLDER_WAIT_SITE, key.holder_wait_site);
        // SAFETY: as above. Release: a reader that finds the entry ready finds what it is of.
        unsafe {
            AtomicU32::from_ptr(entry.add(measure::READY).cast()).store(1, Ordering::Release)
        };
        Some((entry, number))
    }

    /// Notes that one thread waited for another one, for so many ticks.
    pub(crate) fn waited_between(
        &self,
        file: &RecordingFile,
        class: u32,
        threads: [u32; 2],
        ticks: u64,
    ) {
        let key = Key::threads(class, threads);
        // Relaxed: an amount. A bound on it may be passed by as many as there are threads.
        let key = if self.table.find(key.hash()).is_some() {
            key
        } else if self.pairs.load(Ordering::Relaxed) < PAIRS {
            self.pairs.fetch_add(1, Ordering::Relaxed);
            key
        } else {
            Key::threads(class, [0, 0])
        };
        if let Some(measure) = self.find(file, key) {
            measure.count(1);
            measure.add_time(ticks, 1);
        }
    }

    /// Adds a time that stands for `weight` of them, to the sums and to the histogram.
    pub(crate) fn add_time(&self, file: &RecordingFile, to: Measure, ticks: u64, weight: u64) {
        to.add_time(ticks, weight);
        let key = (to.number + 1) << 16 | u64::from(buckets::place(ticks));
        let known = self.counts.find_by(mix(0, key), key);
        match known.or_else(|| self.counts.make_by(file, mix(0, key), key)) {
            Some((entry, _)) => add(entry, bucket::COUNT, weight),
            None => self.note_lost(),
        }
    }

    /// Counts what was not measured since there was no room.
    #[cold]
    fn note_lost(&self) {
        // Relaxed: a number for readers.
        let lost = self.lost.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(first) = self.table.first() {
            first.u64(chunk::BASE).store(lost, Ordering::Relaxed);
        }
    }
}

impl Measure {
    /// Of something that is nowhere measured.
    #[cfg(test)]
    pub(crate) const fn of_nothing() -> Self {
        Self { entry: std::ptr::null_mut(), number: 0 }
    }

    /// Counts a sample that stands for `weight`.
    pub(crate) fn count(self, weight: u64) {
        add(self.entry, measure::COUNT, weight);
        add(self.entry, measure::SAMPLES, 1);
        if weight > 1 {
            add(self.entry, measure::VARIANCE, weight * (weight - 1));
        }
    }

    /// Adds a time that stands for `weight` of them, to the sums.
    pub(crate) fn add_time(self, ticks: u64, weight: u64) {
        add(self.entry, measure::TOTAL, ticks.saturating_mul(weight));
        // SAFETY: inside of the entry and aligned, see `Grown`.
        let longest = unsafe { AtomicU64::from_ptr(self.entry.add(measure::LONGEST).cast()) };
        // Relaxed: a number for readers. Read first, so that the line is only written when there is something new.
        if longest.load(Ordering::Relaxed) < ticks {
            longest.fetch_max(ticks, Ordering::Relaxed);
        }
    }
}

fn add(entry: *mut u8, at: usize, by: u64) {
    // SAFETY: inside of an entry and aligned, see `Grown`. Relaxed: a number for readers.
    unsafe { AtomicU64::from_ptr(entry.add(at).cast()).fetch_add(by, Ordering::Relaxed) };
}

/// Odd, with its bits well spread.
const MULTIPLIER: u64 = 0xD6E8_FEB8_6659_FD93;

fn mix(hash: u64, word: u64) -> u64 {
    let mixed = (hash ^ word).wrapping_mul(MULTIPLIER);
    (mixed ^ mixed >> 32).wrapping_mul(MULTIPLIER)
}
