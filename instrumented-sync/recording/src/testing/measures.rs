//! What was measured of locks, with its histograms.

use super::{ChunkBuilder, codes};
use crate::layout::{bucket, chunk, chunk_kind, measure, measure_kind};
use crate::model::{LockPlace, Measure, Measured};

/// Two chunks: the measures, of which so many were lost, and the counts of their histograms.
#[must_use]
pub fn measures(measures: &[Measure], lost: u64) -> [ChunkBuilder; 2] {
    let mut table = ChunkBuilder::new(chunk_kind::MEASURES).base(lost);
    let mut counts = ChunkBuilder::new(chunk_kind::BUCKETS);
    let mut place = 0;
    for (number, measure) in measures.iter().enumerate() {
        table = put_measure(table, chunk::PAYLOAD + number * measure::SIZE, measure);
        for (bucket, count) in &measure.histogram {
            // Not side by side: a table with open addressing has holes.
            let at = chunk::PAYLOAD + place * 2 * bucket::SIZE;
            let key = (number as u64 + 1) << 16 | u64::from(*bucket);
            counts = counts.u64(at + bucket::KEY, key).u64(at + bucket::COUNT, *count);
            place += 1;
        }
    }
    [table, counts]
}

fn put_measure(table: ChunkBuilder, at: usize, measure: &Measure) -> ChunkBuilder {
    let place = |place: LockPlace| codes::site_access(place.site.0, place.access);
    let (kind, fields) = match measure.what {
        Measured::Held(at) => (measure_kind::HELD, [place(at), 0, 0, 0]),
        Measured::Waited { at, behind } => {
            (measure_kind::WAITED, [place(at), behind.map_or(0, place), 0, 0])
        }
        Measured::Meanwhile { behind, wait, site } => {
            (measure_kind::MEANWHILE, [0, place(behind), wait.code(), site.0])
        }
        Measured::Threads { waiter, holder } => {
            (measure_kind::THREADS, [waiter.0, holder.map_or(0, |holder| holder.0), 0, 0])
        }
    };
    table
        .u64(at + measure::TAG, 1)
        .u32(at + measure::READY, 1)
        .u32(at + measure::KIND, kind)
        .u32(at + measure::CLASS, measure.class.0)
        .u32(at + measure::SITE_ACCESS, fields[0])
        .u32(at + measure::HOLDER, fields[1])
        .u32(at + measure::HOLDER_WAIT, fields[2])
        .u32(at + measure::HOLDER_WAIT_SITE, fields[3])
        .u64(at + measure::COUNT, measure.count)
        .u64(at + measure::SAMPLES, measure.samples)
        .u64(at + measure::VARIANCE, measure.variance)
        .u64(at + measure::TOTAL, measure.total)
        .u64(at + measure::LONGEST, measure.longest)
}
