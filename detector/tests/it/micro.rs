//! The small traces of the literature, against what is known of them (`tests/micro/expected.tsv`).

use crate::checker::{check_recordings, summary};
use crate::std_format::replay;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use syncscope_detector::finding::Grade;
use syncscope_detector::{Options, PlainSites, analyze};

struct Expected {
    /// Cyclic components of the plain lock graph.
    lock_sccs: usize,
    /// Cycles with different threads and disjoint held sets.
    patterns: usize,
    /// Deadlocks that exhaustive reordering finds, reads-from kept.
    deadlocks: usize,
}

#[test]
fn verdicts_are_those_of_the_patterns() {
    let expected = expected();
    for (name, expected) in &expected {
        let run = replay(&trace(name));
        assert!(!run.stuck, "{name}");
        let analysis = analyze(
            &[run.recording],
            &Options { refuted: true, ..Options::default() },
            &PlainSites,
        );
        let graded =
            |grade| analysis.findings.iter().filter(|finding| finding.grade == grade).count();
        let summaries: Vec<_> = analysis.findings.iter().map(summary).collect();
        assert_eq!(graded(Grade::Possible), expected.patterns, "{name}: {summaries:?}");
        // A cycle of the lock graph is either possible or refuted, never passed over.
        assert_eq!(analysis.findings.is_empty(), expected.lock_sccs == 0, "{name}: {summaries:?}");
    }
    assert_eq!(expected.len(), 24);
}

#[test]
fn reasons() {
    let check = |name: &str, expect: &str| {
        check_recordings(&[replay(&trace(name)).recording], expect);
    };
    check(
        "dl_same_thread.std",
        "lock-order-inversion refuted(one thread: thread `T0`) allow: L1 L2 x1",
    );
    check("dl_guard_lock.std", "lock-order-inversion refuted(gate L3) allow: L1 L2 x1");
    check("dl_standard.std", "lock-order-inversion possible deny: L1 L2 x1");
}

/// Where patterns and truth differ. The list is complete: a trace that joins or leaves it fails the test.
#[test]
fn known_gaps() {
    let gaps: Vec<_> = expected()
        .into_iter()
        .filter(|(_, expected)| (expected.patterns > 0) != (expected.deadlocks > 0))
        .map(|(name, expected)| (name, expected.patterns, expected.deadlocks))
        .collect();
    let expected = [
        // The deadlock goes through a join, which is no lock: no order cycle shows it.
        ("dl_fn_cross_thread_cs.std", 0, 1),
        // One side reads what the other wrote before: only a prediction that follows data sees the order.
        ("dl_fp_write_read.std", 1, 0),
        ("pu_ext3.std", 1, 0),
    ];
    let expected =
        expected.map(|(name, patterns, deadlocks)| (name.to_owned(), patterns, deadlocks));
    assert_eq!(gaps, expected);
}

fn expected() -> BTreeMap<String, Expected> {
    let table = read("expected.tsv");
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("trace\tlock_sccs\tabs_patterns\tbrute_deadlocks"));
    lines
        .map(|line| {
            let mut fields = line.split('\t');
            let name = fields.next().expect("a name").to_owned();
            let mut number = || fields.next().expect("a field").parse().expect("a number");
            (name, Expected { lock_sccs: number(), patterns: number(), deadlocks: number() })
        })
        .collect()
}

fn trace(name: &str) -> String {
    read(name)
}

fn read(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/micro").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
