//! Which strategy each run has.

use clap::ValueEnum;
use syncscope_recording::schedule::Strategy;

/// What was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Mix {
    /// All of them in turn.
    #[default]
    Auto,
    /// Any thread at each step.
    Random,
    /// Priorities that are lowered at a few steps (PCT).
    Pct,
    /// A new priority at each step (POS).
    Pos,
}

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Who goes on.
    pub strategy: Strategy,
    /// The moment after a release is a step.
    pub releases: bool,
    /// Short sleeps may end before others go on.
    pub early: bool,
}

/// Runs by chance alone, before there is a length to go by.
const FIRST: u64 = 12;

/// What run number `run` does. The first one switches only where it must: what fails there needs no schedule.
#[must_use]
pub fn mix(mix: Mix, run: u64) -> Choice {
    let Some(turn) = run.checked_sub(1) else {
        return Choice { strategy: Strategy::Follow, releases: false, early: false };
    };
    let (strategy, releases) = match mix {
        Mix::Random => (Strategy::Random, turn % 4 == 3),
        Mix::Pct => priorities(turn),
        Mix::Pos => (Strategy::PartialOrder, turn % 2 == 1),
        Mix::Auto if turn < FIRST => (Strategy::Random, false),
        Mix::Auto => match turn % 8 {
            0 | 4 => (Strategy::Random, turn % 16 > 7),
            2 | 6 => (Strategy::PartialOrder, turn % 16 > 7),
            _ => priorities(turn / 2),
        },
    };
    // Many tests take a sleep for an order.
    Choice { strategy, releases, early: turn % 5 == 4 }
}

/// Faults of depth one are found by any other schedule, too, but it finds those that last.
fn priorities(turn: u64) -> (Strategy, bool) {
    let depth = [2, 3, 4, 1, 3, 2, 5, 3][(turn % 8) as usize];
    (Strategy::Priorities(depth), !turn.is_multiple_of(3))
}
