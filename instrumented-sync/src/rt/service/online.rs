//! Order inversions while the program runs: the same rules as offline, on the rare new edge.
//!
//! New chain nodes are fed into the order graph. Only when an edge closes a cycle is the recording read and judged, by
//! the detector, so that what is told online and what the command reports cannot differ.

use super::super::runtime::Runtime;
use super::super::verdict::own_recording;
use std::collections::HashSet;
use syncscope_detector::graph::OrderGraph;
use syncscope_detector::{Level, Options, PlainSites};
use syncscope_recording::layout::access;

/// The graph so far.
#[derive(Debug, Default)]
pub(in super::super) struct Online {
    graph: OrderGraph,
    next: u32,
    told: HashSet<String>,
}

impl Online {
    /// Takes in the nodes that are new and judges the recording if one of them closed a cycle.
    pub(in super::super) fn check(&mut self, runtime: &Runtime) {
        let mut cycle = false;
        while self.next < runtime.nodes.len() {
            let Some(node) = runtime.nodes.view(self.next) else { break };
            self.next += 1;
            if node.access & access::TRY != 0 {
                continue;
            }
            let mut parent = node.parent;
            // A parent comes before its children. The nodes lie in the file, where somebody may have written something else.
            let mut bound = self.next;
            while let Some(held) = parent
                .checked_sub(1)
                .filter(|parent| *parent < bound)
                .and_then(|parent| runtime.nodes.view(parent))
            {
                bound = parent - 1;
                parent = held.parent;
                cycle |= self.graph.add_edge(held.instance, node.instance);
            }
        }
        if cycle {
            self.judge(runtime);
        }
    }

    fn judge(&mut self, runtime: &Runtime) {
        let Ok(recording) = own_recording(runtime) else { return };
        let analysis = syncscope_detector::analyze(&[recording], &Options::default(), &PlainSites);
        for finding in &analysis.findings {
            // Observed ones were told when they happened.
            let news = finding.grade != syncscope_detector::Grade::Observed
                && finding.level != Level::Allow;
            if news && self.told.insert(finding.fingerprint.clone()) {
                super::tell::finding(runtime, finding);
            }
        }
    }
}
