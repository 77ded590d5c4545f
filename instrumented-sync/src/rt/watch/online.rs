//! Order inversions while the program runs: the same rules as offline, on the rare new edge.
//!
//! New chain nodes are fed into the order graph. Only when an edge closes a cycle is the recording read and judged, by
//! the detector, so that what is told online and what the command reports cannot differ.

use super::tell;
use crate::rt::deadlock::verdict::own_recording;
use crate::rt::object::group;
use crate::rt::shared::nodes::NodeView;
use crate::rt::shared::online::Online;
use crate::rt::shared::runtime::Runtime;
use std::time::{Duration, Instant};
use syncscope_detector::{Level, Options, PlainSites};
use syncscope_recording::layout::access;

/// How much longer the program runs unjudged than the last judgement took.
const PATIENCE: u32 = 20;

const LONGEST_REST: Duration = Duration::from_secs(60);

impl Online {
    /// Takes in the nodes that are new and judges the recording if one of them closed a cycle: as soon as judgements have not taken too
    /// much of the time, or now, at the `end`. Gives whether one is still to be made.
    pub(crate) fn check(&mut self, runtime: &Runtime, end: bool) -> bool {
        while self.next < runtime.nodes.len() {
            let Some(node) = runtime.nodes.view(self.next) else { break };
            self.next += 1;
            if node.access & access::TRY != 0 {
                continue;
            }
            // Up to the next lock that was waited for: from those above it there is a way over it. So what this takes does not grow with
            // the square of the depth.
            let mut parent = node.parent;
            // A parent comes before its children. The nodes lie in the file, where somebody may have written something else.
            let mut bound = self.next;
            while let Some(held) = parent
                .checked_sub(1)
                .filter(|parent| *parent < bound)
                .and_then(|parent| runtime.nodes.view(parent))
            {
                bound = parent - 1;
                parent = if held.access & access::TRY != 0 { held.parent } else { 0 };
                self.cycle |= self.closes(runtime, &held, &node);
            }
        }
        let is_time = || end || self.resting.is_none_or(|until| Instant::now() >= until);
        if self.cycle && is_time() {
            self.cycle = false;
            let begun = Instant::now();
            self.judge(runtime);
            let rest = begun.elapsed().saturating_mul(PATIENCE).min(LONGEST_REST);
            self.resting = Some(Instant::now() + rest);
        }
        self.cycle
    }

    /// Adds an edge; gives whether it closes a cycle. The locks of a group count as one, which is not held before itself in turn.
    fn closes(&mut self, runtime: &Runtime, held: &NodeView, wanted: &NodeView) -> bool {
        let (from, to) = (self.group_of(runtime, held), self.group_of(runtime, wanted));
        if from != to || held.instance == wanted.instance {
            return self.graph.add_edge(from, to);
        }
        let are_readers = held.access & wanted.access & access::SHARED != 0;
        wanted.access & access::IN_TURN == 0 && self.nested_groups.insert((from, are_readers))
    }

    /// The first lock of the group, or the lock itself when it is of none.
    fn group_of(&mut self, runtime: &Runtime, node: &NodeView) -> u32 {
        if !group::NUMBERS.contains(&node.instance) {
            return node.instance;
        }
        let bits = self.group_bits.entry(node.class);
        let bits = *bits.or_insert_with(|| runtime.classes.group_bits(node.class));
        node.instance >> bits << bits
    }

    fn judge(&mut self, runtime: &Runtime) {
        let Ok(recording) = own_recording(runtime) else { return };
        let analysis = syncscope_detector::analyze(&[recording], &Options::default(), &PlainSites);
        for finding in &analysis.findings {
            // Observed ones were told when they happened.
            let news = finding.grade != syncscope_detector::Grade::Observed
                && finding.level != Level::Allow;
            if news && self.told.insert(finding.fingerprint.clone()) {
                tell::finding(runtime, finding);
            }
        }
    }
}
