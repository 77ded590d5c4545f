//! What was measured of locks.

use super::bytes::{records, u32_at, u64_at};
use super::chunks::Chunk;
use super::codes::site_access;
use super::tables::Tables;
use crate::buckets;
use crate::layout::{bucket, chunk, chunk_kind, measure, measure_kind};
use crate::model::{ClassId, LockPlace, Measure, Measured, SiteId, ThreadNum, WaitKind};
use std::collections::{BTreeMap, HashMap};

/// What was measured, sorted, and how many times there was no room for that.
#[derive(Debug, Default)]
pub(super) struct Measures {
    pub(super) measures: Vec<Measure>,
    pub(super) lost: u64,
}

impl Measures {
    pub(super) fn read(chunks: &[Chunk<'_>], tables: &Tables) -> Self {
        let mut histograms = histograms(chunks);
        let mut sums: BTreeMap<_, Sum> = BTreeMap::new();
        let mut lost = 0_u64;
        for chunk in chunks.iter().filter(|chunk| chunk.kind == chunk_kind::MEASURES) {
            lost = lost.saturating_add(chunk.base);
            let numbers = u64::from(chunk.index)..;
            for (number, bytes) in numbers.zip(records(&chunk.bytes, chunk::PAYLOAD, measure::SIZE))
            {
                if let Some((class, what)) = told(bytes, tables) {
                    let histogram = histograms.remove(&number).unwrap_or_default();
                    sums.entry((class, what)).or_default().add(bytes, histogram);
                }
            }
        }
        let measures =
            sums.into_iter().map(|((class, what), sum)| sum.finish(class, what)).collect();
        Self { measures, lost }
    }
}

/// The histograms, by the numbers of their measures.
fn histograms(chunks: &[Chunk<'_>]) -> HashMap<u64, Vec<(u16, u64)>> {
    let mut histograms: HashMap<u64, Vec<_>> = HashMap::new();
    for chunk in chunks.iter().filter(|chunk| chunk.kind == chunk_kind::BUCKETS) {
        for bytes in records(&chunk.bytes, chunk::PAYLOAD, bucket::SIZE) {
            let (key, count) = (u64_at(bytes, bucket::KEY), u64_at(bytes, bucket::COUNT));
            let place = key as u16;
            if let Some(number) = (key >> 16).checked_sub(1)
                && place < buckets::COUNT
                && count > 0
            {
                histograms.entry(number).or_default().push((place, count));
            }
        }
    }
    histograms
}

/// What an entry tells that it is of. `None` when it is free, not complete, or of a kind or a class that is not known.
fn told(bytes: &[u8], tables: &Tables) -> Option<(ClassId, Measured)> {
    if u32_at(bytes, measure::READY) != 1 {
        return None;
    }
    let class = tables.class(u32_at(bytes, measure::CLASS))?;
    let place = |at| {
        let (site, access) = site_access(u32_at(bytes, at));
        LockPlace { site: tables.site(site), access }
    };
    let holder = u32_at(bytes, measure::HOLDER);
    let what = match u32_at(bytes, measure::KIND) {
        measure_kind::HELD => Measured::Held(place(measure::SITE_ACCESS)),
        measure_kind::WAITED => Measured::Waited {
            at: place(measure::SITE_ACCESS),
            behind: (holder != 0).then(|| place(measure::HOLDER)),
        },
        measure_kind::MEANWHILE => Measured::Meanwhile {
            behind: place(measure::HOLDER),
            wait: WaitKind::of_code(u32_at(bytes, measure::HOLDER_WAIT)),
            site: tables.site(SiteId(u32_at(bytes, measure::HOLDER_WAIT_SITE))),
        },
        measure_kind::THREADS => Measured::Threads {
            waiter: ThreadNum(u32_at(bytes, measure::SITE_ACCESS)),
            holder: (holder != 0).then_some(ThreadNum(holder)),
        },
        _ => return None,
    };
    Some((class, what))
}

/// Entries of the same.
#[derive(Debug, Default)]
struct Sum {
    measure: Measure,
    histogram: BTreeMap<u16, u64>,
}

impl Sum {
    fn add(&mut self, bytes: &[u8], histogram: Vec<(u16, u64)>) {
        let sum = &mut self.measure;
        let add = |sum: &mut u64, at| *sum = sum.saturating_add(u64_at(bytes, at));
        add(&mut sum.count, measure::COUNT);
        add(&mut sum.samples, measure::SAMPLES);
        add(&mut sum.variance, measure::VARIANCE);
        add(&mut sum.total, measure::TOTAL);
        sum.longest = sum.longest.max(u64_at(bytes, measure::LONGEST));
        for (place, count) in histogram {
            let known = self.histogram.entry(place).or_default();
            *known = known.saturating_add(count);
        }
    }

    fn finish(self, class: ClassId, what: Measured) -> Measure {
        Measure { class, what, histogram: self.histogram.into_iter().collect(), ..self.measure }
    }
}
