//! Large inputs: what is not linear in them does not come to an end here.

use crate::generator::Rng;
use std::cell::Cell;
use syncscope_detector::{Analysis, Options, PlainSites, SiteKeys, analyze, class_graph};
use syncscope_recording::Recording;
use syncscope_recording::model::{
    Access, ChainNode, Class, ClassId, InstanceId, NodeId, Primitive, Site, SiteId, ThreadNum,
};

/// Without optimisation everything is an order of magnitude slower.
const SCALE: usize = if cfg!(debug_assertions) { 10 } else { 1 };

/// A recording without nodes: one class of mutexes and a few sites.
fn empty() -> Recording {
    let site = |line| Site { file: "src/a.rs".to_owned(), line, column: 1 };
    let class = |line| Class {
        primitive: Primitive::Mutex,
        site: SiteId(line),
        type_name: "app::T".to_owned(),
        instances: 2,
        ..Class::default()
    };
    Recording {
        sites: (0..8).map(site).collect(),
        classes: vec![Class::default(), class(1), class(2)],
        ..Recording::default()
    }
}

fn push(recording: &mut Recording, thread: u32, parent: Option<NodeId>, instance: u32) -> NodeId {
    recording.nodes.push(ChainNode {
        thread: Some(ThreadNum(thread)),
        parent,
        instance: InstanceId(instance),
        class: ClassId(1),
        access: Access::default(),
        site: SiteId(if parent.is_some() { 3 } else { 2 }),
        count: 1,
        ..ChainNode::default()
    });
    NodeId(recording.nodes.len() as u32 - 1)
}

/// A nest of locks taken one inside the other.
fn nest(recording: &mut Recording, thread: u32, locks: impl IntoIterator<Item = u32>) {
    let mut parent = None;
    for lock in locks {
        parent = Some(push(recording, thread, parent, lock));
    }
}

fn analyzed(recording: Recording) -> Analysis {
    analyze(&[recording], &Options::default(), &PlainSites)
}

/// Counts how often it is asked: an answer can cost the reading of a file.
#[derive(Default)]
struct Counted(Cell<usize>);

impl SiteKeys for Counted {
    fn key(&self, file: &str, line: u32, column: u32) -> String {
        self.0.set(self.0.get() + 1);
        PlainSites.key(file, line, column)
    }

    fn lock_name(&self, _file: &str, _line: u32, _column: u32) -> Option<String> {
        self.0.set(self.0.get() + 1);
        None
    }
}

#[test]
fn many_locks_of_one_class_are_asked_for_once() {
    let mut recording = empty();
    for lock in (1..200_000 / SCALE as u32).step_by(2) {
        nest(&mut recording, lock, [lock, lock + 1]);
        nest(&mut recording, lock + 1, [lock + 1, lock]);
    }
    let asked = Counted::default();
    let graph = class_graph(std::slice::from_ref(&recording), &asked);
    assert_eq!((graph.classes.len(), graph.edges.len()), (1, 1));
    // The key of the one class, and its name.
    assert_eq!(asked.0.take(), 2);
    let analysis = analyze(&[recording], &Options::default(), &asked);
    assert_eq!(analysis.findings.len(), 1);
    assert!(asked.0.get() <= 8, "{} questions about 7 places", asked.0.get());
}

#[test]
fn many_nodes_in_one_order() {
    let mut recording = empty();
    let mut rng = Rng(1);
    while recording.nodes.len() < 1_000_000 / SCALE {
        let start = 1 + rng.below(40_000) as u32;
        let nest_of = [start, start + 1 + rng.below(9) as u32, start + 20, start + 40];
        nest(&mut recording, 1 + rng.below(100) as u32, nest_of);
    }
    assert_eq!(analyzed(recording).findings.len(), 0);
}

#[test]
fn many_edges_in_random_order() {
    let mut recording = empty();
    let mut rng = Rng(2);
    for _ in 0..100_000 / SCALE {
        let pair = [1 + rng.below(2_000) as u32, 1 + rng.below(2_000) as u32];
        nest(&mut recording, 1 + rng.below(100) as u32, pair);
    }
    // All at the same two places: one finding for two-cycles, and some for longer ones.
    let analysis = analyzed(recording);
    assert!(!analysis.findings.is_empty());
    assert!(analysis.findings.iter().any(|finding| finding.locks.len() == 2));
}

#[test]
fn a_tangle_that_one_reason_refutes_loses_nothing() {
    let tangle = |gate: Option<u32>, threads: usize| {
        let mut recording = empty();
        let mut rng = Rng(3);
        for _ in 0..20_000 / SCALE {
            let pair = [1 + rng.below(100) as u32, 1 + rng.below(100) as u32];
            nest(&mut recording, 1 + rng.below(threads) as u32, gate.into_iter().chain(pair));
        }
        analyzed(recording)
    };
    for refuted in [tangle(None, 1), tangle(Some(101), 5)] {
        assert_eq!((refuted.findings.len(), refuted.coverage.losses), (0, Vec::new()));
    }
    assert!(!tangle(None, 2).findings.is_empty());
}

#[test]
fn many_threads_on_both_sides_behind_a_gate() {
    let mut recording = empty();
    for thread in 1..=(100_000 / SCALE) as u32 {
        let pair = if thread % 2 == 0 { [1, 2, 3] } else { [1, 3, 2] };
        nest(&mut recording, thread, pair);
    }
    assert_eq!(
        analyzed(recording).findings.len(),
        0,
        "the gate is seen without comparing all pairs"
    );
}

#[test]
fn a_ring_of_philosophers() {
    let mut recording = empty();
    let len = 1_000_u32;
    for at in 0..len {
        nest(&mut recording, at + 1, [at + 1, (at + 1) % len + 1]);
    }
    let analysis = analyzed(recording);
    assert_eq!(analysis.findings.len(), 1);
    assert_eq!(analysis.findings[0].locks.len(), len as usize);
    assert!(analysis.findings[0].message.len() < 200, "{}", analysis.findings[0].message);
}

#[test]
fn a_very_deep_nest() {
    const DEEP: u32 = 1_000 / SCALE as u32;
    let mut recording = empty();
    nest(&mut recording, 1, 1..DEEP);
    nest(&mut recording, 2, (1..DEEP).rev());
    assert!(!analyzed(recording).findings.is_empty());
}
