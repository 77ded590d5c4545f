//! Locks that change places under a writer.

use crate::checker::{check_recordings, record};

/// Two readers of `R` take two of its locks, each in one order; a writer comes between.
const SHARDS: &str = "main: write R; drop R; spawn t; spawn u; join t; join u
                      t: read R; lock s#1; lock s#2
                      u: read R; lock s#2; lock s#1";

#[test]
fn an_order_of_places_is_a_warning() {
    let plain = record(SHARDS);
    let mut moved = plain.clone();
    let mut seen = 0;
    for node in &mut moved.nodes {
        // The same two places, taken in the same order by both.
        if node.parent.is_some() {
            seen += 1;
            node.address = [0x1000, 0x2000][(seen + 1) % 2];
        }
    }
    let analysis = check_recordings(&[moved.clone()], "lock-order-inversion possible warn: s s x1");
    let note = "these locks were moved in memory between the two sides, while `RwLock<R>` was held exclusively";
    assert!(analysis.findings[0].notes.iter().any(|text| text.starts_with(note)));
    check_recordings(&[plain], "lock-order-inversion possible deny: s s x1");
    // Locks that stay where they are.
    for node in &mut moved.nodes {
        node.address = 0x1000 * u64::from(node.instance.0);
    }
    check_recordings(&[moved], "lock-order-inversion possible deny: s s x1");
}
