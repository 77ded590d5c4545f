//! A group of locks, such as the shards of a map, that is used again by a thread which holds one of its locks.
//!
//! Which lock of the group a call takes depends on its key. This time it was another one than the thread held. When two keys lie in one
//! shard it is the same, and the thread waits for itself. Two readers do not, see `recursive-read`. What the group takes in turn, as
//! its iterators do, is no choice of a key.

use super::{Draft, Input, Sink};
use crate::finding::{Finding, Grade, Level, RuleId, Step, StepKind};
use crate::fingerprint::{Element, fingerprint, shape};
use crate::merged::{LockId, Merged, NodeRef};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// A request for a lock of a group by a thread that holds another one.
struct Again {
    group: LockId,
    outer: NodeRef,
    inner: NodeRef,
}

/// Equal requests: an example, and what they add up to.
struct Sum {
    example: Again,
    count: u64,
    groups: BTreeSet<LockId>,
    processes: BTreeSet<usize>,
}

/// Reports each pair of places once, at this level.
pub(super) fn check(input: &Input<'_>, level: Level, sink: &mut Sink) {
    let view = input.view;
    let mut sums: BTreeMap<u64, Sum> = BTreeMap::new();
    for again in requests(view) {
        let site_hash = |at: NodeRef| view.site_hash(at.process, view.node(at).site);
        let shape = shape(&[Element {
            lock: view.lock_hash(again.group),
            held_at: site_hash(again.outer),
            wanted_at: site_hash(again.inner),
        }]);
        let (group, inner) = (again.group, again.inner);
        let sum = sums.entry(shape).or_insert_with(|| Sum {
            example: again,
            count: 0,
            groups: BTreeSet::new(),
            processes: BTreeSet::new(),
        });
        sum.count = sum.count.saturating_add(view.node(inner).count);
        sum.groups.insert(group);
        sum.processes.insert(inner.process as usize);
    }
    for (shape, sum) in sums {
        report(view, (shape, level), sum, sink);
    }
}

fn requests<'a>(view: &'a Merged<'_>) -> impl Iterator<Item = Again> + 'a {
    view.nodes().filter_map(move |(inner, node)| {
        if node.access.is_try || node.access.in_turn {
            return None;
        }
        let lock = view.lock_of(inner).filter(|lock| view.is_grouped(*lock))?;
        let group = view.group_of(lock);
        // Of the very same lock the thread is a reader, and has got it.
        let is_other = |held: LockId| held != lock && view.group_of(held) == group;
        let mut others = view.ancestors(inner).filter(|at| view.lock_of(*at).is_some_and(is_other));
        let mut outer = others.next()?;
        for holder in others {
            // The outermost that cannot be shared, else the outermost.
            if !view.is_shared(holder) || view.is_shared(outer) {
                outer = holder;
            }
        }
        let are_readers = view.is_shared(outer) && view.is_shared(inner);
        (!are_readers).then_some(Again { group, outer, inner })
    })
}

fn report(view: &Merged<'_>, (shape, level): (u64, Level), sum: Sum, sink: &mut Sink) {
    let Sum { example, count, groups, processes } = sum;
    if sink.covering(shape, &[]).is_some() {
        return;
    }
    let rule = RuleId::LOCK_ORDER_INVERSION;
    let lock = view.lock_info(example.group, processes.len() > 1);
    let (name, short) = (text::lock(&lock), text::lock_short(&lock));
    let process = example.inner.process as usize;
    let step = |kind, at: NodeRef| {
        let node = view.node(at);
        Step {
            caller: None,
            thread: 0,
            lock: 0,
            kind,
            call: view.primitive_of(at).call(node.access),
            place: view.place(process, node.site, node.stack),
            stack: view.stack(at),
            count: node.count,
        }
    };
    let mut finding = Finding {
        rule,
        grade: Grade::Possible,
        level,
        fingerprint: fingerprint(rule.name(), shape),
        count,
        message: format!("{name} is used again by a thread that holds a reference into it"),
        locks: vec![lock],
        threads: vec![view.thread_info(process, view.node(example.inner).thread)],
        steps: vec![step(StepKind::Holds, example.outer), step(StepKind::Wants, example.inner)],
        refutation: None,
        causes: Vec::new(),
        notes: vec![
            "here the two keys lay in different shards; two keys may lie in one shard, and then the thread waits for itself"
                .to_owned(),
        ],
        help: format!(
            "drop the reference before {short} is used again (take a clone of the value), or do both in one call, such as `entry`"
        ),
        order: Vec::new(),
        processes: processes.into_iter().collect(),
    };
    if groups.iter().any(|group| view.wanders(*group)) {
        finding.level = Level::Warn;
        let note = text::wandering(&finding.locks[0]);
        finding.add_note(&note);
    }
    let cycles = groups.len() as u64;
    sink.drafts.push(Draft { finding, shape, locks: vec![example.group], cycles });
}
