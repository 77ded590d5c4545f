//! Ground truth: random programs, run once as the runtime would record it and explored in *all* schedules.
//!
//! Soundness of refutations, for each program:
//! 1. a stuck state that some schedule reaches is covered by a finding that is not refuted;
//! 2. a cycle that was refuted is not among the waits of any stuck state.
//!
//! 3. the recording of a run that hangs gives it away by its requests alone.
//!
//! Precision: findings of programs that no schedule can get stuck are counted, and bounded. All that were looked at are
//! of one sort: the forking thread holds a lock which the child must take, and so must have got, before it reaches its
//! side of the cycle (see `gaps`).

use crate::checker::{cycle_len, lock_name};
use crate::generator::{Rng, program};
use crate::machine::{State, wanted};
use crate::program::{OpKind, Program};
use crate::recorder::run;
use std::collections::BTreeSet;
use syncscope_detector::finding::{Finding, Grade};
use syncscope_detector::{Options, PlainSites, RuleId, analyze};

/// States of one program that are explored at most; larger programs are left out.
const MOST_STATES: usize = 60_000;

#[derive(Debug, Default)]
struct Tally {
    programs: usize,
    /// Some schedule gets stuck.
    deadlocking: usize,
    /// No schedule gets stuck, and nothing was found.
    clean: usize,
    /// No schedule gets stuck, but a cycle was found possible.
    false_alarms: usize,
    /// Refuted cycles, all confirmed.
    refuted: usize,
    /// A schedule that gets stuck was recorded, and the recording of that alone gave it away.
    stuck_runs: usize,
    too_large: usize,
}

#[test]
fn refutations_hold_in_all_schedules() {
    let mut tally = Tally::default();
    let programs = if cfg!(debug_assertions) { 1_500 } else { 20_000 };
    for seed in 0..programs {
        examine(seed, &mut tally);
    }
    // Shown by `--nocapture`: what the verdicts are worth on this population.
    eprintln!("{tally:?}");
    assert!(tally.deadlocking > tally.programs / 20, "the population is too harmless: {tally:?}");
    assert!(tally.clean > tally.programs / 20, "the population is too harmful: {tally:?}");
    assert!(tally.refuted > tally.programs / 20, "too little is refuted: {tally:?}");
    assert!(tally.stuck_runs * 2 > tally.deadlocking, "too few runs got stuck: {tally:?}");
    assert!(tally.too_large * 20 < tally.programs, "too many programs were left out: {tally:?}");
    assert!(tally.false_alarms * 15 < tally.deadlocking, "too many false alarms: {tally:?}");
}

fn examine(seed: u64, tally: &mut Tally) {
    let mut rng = Rng(seed);
    let program = program(&mut rng);
    // A run in which a try fails shows less than the program has; another schedule is asked for then.
    let recorded = (0..50).map(|_| run(&program, |enabled| enabled[rng.below(enabled.len())]));
    let Some(run) = recorded.into_iter().find(|run| !run.try_failed && !run.stuck) else { return };
    let analysis =
        analyze(&[run.recording], &Options { refuted: true, ..Options::default() }, &PlainSites);
    let Some(stuck) = stuck_states(&program) else {
        tally.too_large += 1;
        return;
    };
    tally.programs += 1;
    let is_open = |finding: &&Finding| finding.grade != Grade::Refuted;
    let open: Vec<_> = analysis.findings.iter().filter(is_open).collect();
    if !stuck.is_empty() {
        examine_stuck_run(&program, seed, tally);
    }
    for state in &stuck {
        let waits = waits(&program, state);
        let covered = open.iter().any(|finding| {
            finding.rule == RuleId::RECURSIVE_READ
                || cycle_names(finding)
                    .iter()
                    .all(|lock| waits.iter().any(|(held, _)| held == lock))
        });
        assert!(covered, "seed {seed}: missed {waits:?}\n{program:#?}\n{:#?}", analysis.findings);
    }
    for finding in analysis.findings.iter().filter(|finding| finding.grade == Grade::Refuted) {
        tally.refuted += 1;
        let cycle = cycle_names(finding);
        for state in &stuck {
            let waits = waits(&program, state);
            let is_there = (0..cycle.len()).all(|at| {
                let edge = (cycle[at].clone(), cycle[(at + 1) % cycle.len()].clone());
                waits.contains(&edge)
            });
            assert!(
                !is_there,
                "seed {seed}: {:?} is wrong\n{program:#?}\n{finding:#?}",
                finding.refutation
            );
        }
    }
    match (stuck.is_empty(), open.is_empty()) {
        (false, _) => tally.deadlocking += 1,
        (true, true) => tally.clean += 1,
        (true, false) => tally.false_alarms += 1,
    }
}

/// A run that hangs has seen the requests that close the cycle: the nodes alone must give it away.
fn examine_stuck_run(program: &Program, seed: u64, tally: &mut Tally) {
    let mut rng = Rng(seed ^ 0x5EED);
    let mut runs = (0..50).map(|_| run(program, |enabled| enabled[rng.below(enabled.len())]));
    let Some(run) = runs.find(|run| run.stuck) else { return };
    tally.stuck_runs += 1;
    let analysis = analyze(&[run.recording], &Options::default(), &PlainSites);
    assert!(!analysis.findings.is_empty(), "seed {seed}: {program:#?}");
}

fn cycle_names(finding: &Finding) -> Vec<String> {
    finding.locks[..cycle_len(finding)].iter().map(lock_name).collect()
}

/// All stuck states that schedules reach: someone has not ended and nobody can step. `None` when there are too many
/// states to look at.
pub(crate) fn stuck_states(program: &Program) -> Option<Vec<State>> {
    let start = State::start(program);
    let mut seen = BTreeSet::from([start.clone()]);
    let mut open = vec![start];
    let mut stuck = Vec::new();
    while let Some(state) = open.pop() {
        let enabled = state.enabled(program);
        if enabled.is_empty() && !state.is_over(program) {
            stuck.push(state);
            continue;
        }
        for thread in enabled {
            let mut next = state.clone();
            next.step(program, thread);
            if seen.insert(next.clone()) {
                if seen.len() > MOST_STATES {
                    return None;
                }
                open.push(next);
            }
        }
    }
    Some(stuck)
}

/// The order edges of the blocked threads: from each lock held to the lock waited for.
pub(crate) fn waits(program: &Program, state: &State) -> BTreeSet<(String, String)> {
    let name = |lock: usize| program.locks[lock].name.clone();
    let blocked = (0..state.threads.len()).filter(|thread| state.threads[*thread].waiting);
    blocked
        .flat_map(|thread| {
            let next: Option<OpKind> = state.next(program, thread);
            let wanted = next.and_then(wanted).map(|(lock, _)| lock);
            let held = state.threads[thread].held.iter().map(|(lock, _)| *lock);
            held.filter_map(move |held| Some((held, wanted?)))
        })
        .map(|(held, wanted)| (name(held), name(wanted)))
        .collect()
}
