//! How often, and how long.

use super::histogram::Histogram;
use syncscope_recording::buckets;
use syncscope_recording::model::{Measure, Recording};

/// How often something happened, by samples of which each stands for several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// How often.
    pub count: u64,
    /// How many were looked at for that.
    pub samples: u64,
    /// The variance of the count: 0 where each was looked at.
    pub(super) variance: u64,
}

impl Estimate {
    /// By how much the count may be wrong: two standard deviations, within which it is 19 times out of 20. 0 where each was looked at.
    #[must_use]
    pub fn error(&self) -> u64 {
        (2.0 * (self.variance as f64).sqrt()).ceil() as u64
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.samples = self.samples.saturating_add(other.samples);
        self.variance = self.variance.saturating_add(other.variance);
    }
}

/// Times: how many, and how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How many.
    pub count: u64,
    /// All together, in nanoseconds.
    pub total: u64,
    /// The longest one that was looked at, in nanoseconds.
    pub longest: u64,
    /// How many were how long; empty where only sums are recorded.
    pub histogram: Histogram,
}

impl Times {
    /// What was measured; nothing where the clock's rate is not known.
    pub(super) fn of(measure: &Measure, recording: &Recording) -> Self {
        let rate = recording.process.ticks_per_second;
        if rate == 0 {
            return Self::default();
        }
        let nanoseconds = |ticks: u64| (ticks as f64 * 1e9 / rate as f64) as u64;
        let mut histogram = Histogram::default();
        for (bucket, count) in &measure.histogram {
            if let Some((least, greatest)) = buckets::bounds(*bucket) {
                histogram.add(nanoseconds(least.midpoint(greatest)), *count);
            }
        }
        let count = if measure.histogram.is_empty() { measure.count } else { histogram.count() };
        let (total, longest) = (nanoseconds(measure.total), nanoseconds(measure.longest));
        Self { count, total, longest, histogram }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.total = self.total.saturating_add(other.total);
        self.longest = self.longest.max(other.longest);
        self.histogram.add_all(&other.histogram);
    }

    /// The time that this share of all, from 0 to 1, did not exceed, in nanoseconds; `None` where there is no histogram.
    #[must_use]
    pub fn percentile(&self, share: f64) -> Option<u64> {
        // The middle of the last bucket may lie above the longest.
        self.histogram.percentile(share).map(|time| time.min(self.longest))
    }
}
