//! Random traces: the engine sees the first race of each place exactly where a naive judge does.

use crate::naive::first_races;
use crate::script::{Driver, Event, Op};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use syncscope_detector::race::ConflictKind;

/// Threads, of which the first runs from the start.
const THREADS: usize = 4;

/// Makes a trace of raw numbers by leaving out what cannot happen.
fn trace(raw: &[(u8, u8, u8, u8)]) -> Vec<Event> {
    let mut state = State::default();
    state.running.insert(0);
    raw.iter()
        .filter_map(|&(thread, op, object, order)| state.step(thread, op, object, order))
        .collect()
}

#[derive(Default)]
struct State {
    running: BTreeSet<usize>,
    spawned: BTreeSet<usize>,
    /// Holders of locks: thread and whether it writes.
    holders: BTreeMap<u32, Vec<(usize, bool)>>,
}

impl State {
    fn step(&mut self, thread: u8, op: u8, object: u8, order: u8) -> Option<Event> {
        let running: Vec<_> = self.running.iter().copied().collect();
        let thread = running[usize::from(thread) % running.len()];
        let object = u32::from(object % 2);
        let event = match op % 20 {
            0..=3 => Op::Read(object),
            4..=7 => Op::Write(object),
            8 => self.lock(thread, object, true)?,
            9 => self.lock(thread, object, false)?,
            10 | 11 => self.unlock(thread, object)?,
            12 => self.spawn()?,
            13 => self.join(thread)?,
            14 => Op::Load(object, [Ordering::Relaxed, Ordering::Acquire][usize::from(order % 2)]),
            15 => Op::Store(object, [Ordering::Relaxed, Ordering::Release][usize::from(order % 2)]),
            16 => Op::Modify(object, ANY[usize::from(order) % ANY.len()]),
            17 => Op::Fence(ANY[1 + usize::from(order) % (ANY.len() - 1)]),
            18 => Op::Give(object),
            _ => Op::Take(object),
        };
        Some((thread, event))
    }

    fn lock(&mut self, thread: usize, lock: u32, is_writer: bool) -> Option<Op> {
        let holders = self.holders.entry(lock).or_default();
        let is_free =
            holders.iter().all(|&(holder, writes)| holder != thread && !writes && !is_writer);
        is_free.then(|| holders.push((thread, is_writer)))?;
        Some(if is_writer { Op::Lock(lock) } else { Op::ReadLock(lock) })
    }

    fn unlock(&mut self, thread: usize, lock: u32) -> Option<Op> {
        let holders = self.holders.entry(lock).or_default();
        let at = holders.iter().position(|(holder, _)| *holder == thread)?;
        let (_, is_writer) = holders.remove(at);
        Some(if is_writer { Op::Unlock(lock) } else { Op::ReadUnlock(lock) })
    }

    fn spawn(&mut self) -> Option<Op> {
        // Numbers are not used again; many threads come and go.
        let child = self.spawned.len() + 1;
        (self.running.len() < THREADS).then_some(())?;
        self.spawned.insert(child);
        self.running.insert(child);
        Some(Op::Spawn(child))
    }

    fn join(&mut self, thread: usize) -> Option<Op> {
        let holds = |other: &usize| self.holders.values().flatten().any(|(by, _)| by == other);
        let child = *self
            .running
            .iter()
            .find(|other| **other != thread && **other != 0 && !holds(other))?;
        self.running.remove(&child);
        Some(Op::Join(child))
    }
}

const ANY: [Ordering; 5] =
    [Ordering::Relaxed, Ordering::Acquire, Ordering::Release, Ordering::AcqRel, Ordering::SeqCst];

/// The first event of each place at which the engine reports a race.
fn found(trace: &[Event]) -> BTreeMap<u32, usize> {
    let mut driver = Driver::default();
    let mut first = BTreeMap::new();
    for (index, event) in trace.iter().enumerate() {
        if let Some(conflict) = driver.step(index as u32, *event)
            && conflict.kind == ConflictKind::Race
            && let Op::Read(place) | Op::Write(place) = event.1
        {
            first.entry(place).or_insert(index);
        }
    }
    first
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_first_race_of_each_place_is_found(raw in vec(any::<(u8, u8, u8, u8)>(), 0..80)) {
        let trace = trace(&raw);
        prop_assert_eq!(found(&trace), first_races(&trace), "{:?}", trace);
    }
}

/// The generator reaches both verdicts and every sort of event.
#[test]
fn random_traces_are_worth_it() {
    let mut seed = 1_u64;
    let mut next = || {
        // Knuth's generator; the high bits are good.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u8
    };
    let (mut racy, mut quiet) = (0, 0);
    let mut sorts = BTreeSet::new();
    for _ in 0..500 {
        let raw: Vec<_> = (0..30).map(|_| (next(), next(), next(), next())).collect();
        let trace = trace(&raw);
        sorts.extend(
            trace.iter().map(|(_, op)| std::mem::discriminant(op)).map(|d| format!("{d:?}")),
        );
        let accesses = trace.iter().any(|(_, op)| matches!(op, Op::Write(_)));
        match first_races(&trace).is_empty() {
            true if accesses => quiet += 1,
            true => {}
            false => racy += 1,
        }
    }
    assert!(racy > 50 && quiet > 50, "{racy} racy, {quiet} quiet");
    assert_eq!(sorts.len(), 14);
}
