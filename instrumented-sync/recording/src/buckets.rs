//! The buckets of histograms: each of the first few values has its own, and each further doubling is cut into equal parts. So a bucket is
//! never wider than a part of its values, see [`bucket`].

use crate::layout::bucket;

/// Buckets that there are.
pub const COUNT: u16 = place(u64::MAX) + 1;

/// Doublings that have a bucket for each value.
const EXACT_BITS: u32 = bucket::EXACT.trailing_zeros();
/// Low bits of a place inside of a doubling.
const PART_BITS: u32 = bucket::PARTS.trailing_zeros();

/// The bucket of a value.
#[inline]
#[must_use]
pub const fn place(value: u64) -> u16 {
    if value < bucket::EXACT {
        return value as u16;
    }
    let most = (1 << bucket::BITS) - 1;
    let value = if value < most { value } else { most };
    let doubling = value.ilog2();
    let part = value >> (doubling - PART_BITS) & (bucket::PARTS - 1);
    (bucket::EXACT + (doubling - EXACT_BITS) as u64 * bucket::PARTS + part) as u16
}

/// The least and the greatest value of a bucket; `None` when there is no such bucket.
#[must_use]
pub const fn bounds(place: u16) -> Option<(u64, u64)> {
    if (place as u64) < bucket::EXACT {
        return Some((place as u64, place as u64));
    }
    if place >= COUNT {
        return None;
    }
    let above = place as u64 - bucket::EXACT;
    let doubling = (above / bucket::PARTS) as u32 + EXACT_BITS;
    let width = 1_u64 << (doubling - PART_BITS);
    let least = (1 << doubling) + above % bucket::PARTS * width;
    Some((least, least + width - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_lie_side_by_side_and_are_narrow() {
        let mut next = 0;
        for place in 0..COUNT {
            let (least, greatest) = bounds(place).unwrap();
            assert_eq!(least, next, "{place}");
            assert_eq!((super::place(least), super::place(greatest)), (place, place));
            assert!(greatest - least <= least / bucket::PARTS, "{place}: {least} to {greatest}");
            next = greatest + 1;
        }
        assert_eq!(next, 1 << bucket::BITS);
        assert_eq!(place(u64::MAX), COUNT - 1);
        assert_eq!(bounds(COUNT), None);
        assert_eq!(bounds(u16::MAX), None);
    }
}
