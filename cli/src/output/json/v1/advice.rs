//! What to do, for programs.

use syncscope_detector::finding::{Finding, Grade, LockInfo, RuleId, StepKind};

/// The locks of a cycle in the order that gives up its rarest nesting; empty where the finding is no cycle of different locks.
pub(super) fn suggested_order(finding: &Finding, labels: &[String]) -> Vec<String> {
    let is_cycle = matches!(finding.rule, RuleId::LOCK_ORDER_INVERSION | RuleId::DEADLOCK);
    let threads = finding.threads.len();
    if !is_cycle || finding.grade == Grade::Refuted || threads < 2 {
        return Vec::new();
    }
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
        (Some(one), Some(other)) => {
            let class = |lock: &LockInfo| (lock.name.clone(), lock.kind, lock.created.clone());
            a != b && class(one) == class(other)
        }
        _ => false,
    };
    let same = order.iter().any(|a| order.iter().any(|b| is_one_class(a, b)));
    if order.len() != threads || same {
        return Vec::new();
    }
    order.iter().filter_map(|lock| labels.get(*lock).cloned()).collect()
}
