//! What is compared: implementations, ours in each of its modes.

use crate::cases::{Kind, Work, work};
use crate::locks::{
    Deloxide, Locks, NoDeadlocks, ParkingLot, ParkingLotDetector, Std, Syncscope, TracingMutex,
};

/// A process of the benchmark.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// In the table and on the command line of the worker.
    pub name: &'static str,
    /// `SYNCSCOPE_MODE` of the process.
    pub mode: Option<&'static str>,
    /// Done once in the process.
    pub prepare: fn(),
    /// Makes a case.
    pub work: fn(Kind) -> Option<Work>,
}

const fn other<L: Locks>(name: &'static str) -> Candidate {
    Candidate { name, mode: None, prepare: L::prepare, work: work::<L> }
}

const fn ours(name: &'static str, mode: &'static str) -> Candidate {
    Candidate { mode: Some(mode), ..other::<Syncscope>(name) }
}

/// All candidates. The first is what the others are compared with.
pub const CANDIDATES: [Candidate; 10] = [
    other::<Std>("std"),
    ours("off", "off"),
    ours("order", "order"),
    ours("ring", "ring"),
    ours("full", "full"),
    other::<ParkingLot>("parking_lot"),
    other::<ParkingLotDetector>("parking_lot, detector"),
    other::<TracingMutex>("tracing-mutex"),
    other::<Deloxide>("deloxide"),
    Candidate { work: few::<NoDeadlocks>, ..other::<NoDeadlocks>("no_deadlocks") },
];

/// The candidate of this name.
pub fn find(name: &str) -> Option<&'static Candidate> {
    CANDIDATES.iter().find(|candidate| candidate.name == name)
}

/// For one that looks through all of its locks at each call: not with many of them.
fn few<L: Locks>(kind: Kind) -> Option<Work> {
    let is_many = matches!(kind, Kind::PairsOf1000 | Kind::PairsOf100000 | Kind::NewPairs);
    if is_many { None } else { work::<L>(kind) }
}
