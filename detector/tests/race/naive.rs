//! A judge that knows nothing of clocks: all edges of a trace as a graph, and who reaches whom.

use crate::script::{Event, Op};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

/// For each place, the first access that an earlier conflicting one does not reach.
pub(crate) fn first_races(trace: &[Event]) -> BTreeMap<u32, usize> {
    let before = closure(trace);
    let mut first = BTreeMap::new();
    for (later, (thread, op)) in trace.iter().enumerate() {
        let (Op::Read(place) | Op::Write(place)) = *op else { continue };
        let races = |&(earlier, (other, earlier_op)): &(usize, &Event)| {
            let conflicts = match *earlier_op {
                Op::Write(at) => at == place,
                Op::Read(at) => at == place && matches!(op, Op::Write(_)),
                _ => false,
            };
            conflicts && other != thread && !before[later][earlier]
        };
        if trace.iter().enumerate().take(later).any(|earlier| races(&earlier)) {
            first.entry(place).or_insert(later);
        }
    }
    first
}

/// `closure[b][a]`: event `a` happened before event `b`. O(n³).
fn closure(trace: &[Event]) -> Vec<Vec<bool>> {
    let mut before = vec![vec![false; trace.len()]; trace.len()];
    for (from, to) in edges(trace) {
        // Edges go forward, so whatever reaches `from` is known by the time `to` is closed below.
        before[to][from] = true;
    }
    for to in 0..trace.len() {
        for from in (0..to).rev() {
            if before[to][from] {
                let reached = before[from].clone();
                for (earlier, is_reached) in reached.iter().enumerate() {
                    before[to][earlier] |= is_reached;
                }
            }
        }
    }
    before
}

fn edges(trace: &[Event]) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    for (to, (thread, op)) in trace.iter().enumerate() {
        let earlier = || trace.iter().enumerate().take(to);
        for (from, (other, before)) in earlier() {
            let is_edge = match (before, op) {
                _ if other == thread => true,
                (Op::Unlock(a), Op::Lock(b) | Op::ReadLock(b)) => a == b,
                (Op::ReadUnlock(a), Op::Lock(b)) => a == b,
                (Op::Give(a), Op::Take(b)) => a == b,
                (Op::Spawn(child), _) => child == thread,
                (_, Op::Join(child)) => child == other,
                _ => false,
            };
            if is_edge {
                edges.push((from, to));
            }
        }
        // A joined thread that did nothing knew what its parent knew.
        if let Op::Join(child) = op {
            let spawn = earlier().find(|(_, (_, op))| *op == Op::Spawn(*child));
            edges.extend(spawn.map(|(from, _)| (from, to)));
        }
        if let Op::Load(atomic, order) | Op::Modify(atomic, order) = *op {
            let acquirers: Vec<_> = if acquires(order) {
                vec![to]
            } else {
                let fences = trace.iter().enumerate().skip(to).filter(|(_, (other, op))| {
                    other == thread && matches!(op, Op::Fence(order) if acquires(*order))
                });
                fences.map(|(index, _)| index).collect()
            };
            for from in releasers(trace, to, atomic) {
                edges.extend(acquirers.iter().map(|&to| (from, to)));
            }
        }
    }
    edges
}

/// The events that publish what a load at `at` reads: of all stores in the release sequence.
fn releasers(trace: &[Event], at: usize, atomic: u32) -> Vec<usize> {
    let mut found = Vec::new();
    for (index, (thread, op)) in trace.iter().enumerate().take(at).rev() {
        let (order, is_head) = match *op {
            Op::Store(other, order) if other == atomic => (order, true),
            Op::Modify(other, order) if other == atomic => (order, false),
            _ => continue,
        };
        if releases(order) {
            found.push(index);
        } else {
            let fence = trace.iter().enumerate().take(index).rev().find(|(_, (other, op))| {
                other == thread && matches!(op, Op::Fence(order) if releases(*order))
            });
            found.extend(fence.map(|(index, _)| index));
        }
        if is_head {
            break;
        }
    }
    found
}

fn acquires(order: Ordering) -> bool {
    matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(order: Ordering) -> bool {
    matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}
