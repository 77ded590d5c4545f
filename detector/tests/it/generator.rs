//! Random small programs, from a seed.

use crate::program::{LockDecl, LockKind, Mode, Op, OpKind, OpSite, Program, ThreadDecl};

/// A small generator of numbers (splitmix64), so that a seed means the same program everywhere.
#[derive(Clone, Debug)]
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) % bound as u64) as usize
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Two to four threads, two to four locks. Every thread is spawned by a lower one and joined by that one or not at all.
/// Nobody joins while holding a lock: a deadlock through a join is no order cycle (see `gaps`).
pub(crate) fn program(rng: &mut Rng) -> Program {
    let locks = 2 + rng.below(3);
    let readers = rng.below(3) > 0;
    let locks: Vec<_> = (0..locks)
        .map(|index| {
            let (letter, kind) = if readers && rng.chance(50) {
                ('R', LockKind::RwLock)
            } else {
                ('A', LockKind::Mutex)
            };
            LockDecl { name: format!("{letter}{index}"), kind }
        })
        .collect();
    let count = 2 + rng.below(3);
    let mut program = Program { locks, ..Program::default() };
    for thread in 0..count {
        program.threads.push(ThreadDecl { name: format!("t{thread}"), ..ThreadDecl::default() });
    }
    for thread in 0..count {
        let mut ops = nestings(&program, rng);
        if thread == 0 || rng.chance(30) {
            for child in thread + 1..count {
                let is_mine = thread == 0 && !spawned(&program, child) || rng.chance(50);
                if is_mine && !spawned(&program, child) && !spawned_in(&ops, child) {
                    add_child(&mut ops, child, rng);
                }
            }
        }
        program.threads[thread].ops = number(ops);
    }
    program
}

/// One to three nests of balanced acquisitions. Sometimes guards are dropped out of order.
fn nestings(program: &Program, rng: &mut Rng) -> Vec<OpKind> {
    let mut ops = Vec::new();
    for _ in 0..1 + rng.below(3) {
        let depth = 1 + rng.below(3);
        let mut held: Vec<usize> = Vec::new();
        for _ in 0..depth {
            let lock = rng.below(program.locks.len());
            let mode = match program.locks[lock].kind {
                LockKind::RwLock => {
                    [Mode::Exclusive, Mode::Shared, Mode::Shared, Mode::Recursive][rng.below(4)]
                }
                _ => Mode::Exclusive,
            };
            if held.contains(&lock) {
                continue;
            }
            let is_try = rng.chance(12) && mode != Mode::Recursive;
            ops.push(if is_try {
                OpKind::Try { lock, mode }
            } else {
                OpKind::Acquire { lock, mode }
            });
            held.push(lock);
        }
        // What a failed try skips must be balanced, so guards go out of order only without tries.
        let any_order = rng.chance(25) && !ops.iter().any(|op| matches!(op, OpKind::Try { .. }));
        while !held.is_empty() {
            let at = if any_order { rng.below(held.len()) } else { held.len() - 1 };
            ops.push(OpKind::Release { lock: held.remove(at) });
        }
    }
    ops
}

/// Puts a spawn somewhere outside of tries, and perhaps a join behind it where nothing is held.
fn add_child(ops: &mut Vec<OpKind>, child: usize, rng: &mut Rng) {
    let spawn_at = pick(&places(ops, |_, in_try| !in_try), rng);
    ops.insert(spawn_at, OpKind::Spawn { thread: child });
    if rng.chance(60) {
        let joins: Vec<_> =
            places(ops, |held, _| held == 0).into_iter().filter(|at| *at > spawn_at).collect();
        if !joins.is_empty() {
            ops.insert(pick(&joins, rng), OpKind::Join { thread: child });
        }
    }
}

/// Positions at which as many locks are held as `fits` likes, and whether inside a try.
fn places(ops: &[OpKind], fits: impl Fn(usize, bool) -> bool) -> Vec<usize> {
    let (mut held, mut tries) = (0, Vec::new());
    let mut found = Vec::new();
    for at in 0..=ops.len() {
        if fits(held, !tries.is_empty()) {
            found.push(at);
        }
        match ops.get(at) {
            Some(OpKind::Acquire { .. }) => held += 1,
            Some(OpKind::Try { lock, .. }) => {
                held += 1;
                tries.push(*lock);
            }
            Some(OpKind::Release { lock }) => {
                held -= 1;
                tries.retain(|other| other != lock);
            }
            _ => {}
        }
    }
    found
}

fn pick(places: &[usize], rng: &mut Rng) -> usize {
    places[rng.below(places.len())]
}

fn spawned(program: &Program, child: usize) -> bool {
    program
        .threads
        .iter()
        .any(|thread| thread.ops.iter().any(|op| op.kind == OpKind::Spawn { thread: child }))
}

fn spawned_in(ops: &[OpKind], child: usize) -> bool {
    ops.contains(&OpKind::Spawn { thread: child })
}

pub(crate) fn number(ops: Vec<OpKind>) -> Vec<Op> {
    let lines = 1_u32..;
    lines.zip(ops).map(|(line, kind)| Op { kind, site: OpSite::Own(line) }).collect()
}
