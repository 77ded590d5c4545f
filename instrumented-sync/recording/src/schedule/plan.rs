//! What a program is to do.

use super::Segment;
use super::layout::{self, HEADER, IS_CHOSEN, MAGIC, SEGMENT, STEP, VERSION, header};

/// Bytes for the places of steps.
const SITES: usize = 1 << 20;
/// Steps that are noted at most.
const NOTED: u64 = 1 << 20;

/// Who goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Who is told; then the same thread as long as it can.
    Follow,
    /// Any.
    Random,
    /// Who has the highest priority, which is lowered for as many times less one (PCT).
    Priorities(u32),
    /// Who has the highest priority, of which each step has a new one (POS).
    PartialOrder,
}

/// What counts as a step, and what happens at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Atomic operations are steps.
    pub atomics: bool,
    /// The moment after a release is a step.
    pub releases: bool,
    /// The moment before a release is a step: only who tries a lock can tell.
    pub held: bool,
    /// A process whose threads are stuck ends at once, without a report.
    pub briefly: bool,
    /// Waits may end without a reason, where std allows that.
    pub spurious: bool,
    /// Sleeps may end before others go on.
    pub early: bool,
    /// Short ones only.
    pub short: bool,
}

/// What a program is to do.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// Who goes on.
    pub strategy: Strategy,
    /// Where chance begins.
    pub seed: u64,
    /// About how many steps there will be, for [`Strategy::Priorities`].
    pub length: u64,
    /// After how many it is ended.
    pub limit: u64,
    /// What counts.
    pub options: Options,
    /// Nanoseconds since 1970, by the program's clock.
    pub beginning: u64,
    /// What is followed first.
    pub followed: &'a [Segment],
    /// Places before which threads are kept, so that they meet: `+file:line:column` where only those are that hold a lock, `-file:line:column` for all.
    pub steered: &'a [String],
    /// The processor that all threads run on.
    pub processor: Option<u32>,
    /// Before which step, counted from 1, the process waits for a debugger.
    pub debugged: Option<u64>,
}

impl Strategy {
    const fn code(self) -> (u32, u32) {
        match self {
            Self::Follow => (layout::strategy::FOLLOW, 0),
            Self::Random => (layout::strategy::RANDOM, 0),
            Self::Priorities(depth) => (layout::strategy::PRIORITIES, depth),
            Self::PartialOrder => (layout::strategy::PARTIAL_ORDER, 0),
        }
    }
}

impl Options {
    fn bits(self) -> u32 {
        let bits = [
            (self.atomics, layout::option::ATOMICS),
            (self.releases, layout::option::RELEASES),
            (self.held, layout::option::HELD),
            (self.briefly, layout::option::BRIEFLY),
            (self.spurious, layout::option::SPURIOUS),
            (self.early, layout::option::EARLY),
            (self.short, layout::option::SHORT),
        ];
        bits.into_iter().filter(|(is_set, _)| *is_set).map(|(_, bit)| bit).sum()
    }
}

impl Plan<'_> {
    /// The bytes of a file, without the room behind them, and how long the file is to be.
    #[must_use]
    pub fn bytes(&self) -> (Vec<u8>, u64) {
        let mut bytes = vec![0; HEADER];
        let mut put = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
        let (strategy, depth) = self.strategy.code();
        put(0, &MAGIC);
        put(header::VERSION, &VERSION.to_le_bytes());
        put(header::STRATEGY, &strategy.to_le_bytes());
        put(header::DEPTH, &depth.to_le_bytes());
        put(header::OPTIONS, &self.options.bits().to_le_bytes());
        put(header::SEED, &self.seed.to_le_bytes());
        put(header::LENGTH, &self.length.to_le_bytes());
        put(header::LIMIT, &self.limit.to_le_bytes());
        put(header::BEGINNING, &self.beginning.to_le_bytes());
        put(header::PROCESSOR, &self.processor.map_or(0, |one| one + 1).to_le_bytes());
        put(header::DEBUGGED, &self.debugged.unwrap_or(0).to_le_bytes());
        let steered = self.steered.join("\n").into_bytes();
        let followed = HEADER;
        let places = followed + self.followed.len() * SEGMENT;
        let sites = (places + steered.len()).next_multiple_of(STEP);
        let trace = sites + SITES;
        let numbers = [
            (header::FOLLOWED, followed),
            (header::FOLLOWED_LEN, self.followed.len()),
            (header::STEERED, places),
            (header::STEERED_LEN, steered.len()),
            (header::SITES, sites),
            (header::SITES_ROOM, SITES),
            (header::TRACE, trace),
        ];
        for (at, number) in numbers {
            put(at, &(number as u64).to_le_bytes());
        }
        let noted = NOTED.min(self.limit);
        put(header::TRACE_ROOM, &noted.to_le_bytes());
        for segment in self.followed {
            bytes.extend(u32::from(segment.thread).to_le_bytes());
            bytes.extend(segment.steps.map_or(IS_CHOSEN, |steps| steps & !IS_CHOSEN).to_le_bytes());
        }
        bytes.extend(steered);
        (bytes, trace as u64 + noted * STEP as u64)
    }
}
