//! As [`crate::explorer`], for everything that gives an order: messages and ends of channels, barriers, parks, initialised
//! objects, beside spawn and join. What the run taught, and what proved shared, is said by the engine that the runtime drives.
//!
//! No refuted cycle is among the waits of any stuck state that any schedule reaches, and a cycle of waits that some schedule
//! reaches is told.

use crate::checker::cycle_len;
use crate::checker::lock_name;
use crate::explorer::{stuck_states, waits};
use crate::generator::{Rng, number};
use crate::program::{ChannelDecl, LockDecl, LockKind, Mode, OpKind, Program, Receive, ThreadDecl};
use crate::recorder::run;
use std::collections::BTreeSet;
use syncscope_detector::finding::{Finding, Grade};
use syncscope_detector::{Options, PlainSites, analyze};

#[derive(Debug, Default)]
struct Tally {
    programs: usize,
    /// Some schedule ends in a cycle of waits for locks.
    deadlocking: usize,
    /// No schedule does, and nothing was found.
    clean: usize,
    /// No schedule does, but a cycle was found possible.
    false_alarms: usize,
    /// Refuted cycles, all confirmed.
    refuted: usize,
    /// Of these, by order.
    by_order: usize,
    /// No run that was tried came to its end.
    never_ends: usize,
    too_large: usize,
}

#[test]
fn refutations_hold_whatever_gave_the_order() {
    let programs = if cfg!(debug_assertions) { 1_500 } else { 15_000 };
    examine_all(programs, program);
}

#[test]
fn refutations_by_room_in_a_channel_hold() {
    let programs = if cfg!(debug_assertions) { 1_500 } else { 15_000 };
    examine_all(programs, program_of_a_bounded_channel);
}

fn examine_all(programs: u64, program: impl Fn(&mut Rng) -> Program) {
    let mut tally = Tally::default();
    for seed in 0..programs {
        examine(seed, &program, &mut tally);
    }
    // Shown by `--nocapture`.
    eprintln!("{tally:?}");
    assert!(tally.deadlocking > tally.programs / 20, "the population is too harmless: {tally:?}");
    assert!(tally.clean > tally.programs / 20, "the population is too harmful: {tally:?}");
    assert!(tally.by_order > tally.programs / 20, "too little is refuted by order: {tally:?}");
    assert!(tally.too_large * 4 < tally.programs, "too many programs were left out: {tally:?}");
}

fn examine(seed: u64, program: impl Fn(&mut Rng) -> Program, tally: &mut Tally) {
    let mut rng = Rng(seed);
    let program = program(&mut rng);
    let mut runs = (0..30).map(|_| run(&program, |enabled| enabled[rng.below(enabled.len())]));
    let Some(run) = runs.find(|run| !run.stuck) else {
        tally.never_ends += 1;
        return;
    };
    let options = Options { refuted: true, ..Options::default() };
    let analysis = analyze(&[run.recording], &options, &PlainSites);
    let Some(stuck) = stuck_states(&program) else {
        tally.too_large += 1;
        return;
    };
    tally.programs += 1;
    let waits: Vec<_> = stuck.iter().map(|state| waits(&program, state)).collect();
    let cycles: BTreeSet<_> = waits.iter().filter_map(a_cycle).collect();
    let names = |finding: &Finding| -> Vec<String> {
        finding.locks[..cycle_len(finding)].iter().map(lock_name).collect()
    };
    for finding in analysis.findings.iter().filter(|finding| finding.grade == Grade::Refuted) {
        tally.refuted += 1;
        let is_order =
            finding.refutation == Some(syncscope_detector::finding::Refutation::MustOrder);
        tally.by_order += usize::from(is_order);
        let cycle = names(finding);
        let is_there = |waits: &BTreeSet<(String, String)>| {
            (0..cycle.len()).all(|at| {
                waits.contains(&(cycle[at].clone(), cycle[(at + 1) % cycle.len()].clone()))
            })
        };
        assert!(
            !waits.iter().any(is_there),
            "seed {seed}: {:?} of {cycle:?} is wrong\n{}",
            finding.refutation,
            text(&program)
        );
    }
    let open = || analysis.findings.iter().filter(|finding| finding.grade != Grade::Refuted);
    for cycle in &cycles {
        let is_told = open().any(|finding| names(finding).iter().all(|lock| cycle.contains(lock)));
        assert!(is_told, "seed {seed}: missed {cycle:?}\n{}", text(&program));
    }
    match (cycles.is_empty(), open().next().is_none()) {
        (false, _) => tally.deadlocking += 1,
        (true, true) => tally.clean += 1,
        (true, false) => tally.false_alarms += 1,
    }
}

/// The locks that wait for each other in a circle, if there are some: those left when all that lead nowhere are taken away.
fn a_cycle(waits: &BTreeSet<(String, String)>) -> Option<BTreeSet<String>> {
    let mut left = waits.clone();
    loop {
        let targets: BTreeSet<_> = left.iter().map(|(_, to)| to.clone()).collect();
        let sources: BTreeSet<_> = left.iter().map(|(from, _)| from.clone()).collect();
        let before = left.len();
        left.retain(|(from, to)| targets.contains(from) && sources.contains(to));
        if left.len() == before {
            return (!left.is_empty()).then(|| left.into_iter().map(|(from, _)| from).collect());
        }
    }
}

/// One line a thread.
fn text(program: &Program) -> String {
    let line = |thread: &ThreadDecl| {
        let ops: Vec<_> = thread.ops.iter().map(|op| format!("{:?}", op.kind)).collect();
        format!("{}: {}\n", thread.name, ops.join("; "))
    };
    let (channels, barriers) = (&program.channels, &program.barriers);
    let leave = program.receives_leave_tokens;
    let head = format!("channels {channels:?}, barriers {barriers:?}, tokens are left: {leave}\n");
    head + &program.threads.iter().map(line).collect::<String>()
}

/// What stands together in a thread.
type Block = Vec<OpKind>;

/// Two to four threads with nestings of two or three locks, and events of a few objects between and sometimes inside them. All
/// threads but the first are spawned by it; nobody waits for an event while holding a lock.
fn program(rng: &mut Rng) -> Program {
    let locks: Vec<_> = (0..2 + rng.below(2))
        .map(|index| {
            let is_rw = rng.chance(20);
            let (letter, kind) =
                if is_rw { ('R', LockKind::RwLock) } else { ('A', LockKind::Mutex) };
            LockDecl { name: format!("{letter}{index}"), kind }
        })
        .collect();
    let mut program =
        Program { locks, receives_leave_tokens: rng.chance(50), ..Program::default() };
    let count = 2 + rng.below(3);
    for thread in 0..count {
        program.threads.push(ThreadDecl { name: format!("t{thread}"), ..ThreadDecl::default() });
    }
    let mut blocks: Vec<Vec<Block>> =
        (0..count).map(|_| (0..1 + rng.below(2)).map(|_| nest(&program, rng)).collect()).collect();
    for _ in 0..1 + rng.below(2) {
        match rng.below(6) {
            0..=2 => add_channel(&mut program, &mut blocks, rng),
            3 => add_barrier(&mut program, &mut blocks, rng),
            4 => add_parks(&mut blocks, rng),
            _ => {
                add_once(&mut program, &mut blocks, rng);
                if rng.chance(30) {
                    add_once(&mut program, &mut blocks, rng);
                }
            }
        }
    }
    for child in 1..count {
        let last = if rng.chance(70) { 0 } else { blocks[0].len() };
        let spawn = rng.below(last + 1);
        blocks[0].insert(spawn, vec![OpKind::Spawn { thread: child }]);
        if rng.chance(40) {
            let join = spawn + 1 + rng.below(blocks[0].len() - spawn);
            blocks[0].insert(join, vec![OpKind::Join { thread: child }]);
        }
    }
    for (thread, blocks) in program.threads.iter_mut().zip(blocks) {
        thread.ops = number(blocks.concat());
    }
    program
}

/// A thread that sends into a channel with little room, one that receives, and in some a third that does either. Each has nestings of two
/// locks.
fn program_of_a_bounded_channel(rng: &mut Rng) -> Program {
    let lock = |name: &str| LockDecl { name: name.to_owned(), kind: LockKind::Mutex };
    let mut program = Program { locks: vec![lock("A0"), lock("A1")], ..Program::default() };
    let bound = 1 + rng.below(2);
    let messages = bound + 1 + rng.below(2);
    let count = 2 + usize::from(rng.chance(20));
    let third_sends = rng.chance(50);
    let senders = if count == 3 && third_sends { vec![0, 2] } else { vec![0] };
    program.channels.push(ChannelDecl { bound: Some(bound), senders });
    for thread in 0..count {
        let (tries, sends) = (rng.chance(20), thread == 0 || thread == 2 && third_sends);
        let mut blocks: Vec<_> = (0..1 + rng.below(2)).map(|_| nest(&program, rng)).collect();
        let event = |rng: &mut Rng| match tries && rng.chance(40) {
            is_try if sends => OpKind::Send { channel: 0, is_try },
            true => OpKind::Receive { channel: 0, how: Receive::Tries },
            false => OpKind::Receive { channel: 0, how: Receive::Blocks },
        };
        let events = if thread == 2 { 1 } else { messages };
        scatter(&mut blocks, (0..events).map(|_| event(rng)).collect(), rng);
        if thread == 0 {
            let spawns = (1..count).map(|thread| OpKind::Spawn { thread }).collect();
            blocks.insert(0, spawns);
        }
        if sends {
            blocks.push(vec![OpKind::DropSender { channel: 0 }]);
        }
        let ops = number(blocks.concat());
        program.threads.push(ThreadDecl {
            name: format!("t{thread}"),
            ops,
            ..ThreadDecl::default()
        });
    }
    program
}

fn nest(program: &Program, rng: &mut Rng) -> Block {
    let is_lock = |lock: &LockDecl| lock.kind != LockKind::OnceLock;
    let locks = program.locks.iter().take_while(|lock| is_lock(lock)).count();
    let first = rng.below(locks);
    let second = (first + 1 + rng.below(locks - 1)) % locks;
    let mut take = |lock: usize| {
        let is_rw = program.locks[lock].kind == LockKind::RwLock;
        let mode = if is_rw && rng.chance(50) { Mode::Shared } else { Mode::Exclusive };
        OpKind::Acquire { lock, mode }
    };
    let (outer, inner) = (take(first), take(second));
    vec![outer, inner, OpKind::Release { lock: second }, OpKind::Release { lock: first }]
}

/// Puts events into a thread, in their order, each at some place between blocks.
fn scatter(blocks: &mut Vec<Block>, events: Vec<OpKind>, rng: &mut Rng) {
    let mut at = 0;
    for event in events {
        at += rng.below(blocks.len() - at + 1);
        let goes_inside =
            matches!(event, OpKind::Send { is_try: true, .. } | OpKind::Unpark { .. });
        // Of a block that is a nesting, behind the inner release.
        match blocks.get_mut(at) {
            Some(block) if goes_inside && block.len() == 4 && rng.chance(20) => {
                block.insert(3, event)
            }
            _ => blocks.insert(at, vec![event]),
        }
        at += 1;
        at = at.min(blocks.len());
    }
}

fn some(count: usize, threads: usize, rng: &mut Rng) -> Vec<usize> {
    let mut all: Vec<_> = (0..threads).collect();
    let count = count.min(threads);
    (0..count).map(|_| all.remove(rng.below(all.len()))).collect()
}

fn add_channel(program: &mut Program, blocks: &mut [Vec<Block>], rng: &mut Rng) {
    let channel = program.channels.len();
    let senders = some(if rng.chance(70) { 1 } else { 2 }, blocks.len(), rng);
    let receivers = some(if rng.chance(75) { 1 } else { 2 }, blocks.len(), rng);
    let bound = rng.chance(30).then(|| 1 + rng.below(2));
    let mut messages = 0;
    for &sender in &senders {
        let mut events = Vec::new();
        for _ in 0..rng.below(3) {
            messages += 1;
            events.push(OpKind::Send { channel, is_try: rng.chance(20) });
        }
        events.push(OpKind::DropSender { channel });
        scatter(&mut blocks[sender], events, rng);
    }
    let tries = rng.chance(50);
    let mut events = vec![Vec::new(); receivers.len()];
    for _ in 0..messages + rng.below(2) {
        let is_try = tries && rng.chance(50);
        let how = if is_try { Receive::Tries } else { Receive::Blocks };
        events[rng.below(receivers.len())].push(OpKind::Receive { channel, how });
    }
    for (receiver, events) in receivers.into_iter().zip(events) {
        scatter(&mut blocks[receiver], events, rng);
    }
    program.channels.push(ChannelDecl { bound, senders });
}

fn add_barrier(program: &mut Program, blocks: &mut [Vec<Block>], rng: &mut Rng) {
    let barrier = program.barriers.len();
    let size = 2 + usize::from(blocks.len() > 2 && rng.chance(25));
    let rounds = 1 + rng.below(2);
    let extra = usize::from(rng.chance(30));
    for thread in some(size + extra, blocks.len(), rng) {
        scatter(&mut blocks[thread], vec![OpKind::Meet { barrier }; rounds], rng);
    }
    program.barriers.push(size);
}

fn add_parks(blocks: &mut [Vec<Block>], rng: &mut Rng) {
    let thread = rng.below(blocks.len());
    let parks = 1 + rng.below(2);
    let park = |rng: &mut Rng| OpKind::Park { is_timed: rng.chance(25) };
    let events = (0..parks).map(|_| park(rng)).collect();
    scatter(&mut blocks[thread], events, rng);
    let unparkers = some(if rng.chance(70) { 1 } else { 2 }, blocks.len(), rng);
    for unparker in unparkers {
        let events = vec![OpKind::Unpark { thread }; 1 + rng.below(3)];
        scatter(&mut blocks[unparker], events, rng);
    }
}

fn add_once(program: &mut Program, blocks: &mut [Vec<Block>], rng: &mut Rng) {
    let lock = program.locks.len();
    let mut body = nest(program, rng);
    // Sometimes one initialiser uses an object that has another one.
    let inner = blocks.iter().flatten().find(|block| block.len() == 6);
    if let Some(inner) = inner.filter(|_| rng.chance(60)) {
        let at = [0, body.len()][rng.below(2)];
        body.splice(at..at, inner.clone());
    }
    program.locks.push(LockDecl { name: format!("O{lock}"), kind: LockKind::OnceLock });
    for thread in some(2 + rng.below(2), blocks.len(), rng) {
        let mut block = vec![OpKind::InitOnce { lock }];
        block.extend(body.clone());
        block.push(OpKind::Release { lock });
        // Sometimes inside another nesting.
        let at = rng.below(blocks[thread].len() + 1);
        match blocks[thread].get_mut(at) {
            Some(outer) if outer.len() == 4 && rng.chance(25) && !uses(outer, &body) => {
                outer.splice(1..1, block);
            }
            _ => blocks[thread].insert(at, block),
        }
    }
}

/// Whether the outer lock of a nesting is one of another.
fn uses(outer: &Block, body: &Block) -> bool {
    body.iter().any(|op| match (outer.first(), op) {
        (Some(OpKind::Acquire { lock, .. }), OpKind::Acquire { lock: other, .. }) => lock == other,
        _ => false,
    })
}
