//! Which orders of the class graph findings run along.

use std::collections::BTreeMap;
use syncscope_detector::finding::{Finding, LockInfo, StepKind};
use syncscope_detector::{ClassGraph, Grade};

/// Pairs of classes that the cycle of a finding runs along, with the numbers of those findings. What is refuted does not count.
pub(super) fn cycles(
    findings: &[Finding],
    graph: &ClassGraph,
) -> BTreeMap<(usize, usize), Vec<usize>> {
    let mut pairs: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (number, finding) in findings.iter().enumerate() {
        if finding.grade != Grade::Refuted {
            for pair in pairs_of(finding, graph) {
                let of_pair = pairs.entry(pair).or_default();
                if !of_pair.contains(&number) {
                    of_pair.push(number);
                }
            }
        }
    }
    pairs
}

/// Pairs of classes of which a thread of the finding holds one and wants the other.
pub(super) fn pairs_of(finding: &Finding, graph: &ClassGraph) -> Vec<(usize, usize)> {
    let classes: Vec<_> = finding.locks.iter().map(|lock| class_of(lock, graph)).collect();
    let of = |thread: usize, kind: StepKind| {
        let steps = finding.steps.iter();
        steps
            .filter(move |step| step.thread == thread && step.kind == kind)
            .filter_map(|step| *classes.get(step.lock)?)
    };
    let (of, threads) = (&of, 0..finding.threads.len());
    let pairs = threads.flat_map(|thread| {
        of(thread, StepKind::Holds)
            .flat_map(move |held| of(thread, StepKind::Wants).map(move |wanted| (held, wanted)))
    });
    pairs.collect()
}

/// The class of a lock in the graph.
pub(super) fn class_of(lock: &LockInfo, graph: &ClassGraph) -> Option<usize> {
    graph.classes.iter().position(|class| same(&class.lock, lock))
}

fn same(a: &LockInfo, b: &LockInfo) -> bool {
    (&a.name, a.kind, &a.type_name, &a.created) == (&b.name, b.kind, &b.type_name, &b.created)
}
