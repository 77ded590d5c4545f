//! Chain tables: what living threads have not folded into the nodes yet.

use super::bytes::{records, u32_at, u64_at};
use super::chunks::Chunk;
use super::damage::Damage;
use super::nodes::Nodes;
use crate::layout::{chain, chunk, chunk_kind};

/// Adds the entries of all chain tables to their nodes.
pub(super) fn fold_in(chunks: &[Chunk<'_>], nodes: &mut Nodes, damage: &mut Damage) {
    let mut lost = 0;
    for table in chunks.iter().filter(|c| c.kind == chunk_kind::CHAINS) {
        let capacity = usize::try_from(table.used).unwrap_or(usize::MAX);
        // The numbers of the nodes lie behind all entries.
        let numbers = chunk::PAYLOAD.saturating_add(capacity.saturating_mul(chain::SIZE));
        let mut numbers = records(&table.bytes, numbers, chain::NODE_SIZE);
        for entry in records(&table.bytes, chunk::PAYLOAD, chain::SIZE).take(capacity) {
            let node = numbers.next();
            if u64_at(entry, chain::TAG) == 0 {
                continue;
            }
            let Some(node) = node else {
                lost += 1;
                continue;
            };
            // An entry without a node was refused by the cap, which the header counts.
            let Some(number) = u32_at(node, 0).checked_sub(1) else { continue };
            lost += usize::from(!fold(entry, number, table.owner, nodes));
        }
    }
    damage.count(lost, "counts of nestings are lost: the nesting is missing or of another thread");
}

fn fold(entry: &[u8], number: u32, owner: u32, nodes: &mut Nodes) -> bool {
    let Some(id) = nodes.find(number) else { return false };
    let node = &mut nodes.nodes[id.0 as usize];
    if node.thread.is_some_and(|thread| thread.0 != owner) {
        return false;
    }
    let count = u64::from(u32_at(entry, chain::COUNT));
    node.count = node.count.saturating_add(count);
    node.last_segment = node.last_segment.max(u32_at(entry, chain::LAST_SEGMENT));
    true
}
