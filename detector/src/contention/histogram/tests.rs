use super::*;
use proptest::prelude::*;

#[test]
fn nothing_has_no_percentile() {
    assert_eq!(Histogram::default().percentile(0.5), None);
}

#[test]
fn counts_that_do_not_fit_end_all_the_same() {
    let mut histogram = Histogram::default();
    histogram.add(7, u64::MAX);
    histogram.add(9, u64::MAX);
    assert_eq!(histogram.count(), u64::MAX);
    assert_eq!(histogram.percentile(0.0), Some(7));
    assert!(histogram.percentile(1.0).is_some());
}

#[test]
fn rounding_twice_is_rounding_once() {
    for bits in 0..64 {
        for time in [1_u64 << bits, (1 << bits) + (1 << bits) / 3, (1 << bits) - 1] {
            assert_eq!(rounded(rounded(time)), rounded(time), "{time}");
        }
    }
}

proptest! {
    /// Against the times themselves, sorted: each as often as it counts.
    #[test]
    fn percentiles_are_those_of_sorted_times(
        times in prop::collection::vec(((0..60_u32).prop_flat_map(|bits| 0..1_u64 << bits), 1..9_u64), 1..200),
        share in 0.0..=1.0_f64,
    ) {
        let mut histogram = Histogram::default();
        times.iter().for_each(|(time, count)| histogram.add(*time, *count));
        let each = |(time, count): &(u64, u64)| std::iter::repeat_n(*time, *count as usize);
        let mut sorted: Vec<u64> = times.iter().flat_map(each).collect();
        sorted.sort_unstable();
        let rank = ((sorted.len() as f64 * share).ceil() as usize).max(1);
        let (true_one, found) = (sorted[rank - 1] as f64, histogram.percentile(share).unwrap() as f64);
        prop_assert!((found - true_one).abs() <= true_one / 128.0, "{found} for {true_one}");
        prop_assert_eq!(histogram.count(), sorted.len() as u64);
    }
}
