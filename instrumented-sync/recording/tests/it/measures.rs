//! What was measured of locks.

use super::models::{CLASSES, SITES, accesses};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use syncscope_recording::layout::{bucket, chunk, measure};
use syncscope_recording::model::{
    Class, ClassId, LockPlace, Measure, Measured, Recording, SiteId, ThreadNum, WaitKind,
};
use syncscope_recording::testing::{ChunkBuilder, FileBuilder, LogBuilder, measures as chunks};
use syncscope_recording::{buckets, read};

/// Any that a recording can hold, in its order.
pub(crate) fn measures() -> impl Strategy<Value = Vec<Measure>> {
    let key = (1..=CLASSES, measured());
    let numbers = any::<(u64, u64, u64, u64, u64)>();
    let histogram = btree_map(0..buckets::COUNT, 1..=u64::MAX, 0..9);
    btree_map(key, (numbers, histogram), 0..12).prop_map(|measures| {
        let measure = |((class, what), ((count, samples, variance, total, longest), histogram))| {
            let histogram: std::collections::BTreeMap<u16, u64> = histogram;
            let class = ClassId(class);
            let histogram = histogram.into_iter().collect();
            Measure { class, what, count, samples, variance, total, longest, histogram }
        };
        measures.into_iter().map(measure).collect()
    })
}

fn measured() -> impl Strategy<Value = Measured> {
    // The site of a place that is not known is 0, and so is its access.
    let place = || {
        (1..=SITES, accesses()).prop_map(|(site, access)| LockPlace { site: SiteId(site), access })
    };
    prop_oneof![
        place().prop_map(Measured::Held),
        (place(), option::of(place())).prop_map(|(at, behind)| Measured::Waited { at, behind }),
        (place(), select(WaitKind::ALL), 0..=SITES).prop_map(|(behind, wait, site)| {
            Measured::Meanwhile { behind, wait, site: SiteId(site) }
        }),
        (1..40_u32, option::of(1..40_u32)).prop_map(|(waiter, holder)| Measured::Threads {
            waiter: ThreadNum(waiter),
            holder: holder.map(ThreadNum),
        }),
    ]
}

/// A recording of one class with these chunks.
fn read_chunks(chunks: impl IntoIterator<Item = ChunkBuilder>) -> Recording {
    let log = LogBuilder::new().class(1, &Class::default()).chunk();
    let file = chunks.into_iter().fold(FileBuilder::new().chunk(log), FileBuilder::chunk);
    let recording = read(&file.finish(), "").expect("a recording");
    assert_eq!(recording.lost.damage, Vec::<String>::new());
    recording
}

fn held(count: u64, histogram: &[(u16, u64)]) -> Measure {
    Measure {
        class: ClassId(1),
        count,
        samples: count,
        longest: count,
        histogram: histogram.to_vec(),
        ..Measure::default()
    }
}

#[test]
fn what_is_told_twice_adds_up() {
    let twice = [held(3, &[(1, 2), (5, 1)]), held(4, &[(5, 4)])];
    let recording = read_chunks(chunks(&twice, 7));
    let sum = Measure { longest: 4, ..held(7, &[(1, 2), (5, 5)]) };
    assert_eq!(recording.measures, [sum]);
    assert_eq!(recording.lost.measures, 7);
}

#[test]
fn sums_that_do_not_fit_stay_the_greatest() {
    let twice = [held(u64::MAX, &[(1, u64::MAX)]), held(2, &[(1, 3)])];
    let recording = read_chunks(chunks(&twice, 0));
    assert_eq!(recording.measures[0].count, u64::MAX);
    assert_eq!(recording.measures[0].histogram, [(1, u64::MAX)]);
}

#[test]
fn histograms_are_of_the_measures_with_their_numbers() {
    let [first, counts] = chunks(&[held(3, &[(1, 3)])], 0);
    // The chunk says that its measures are numbered from 5 on, and no count is of any of those.
    let recording = read_chunks([first.index(5), counts]);
    assert_eq!(recording.measures, [held(3, &[])]);
}

#[test]
fn what_makes_no_sense_is_left_out() {
    let entry = chunk::PAYLOAD;
    let one = || chunks(&[held(3, &[(1, 3)])], 0);
    for (at, value) in [
        (measure::READY, 0),
        (measure::READY, 2),
        (measure::KIND, 0),
        (measure::KIND, 5),
        (measure::CLASS, 0),
        (measure::CLASS, 77),
    ] {
        let [measures, counts] = one();
        let recording = read_chunks([measures.u32(entry + at, value), counts]);
        assert_eq!(recording.measures, [], "{at}: {value}");
    }
    for key in [0, 1, u64::from(buckets::COUNT) | 1 << 16, u64::MAX] {
        let [measures, counts] = one();
        let recording = read_chunks([measures, counts.u64(entry + bucket::KEY, key)]);
        assert_eq!(recording.measures, [held(3, &[])], "{key}");
    }
    let [measures, counts] = one();
    let recording = read_chunks([measures.u32(entry + measure::SITE_ACCESS, 0x00FF_FFFF), counts]);
    assert_eq!(recording.measures[0].what, Measured::Held(LockPlace::default()));
}

proptest! {
    #![proptest_config(super::models::cases(64))]

    /// Any value lies in its bucket, between the values of buckets before and behind; so a percentile by buckets is one by sorting, as
    /// exactly as a bucket is narrow.
    #[test]
    fn percentiles_are_those_of_sorted_values(
        mut values in vec((0..48_u32).prop_flat_map(|bits| 0..1_u64 << bits), 1..300),
        rank in 0.0..1.0_f64,
    ) {
        let index = (values.len() as f64 * rank) as usize;
        let mut places: Vec<u16> = values.iter().map(|value| buckets::place(*value)).collect();
        places.sort_unstable();
        values.sort_unstable();
        let (least, greatest) = buckets::bounds(places[index]).unwrap();
        prop_assert!((least..=greatest).contains(&values[index]));
        prop_assert!((greatest - least) as f64 <= 0.03125 * values[index] as f64);
    }
}
