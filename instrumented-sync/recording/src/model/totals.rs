//! Sums of a recording, and what it lacks.

/// Sums over the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Instances of primitives.
    pub locks: u64,
    /// Threads.
    pub threads: u64,
    /// Events, whether still in a ring or not.
    pub events: u64,
    /// Acquisitions.
    pub acquisitions: u64,
}

/// What was lost, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Events that found no room.
    pub events: u64,
    /// Events overwritten in rings: no damage, it is what a ring does.
    pub overwritten: u64,
    /// Chain nodes refused by the cap.
    pub nodes: u64,
    /// Threads without a slot.
    pub threads: u64,
    /// Chunks in private memory: not in this file.
    pub chunks: u64,
    /// Log records.
    pub records: u64,
    /// Measurements of locks that found no room: no verdict rests on them.
    pub measures: u64,
    /// Damage found while reading, one line each.
    pub damage: Vec<String>,
    /// Damage that costs events only, on which no verdict rests; as far as events were read.
    pub event_damage: Vec<String>,
}

impl Lost {
    /// Whether anything is missing that the verdicts could rest on (a wrapped ring is not).
    #[must_use]
    pub fn is_any(&self) -> bool {
        [self.events, self.nodes, self.threads, self.chunks, self.records].iter().any(|n| *n > 0)
            || !self.damage.is_empty()
    }

    /// All damage, that of events last.
    pub fn all_damage(&self) -> impl Iterator<Item = &str> {
        self.damage.iter().chain(&self.event_damage).map(String::as_str)
    }
}
