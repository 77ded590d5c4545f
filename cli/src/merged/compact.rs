//! A recording without its events.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use syncscope_recording::layout::{CHUNK_MAGIC, PAGE, chunk, chunk_kind, slot};
use syncscope_recording::{Recording, read};

/// The recording without the chunks that hold events; `None` when it has none, or when anything but the events would read
/// differently: then it is kept as it is.
#[must_use]
pub fn compact(bytes: &[u8]) -> Option<Vec<u8>> {
    let smaller = without_events(bytes)?;
    let (old, new) = (read(bytes, "").ok()?, read(&smaller, "").ok()?);
    (digest(&old) == digest(&new)).then_some(smaller)
}

/// Leaves out chunks of events and moves the others up.
fn without_events(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..PAGE)?.to_vec();
    let mut places = BTreeMap::new();
    let mut boards = Vec::new();
    let mut at = PAGE;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.len() < chunk::PAYLOAD || u32_at(rest, chunk::MAGIC) != CHUNK_MAGIC {
            // A page that never became a chunk is nothing; anything else is damage, and damage is to be kept whole.
            let page = &rest[..rest.len().min(PAGE)];
            if page.iter().any(|byte| *byte != 0) {
                return None;
            }
            at += PAGE;
            continue;
        }
        let len = usize::try_from(u64_at(rest, chunk::LEN)).ok()?;
        if len < PAGE || !len.is_multiple_of(PAGE) || len > rest.len() {
            return None;
        }
        let kind = u32_at(rest, chunk::KIND);
        if !matches!(kind, chunk_kind::RING | chunk_kind::SEGMENT | chunk_kind::FREE) {
            places.insert(at as u64, kept.len() as u64);
            if kind == chunk_kind::BOARD {
                boards.push(kept.len()..kept.len() + len);
            }
            kept.extend_from_slice(&rest[..len]);
        }
        at += len;
    }
    for board in boards {
        for slot in kept[board].chunks_exact_mut(slot::SIZE).skip(1) {
            let old = u64_at(slot, slot::HELD_CHUNK);
            let new = places.get(&old).copied().unwrap_or(0);
            slot[slot::HELD_CHUNK..][..8].copy_from_slice(&new.to_le_bytes());
            slot[slot::RING..][..8].fill(0);
        }
    }
    (kept.len() < bytes.len()).then_some(kept)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// A hash of all that a recording says, but for its events.
fn digest(recording: &Recording) -> u64 {
    let r = recording;
    let mut hash = Hash(0xcbf2_9ce4_8422_2325);
    let tables: [&dyn Debug; 23] = [
        &r.process,
        &r.sites,
        &r.classes,
        &r.threads,
        &r.nodes,
        &r.clocks,
        &r.stacks,
        &r.modules,
        &r.deadlocks,
        &r.races,
        &r.memory_races,
        &r.likely_orders,
        &r.held_across_pools,
        &r.kept_asleep,
        &r.strands,
        &r.overdue,
        &r.wait_stacks,
        &r.thread_states,
        &r.panics,
        &r.board,
        &r.declared_orders,
        &r.notes,
        &r.totals,
    ];
    for table in tables {
        let _ = write!(hash, "{table:?};");
    }
    let lost = &r.lost;
    let _ = write!(
        hash,
        "{} {} {} {} {} {:?}",
        lost.events, lost.nodes, lost.threads, lost.chunks, lost.records, lost.damage
    );
    hash.0
}

/// FNV-1a of what is written.
struct Hash(u64);

impl Write for Hash {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        Ok(())
    }
}
