//! What to do, for programs.

use syncscope_detector::finding::Finding;

/// The locks of a cycle in the order in which to take them; empty where the finding is no cycle of different locks.
pub(super) fn suggested_order(finding: &Finding, labels: &[String]) -> Vec<String> {
    finding.order.iter().filter_map(|lock| labels.get(*lock).cloned()).collect()
}
