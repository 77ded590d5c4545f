//! Initialisers inside initialisers take about as much stack as with std: in a program that is not optimised, too.

use crate::support::{Outcome, Project};
use std::process::Command;

/// Prints what a level of nesting takes, in bytes: of each kind a line.
const PROGRAM: &str = "\
use std::sync::{LazyLock, Once, OnceLock};
const LEVELS: usize = 8;
static ONCE: [Once; LEVELS] = [const { Once::new() }; LEVELS];
static FORCED: [Once; LEVELS] = [const { Once::new() }; LEVELS];
static CELL: [OnceLock<usize>; LEVELS] = [const { OnceLock::new() }; LEVELS];
static LAZY: [LazyLock<usize>; LEVELS] = [
    made::<0>(), made::<1>(), made::<2>(), made::<3>(), made::<4>(), made::<5>(), made::<6>(), made::<7>(),
];
const fn made<const AT: usize>() -> LazyLock<usize> { LazyLock::new(|| lazy(AT + 1)) }
fn here() -> usize { let local = 0_u8; std::hint::black_box(&raw const local).addr() }
fn once(at: usize) -> usize {
    if at == LEVELS { return here(); }
    let mut deepest = 0;
    ONCE[at].call_once(|| deepest = once(at + 1));
    deepest
}
fn forced(at: usize) -> usize {
    if at == LEVELS { return here(); }
    let mut deepest = 0;
    FORCED[at].call_once_force(|_| deepest = forced(at + 1));
    deepest
}
fn cell(at: usize) -> usize { if at == LEVELS { here() } else { *CELL[at].get_or_init(|| cell(at + 1)) } }
fn lazy(at: usize) -> usize { if at == LEVELS { here() } else { *LAZY[at] } }
fn main() {
    for nested in [once, forced, cell, lazy] { println!(\"{}\", (here() - nested(0)) / LEVELS); }
}
";

fn bytes(outcome: &Outcome) -> Vec<usize> {
    outcome.expect(0, &[]);
    outcome.stdout.lines().filter_map(|line| line.parse().ok()).collect()
}

#[test]
fn initialisers_inside_initialisers() {
    let project = Project::program(PROGRAM);
    let mut plain = Command::new("cargo");
    plain.args(["run", "--offline"]).current_dir(project.path()).env_remove("RUSTFLAGS");
    plain.env("CARGO_TARGET_DIR", project.path().join("plain"));
    let plain = bytes(&Outcome::of(plain.output().unwrap()));
    let swapped = bytes(&project.call("run"));
    assert_eq!((plain.len(), swapped.len()), (4, 4));
    for (plain, swapped) in plain.iter().zip(&swapped) {
        assert!(swapped * 4 <= plain * 5, "{swapped} bytes a level instead of {plain}");
    }
}
