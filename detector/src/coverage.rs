//! What was looked at.

use crate::finding::Coverage;
use crate::merged::{Merged, all_losses};
use std::collections::BTreeSet;
use syncscope_recording::Recording;
use syncscope_recording::model::{Class, Label, NodeId};

/// Sums over all recordings.
pub(crate) fn coverage(view: &Merged<'_>) -> Coverage {
    let mut sums = Coverage { processes: view.recordings.len() as u64, ..Coverage::default() };
    let mut classes = BTreeSet::new();
    for (process, recording) in view.recordings.iter().enumerate() {
        let totals = &recording.totals;
        let lost = &recording.lost;
        // Counters of a damaged file can be anything.
        let add = |sum: &mut u64, count: u64| *sum = sum.saturating_add(count);
        add(&mut sums.threads, totals.threads.max(recording.threads.len() as u64));
        add(&mut sums.locks, totals.locks);
        add(&mut sums.events, totals.events);
        add(&mut sums.edges, edges(recording));
        for count in [lost.events, lost.nodes, lost.threads, lost.chunks, lost.records] {
            add(&mut sums.lost, count);
        }
        add(&mut sums.lost, lost.all_damage().count() as u64);
        let here = recording.classes.iter().enumerate().skip(1);
        // What names have divided or united leaves classes without locks.
        let here = here.filter(|(_, class)| !class.from_stack || class.instances > 0);
        classes.extend(here.map(|(number, class)| class_key(recording, number, class)));
        let losses = all_losses(recording).into_iter();
        if view.recordings.len() == 1 {
            sums.losses.extend(losses);
        } else {
            let number = process + 1;
            sums.losses.extend(losses.map(|loss| format!("recording {number}: {loss}")));
        }
    }
    sums.classes = classes.len() as u64;
    sums
}

/// Distinct ordered pairs of instances: one requested while the other was held.
fn edges(recording: &Recording) -> u64 {
    /// Pairs that are collected before duplicates are dropped: bounds the memory, not the count.
    const BATCH: usize = 1 << 22;
    const MAX_DEPTH: usize = 4096;
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut limit = BATCH;
    for (index, node) in recording.nodes.iter().enumerate() {
        if node.access.is_try {
            continue;
        }
        let mut at = index;
        for _ in 0..MAX_DEPTH {
            let parent = recording.nodes[at].parent.map(|NodeId(parent)| parent as usize);
            let Some(parent) = parent.filter(|parent| *parent < at) else { break };
            at = parent;
            let held = recording.nodes[at].instance;
            if held != node.instance {
                pairs.push((held.0, node.instance.0));
            }
        }
        if pairs.len() >= limit {
            pairs.sort_unstable();
            pairs.dedup();
            limit = pairs.len() + BATCH;
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs.len() as u64
}

fn class_key<'a>(recording: &'a Recording, number: usize, class: &'a Class) -> impl Ord + use<'a> {
    let place = recording.site(class.site).map(|site| (site.file.as_str(), site.line, site.column));
    // What the source calls it, when the creation site does not tell it.
    let label = class.label.as_ref().filter(|_| class.from_stack).map(Label::told);
    // What nothing tells is known by its number in its process only.
    let is_told = class.name.is_some() || label.is_some() || (place.is_some() && !class.from_stack);
    let local = (!is_told).then_some((recording.process.pid, number));
    (class.primitive, place, local, class.type_name.as_str(), class.name.as_deref(), label)
}
