//! A barrier.

use super::clock::{Stamp, collect};
use super::thread::Thread;
use std::collections::VecDeque;

/// A barrier for a number of threads: who passes learns from all who arrived in the same round.
///
/// Rounds are counted by arrivals. When more threads use the barrier than it is for, the real one may group them
/// differently; then who passes learns from all who arrived so far, which can hide a race and never invents one.
#[derive(Clone, Debug, Default)]
pub struct Meeting {
    arrivals: u64,
    /// The rounds that not everyone has left.
    rounds: VecDeque<Round>,
    /// Threads seen, as far as it matters.
    seen: Vec<u32>,
    /// All stamps, kept once more threads were seen than fit.
    all: Option<Stamp>,
}

#[derive(Clone, Debug)]
struct Round {
    number: u64,
    stamps: Option<Stamp>,
    /// Threads that have not left it.
    inside: Vec<u32>,
}

impl Meeting {
    /// The thread arrives, before it waits.
    pub fn arrived(&mut self, thread: &mut Thread, size: usize) {
        let size = size.max(1);
        if self.seen.len() <= size && !self.seen.contains(&thread.number()) {
            self.seen.push(thread.number());
        }
        let number = self.arrivals / size as u64;
        self.arrivals += 1;
        if self.rounds.back().is_none_or(|round| round.number != number) {
            self.rounds.push_back(Round { number, stamps: None, inside: Vec::new() });
        }
        let stamp = thread.release();
        if let Some(round) = self.rounds.back_mut() {
            collect(&mut round.stamps, &stamp);
            round.inside.push(thread.number());
        }
        if self.seen.len() > size {
            for round in &self.rounds {
                if let Some(stamps) = &round.stamps {
                    collect(&mut self.all, stamps);
                }
            }
        }
    }

    /// The thread has passed.
    pub fn passed(&mut self, thread: &mut Thread) {
        if let Some(all) = &self.all {
            thread.learn(all);
        }
        let number = thread.number();
        let Some(round) = self.rounds.iter_mut().find(|round| round.inside.contains(&number))
        else {
            return;
        };
        if let Some(stamps) = &round.stamps {
            thread.learn(stamps);
        }
        round.inside.retain(|inside| *inside != number);
        self.rounds.retain(|round| !round.inside.is_empty());
    }

    /// What there is to learn from it.
    pub fn stamps(&self) -> impl Iterator<Item = &Stamp> {
        self.all.iter().chain(self.rounds.iter().filter_map(|round| round.stamps.as_ref()))
    }
}
