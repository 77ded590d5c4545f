//! Which thread initialises an object is the schedule's choice: each of those that used it before it was complete could have.
//!
//! A recording has the nestings of an initialiser below the thread that ran it. Here they are put below the other threads' uses
//! as well, with what those held, as if they had run it. Not below a use that came after the end of the initialiser in every
//! schedule.

use crate::must_order::initialised_by;
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{ChainNode, InstanceId, NodeId, ThreadNum};

/// Nodes that are added to a recording at most.
const MOST: usize = 1 << 16;

/// Longest chain of ancestors that is followed, as elsewhere.
const MAX_DEPTH: usize = 4096;

/// Nodes that a recording would have, had other threads run its initialisers.
#[derive(Debug, Default)]
pub(crate) struct Grafts {
    /// They follow the recording's own.
    pub(crate) nodes: Vec<ChainNode>,
    /// How many were left out.
    pub(crate) left_out: u64,
}

impl Grafts {
    pub(crate) fn new(recording: &Recording) -> Self {
        let mut grafts = Self::default();
        let inside = Inside::new(recording);
        let is_init = |at: &usize| recording.nodes[*at].access.init;
        let mut uses: Vec<usize> = (0..recording.nodes.len()).filter(is_init).collect();
        // Nested initialisers: what is put below a use may have uses itself.
        while let Some(user) = uses.pop() {
            let used = grafts.node(recording, user).clone();
            if comes_after(recording, &used) || grafts.is_inside(recording, user, used.instance) {
                continue;
            }
            for run in inside.of(used.instance) {
                let by = recording.nodes[*run].thread;
                if *run != user && (by != used.thread || by.is_none()) {
                    grafts.add(recording, user, &inside.below[run], &mut uses);
                }
            }
        }
        grafts
    }

    fn node<'a>(&'a self, recording: &'a Recording, at: usize) -> &'a ChainNode {
        let own = recording.nodes.len();
        recording.nodes.get(at).unwrap_or_else(|| &self.nodes[at - own])
    }

    /// Whether a node is inside of an initialiser of the object.
    fn is_inside(&self, recording: &Recording, at: usize, instance: InstanceId) -> bool {
        let parent = |at: usize| {
            let parent = self.node(recording, at).parent.map(|parent| parent.0 as usize);
            parent.filter(|parent| *parent < at)
        };
        let mut above = std::iter::successors(parent(at), |at| parent(*at)).take(MAX_DEPTH);
        above.any(|at| {
            let node = self.node(recording, at);
            node.access.init && node.instance == instance
        })
    }

    /// Adds the nodes below an initialiser's run to another thread's use.
    fn add(&mut self, recording: &Recording, user: usize, below: &[usize], uses: &mut Vec<usize>) {
        let own = recording.nodes.len();
        if self.nodes.len() + below.len() > MOST {
            self.left_out += below.len() as u64;
            return;
        }
        let used = self.node(recording, user).clone();
        let mut copies: BTreeMap<usize, usize> = BTreeMap::new();
        let mut has_children: BTreeSet<usize> = BTreeSet::new();
        for &at in below {
            let node = &recording.nodes[at];
            let parent = node.parent.map(|parent| parent.0 as usize);
            let copy = parent.and_then(|parent| copies.get(&parent).copied());
            has_children.extend(copy);
            copies.insert(at, own + self.nodes.len());
            self.nodes.push(ChainNode {
                thread: used.thread,
                parent: Some(NodeId(copy.unwrap_or(user) as u32)),
                first_clock: used.first_clock,
                first_segment: used.first_segment,
                last_segment: used.first_segment,
                count: 1,
                ..node.clone()
            });
        }
        // A run that was copied has what is below it.
        let copied_uses = below.iter().filter(|at| recording.nodes[**at].access.init);
        uses.extend(copied_uses.map(|at| copies[at]).filter(|copy| !has_children.contains(copy)));
    }
}

/// The runs of initialisers that nested something.
struct Inside {
    runs: BTreeMap<InstanceId, Vec<usize>>,
    /// By run: the nodes below it, in their order.
    below: BTreeMap<usize, Vec<usize>>,
}

impl Inside {
    fn new(recording: &Recording) -> Self {
        let mut inside = Self { runs: BTreeMap::new(), below: BTreeMap::new() };
        if !recording.nodes.iter().any(|node| node.access.init) {
            return inside;
        }
        // By node: the nearest run that it is below of, and the run above that is found by going on from there.
        let mut run_above: Vec<Option<usize>> = Vec::with_capacity(recording.nodes.len());
        for (at, node) in recording.nodes.iter().enumerate() {
            let parent = node.parent.map(|parent| parent.0 as usize).filter(|parent| *parent < at);
            let above = parent.and_then(|parent| {
                if recording.nodes[parent].access.init { Some(parent) } else { run_above[parent] }
            });
            run_above.push(above);
            let mut next = above;
            while let Some(run) = next {
                inside.below.entry(run).or_default().push(at);
                next = run_above[run];
            }
        }
        for run in inside.below.keys() {
            inside.runs.entry(recording.nodes[*run].instance).or_default().push(*run);
        }
        inside
    }

    fn of(&self, instance: InstanceId) -> impl Iterator<Item = &usize> {
        self.runs.get(&instance).into_iter().flatten()
    }
}

/// Whether an object was complete at its use, in every schedule.
fn comes_after(recording: &Recording, used: &ChainNode) -> bool {
    let clock = used.first_clock.and_then(|clock| recording.clocks.get(clock as usize));
    let number = initialised_by(used.instance.0).map(ThreadNum);
    clock.zip(number).is_some_and(|(clock, number)| {
        clock.entries.binary_search_by_key(&number, |entry| entry.0).is_ok()
    })
}
