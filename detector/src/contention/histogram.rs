//! How many times were how long.

use std::collections::BTreeMap;

/// High bits of a time that are kept: times of one bucket differ by less than one in so many.
const KEPT_BITS: u32 = 8;

/// Times in nanoseconds, each with how many there were of it; so exact that a percentile is off by 2 % at most, the buckets of recordings
/// included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram(BTreeMap<u64, u64>);

impl Histogram {
    pub(super) fn add(&mut self, nanoseconds: u64, count: u64) {
        let known = self.0.entry(rounded(nanoseconds)).or_default();
        *known = known.saturating_add(count);
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        other.buckets().for_each(|(time, count)| self.add(time, count));
    }

    /// How many times there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The time that this share of all times, from 0 to 1, do not exceed, in nanoseconds; `None` when there are none.
    #[must_use]
    pub fn percentile(&self, share: f64) -> Option<u64> {
        let wanted = (self.count() as f64 * share).ceil().max(1.0);
        let mut seen = 0.0;
        let reaches = |(_, count): &(u64, u64)| {
            seen += *count as f64;
            seen >= wanted
        };
        self.buckets().find(reaches).or_else(|| self.buckets().last()).map(|(time, _)| time)
    }

    /// Times in nanoseconds and how many there are of each, the shortest first.
    pub fn buckets(&self) -> impl DoubleEndedIterator<Item = (u64, u64)> + '_ {
        self.0.iter().map(|(time, count)| (*time, *count))
    }
}

/// The middle of those that are not told apart.
fn rounded(nanoseconds: u64) -> u64 {
    let cut = (u64::BITS - nanoseconds.leading_zeros()).saturating_sub(KEPT_BITS);
    let half = if cut > 0 { 1 << (cut - 1) } else { 0 };
    nanoseconds >> cut << cut | half
}

#[cfg(test)]
mod tests;
