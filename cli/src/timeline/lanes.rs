//! Slices that may overlap, on lanes on which they do not.

use super::model::Slice;

/// Distributes slices: each goes to the first lane that is free. Where `alone`, nothing overlaps but by what is not known of ends, and all
/// are on one lane: a slice that seems to last longer ends where the next begins.
pub(super) fn lanes(mut slices: Vec<Slice>, alone: bool) -> Vec<Vec<Slice>> {
    slices.sort_by_key(|slice| (slice.start, slice.end));
    let mut lanes: Vec<Vec<Slice>> = Vec::new();
    for slice in slices {
        if alone && let Some(lane) = lanes.first_mut() {
            if let Some(last) = lane.last_mut() {
                last.end = last.end.min(slice.start);
            }
            lane.push(slice);
            continue;
        }
        let is_free =
            |lane: &&mut Vec<Slice>| lane.last().is_none_or(|last| last.end <= slice.start);
        match lanes.iter_mut().find(is_free) {
            Some(lane) => lane.push(slice),
            None => lanes.push(vec![slice]),
        }
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use syncscope_detector::finding::Place;

    fn slices(times: &[(u64, u64)]) -> Vec<Slice> {
        let slice = |&(start, length): &(u64, u64)| Slice {
            start,
            end: start + length,
            is_open: false,
            what: String::new(),
            how: "holds",
            thread: 1,
            lock: 1,
            place: Place::default(),
        };
        times.iter().map(slice).collect()
    }

    proptest! {
        #[test]
        fn nothing_overlaps_and_nothing_is_lost(
            times in proptest::collection::vec((0_u64..50, 0_u64..20), 0..30),
            alone in any::<bool>(),
        ) {
            let lanes = lanes(slices(&times), alone);
            prop_assert!(!alone || lanes.len() <= 1);
            prop_assert_eq!(lanes.iter().map(Vec::len).sum::<usize>(), times.len());
            for lane in &lanes {
                for two in lane.windows(2) {
                    prop_assert!(two[0].start <= two[0].end && two[0].end <= two[1].start);
                }
            }
        }
    }

    #[test]
    fn no_lane_more_than_are_held_at_once() {
        assert_eq!(lanes(slices(&[(0, 10), (2, 3), (5, 9), (10, 1)]), false).len(), 2);
    }
}
