//! In which order to take the locks of a cycle: as declared, else so that the rarest nesting is given up.

use super::Input;
use crate::finding::{Finding, LockInfo, StepKind};
use crate::text;
use syncscope_recording::model::ClassId;

/// The declared order of the locks of a cycle, if there is one, and what to do. The classes are those of the locks, with their processes.
pub(super) fn declared(
    input: &Input<'_>,
    locks: &[LockInfo],
    classes: &[(usize, ClassId)],
) -> Option<(Vec<usize>, String)> {
    let order = input.declared.sorted(classes).filter(|order| order.len() == locks.len())?;
    let names: Vec<_> = order.iter().map(|&at| text::lock_among(locks, at)).collect();
    let help = match &names[..] {
        [first, second] => format!("take {first} before {second} everywhere, as declared"),
        names => format!("take these locks everywhere as declared: {}", names.join(", then ")),
    };
    Some((order, help))
}

/// The order that gives up the rarest nesting of a cycle; empty where there is none of different locks.
pub(super) fn observed(finding: &Finding) -> Vec<usize> {
    let threads = finding.threads.len();
    let nesting = |thread: usize| {
        let mut steps = finding.steps.iter().filter(|step| step.thread == thread);
        let (first, second) = (steps.next()?, steps.next()?);
        let nests = first.kind == StepKind::Holds && second.kind == StepKind::Wants;
        (nests && steps.next().is_none()).then_some((first.lock, second.lock, second.count))
    };
    let Some(nestings) = (0..threads).map(nesting).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let rarest = match &nestings[..] {
        [] | [_] => None,
        // As the help names them.
        [one, other] if one.2 == other.2 => Some(other),
        _ => nestings.iter().min_by_key(|(.., count)| *count),
    };
    let Some(&(last, first, _)) = rarest else { return Vec::new() };
    let mut order = vec![first];
    while let Some(&at) = order.last().filter(|at| **at != last) {
        match nestings.iter().find(|(held, ..)| *held == at) {
            Some((_, next, _)) if !order.contains(next) => order.push(*next),
            _ => return Vec::new(),
        }
    }
    // Of instances of one class none is known by its name in another run.
    let is_one_class = |a: &usize, b: &usize| match (finding.locks.get(*a), finding.locks.get(*b)) {
        (Some(one), Some(other)) => a != b && class(one) == class(other),
        _ => false,
    };
    let same = order.iter().any(|a| order.iter().any(|b| is_one_class(a, b)));
    if order.len() != threads || same { Vec::new() } else { order }
}

fn class(lock: &LockInfo) -> impl PartialEq + '_ {
    (&lock.name, lock.kind, &lock.created)
}
