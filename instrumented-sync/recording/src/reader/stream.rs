//! Event streams: rings, which are overwritten, and segments, which are not.

use super::chunks::Chunk;
use super::damage::Damage;
use super::event::{Anchor, BLOCK_BYTES, decode};
use super::log::Tables;
use crate::layout::{chunk, chunk_kind, event};
use crate::model::{Stream, ThreadNum};
use std::collections::BTreeMap;

/// How far the clock may step back when a thread moves between processors (20 µs at 3 GHz). Less than the time in which
/// a ring of a few blocks can be filled.
const CLOCK_SLACK: u64 = 1 << 16;

/// Reads all rings and segments, sorted by thread and time. A thread that outgrew its first ring has two streams.
pub(super) fn read(
    chunks: &[Chunk<'_>],
    tables: &Tables,
    is_newer_minor: bool,
    damage: &mut Damage,
) -> Vec<Stream> {
    let mut reader = Reader { tables, streams: Vec::new(), bad_blocks: 0 };
    for ring in chunks.iter().filter(|c| c.kind == chunk_kind::RING) {
        reader.read_ring(ring);
    }
    let mut segments: BTreeMap<u32, Vec<&Chunk<'_>>> = BTreeMap::new();
    for segment in chunks.iter().filter(|c| c.kind == chunk_kind::SEGMENT) {
        segments.entry(segment.owner).or_default().push(segment);
    }
    let mut missing = 0;
    for (owner, mut segments) in segments {
        segments.sort_by_key(|c| (c.index, c.offset));
        missing += missing_ordinals(&segments);
        reader.read_segments(ThreadNum(owner), &segments);
    }
    damage.count(missing, "event segments are missing");
    if !is_newer_minor {
        damage.count(reader.bad_blocks, "blocks of events cannot be read in full");
    }
    let mut streams = reader.streams;
    streams.sort_by_key(|stream| (stream.thread, stream.overwritten));
    count_gaps(&mut streams);
    streams
}

/// So far `overwritten` is the thread's count of events before the stream. What another stream holds is not overwritten.
fn count_gaps(streams: &mut [Stream]) {
    let (mut thread, mut end) = (ThreadNum(0), 0);
    for stream in streams {
        if stream.thread != thread {
            (thread, end) = (stream.thread, 0);
        }
        let before = stream.overwritten;
        stream.overwritten = before.saturating_sub(end);
        end = end.max(before.saturating_add(stream.events.len() as u64));
    }
}

struct Reader<'a> {
    tables: &'a Tables,
    streams: Vec<Stream>,
    bad_blocks: usize,
}

impl Reader<'_> {
    /// A ring is reused by other threads, so what is left in it may be of several: one stream each.
    fn read_ring(&mut self, ring: &Chunk<'_>) {
        let blocks = ring_blocks(ring);
        let wrapped = blocks.first().is_some_and(|&(index, _)| index > 0);
        let mut current: Option<Stream> = None;
        let mut good = 0;
        for (index, block) in blocks {
            let Some(anchor) = Anchor::read(block, index) else {
                // The oldest blocks of a ring may be overwritten while it is read; others may not.
                let is_overwritten = wrapped && good == 0;
                self.bad_blocks += usize::from(!is_overwritten && has_anchor(block));
                continue;
            };
            if good == 1 && wrapped && current.as_ref().is_some_and(|s| is_newer(s, &anchor)) {
                // The oldest block was overwritten behind its anchor while it was read.
                current = None;
            }
            if current.as_ref().is_none_or(|stream| stream.thread != anchor.thread) {
                self.streams.extend(current.take());
            }
            let stream = current.get_or_insert_with(|| start(&anchor));
            let is_complete = decode(block, &anchor, self.tables, &mut stream.events);
            self.bad_blocks += usize::from(!is_complete);
            good += 1;
        }
        self.streams.extend(current);
    }

    /// The segments of a thread, in order, are one stream.
    fn read_segments(&mut self, owner: ThreadNum, segments: &[&Chunk<'_>]) {
        let mut stream: Option<Stream> = None;
        for segment in segments {
            let first = segment.base / event::BLOCK as u64;
            for (index, block) in (first..).zip(payload(segment).chunks(BLOCK_BYTES)) {
                let anchor = Anchor::read(block, index).filter(|anchor| anchor.thread == owner);
                let Some(anchor) = anchor else {
                    self.bad_blocks += usize::from(has_anchor(block));
                    continue;
                };
                let stream = stream.get_or_insert_with(|| start(&anchor));
                let is_complete = decode(block, &anchor, self.tables, &mut stream.events);
                self.bad_blocks += usize::from(!is_complete);
            }
        }
        self.streams.extend(stream);
    }
}

fn start(anchor: &Anchor) -> Stream {
    Stream { thread: anchor.thread, events: Vec::new(), overwritten: anchor.events_before }
}

/// Whether the block is long enough for its anchor: the last one may have been begun and no more.
fn has_anchor(block: &[u8]) -> bool {
    block.len() >= event::ANCHOR_WORDS * 8
}

fn is_newer(stream: &Stream, next: &Anchor) -> bool {
    stream.thread == next.thread
        && stream.events.iter().any(|event| event.ticks > next.ticks.saturating_add(CLOCK_SLACK))
}

/// The blocks that are left in a ring, oldest first, with their number since the ring was made.
fn ring_blocks<'a>(ring: &Chunk<'a>) -> Vec<(u64, &'a [u8])> {
    let payload = ring.bytes.get(chunk::PAYLOAD..).unwrap_or_default();
    let capacity = capacity(ring);
    let Some(last_word) = ring.used.checked_sub(1).filter(|_| capacity > 0) else {
        return Vec::new();
    };
    let last = last_word / event::BLOCK as u64;
    let mut blocks = Vec::new();
    // Over the blocks that are there, not over those that the header claims.
    for (position, block) in (0..capacity).zip(payload.chunks(BLOCK_BYTES)) {
        let age = (last % capacity + capacity - position) % capacity;
        let Some(index) = last.checked_sub(age) else { continue };
        let written =
            if age == 0 { used_bytes(last_word % event::BLOCK as u64 + 1) } else { block.len() };
        blocks.push((index, &block[..written.min(block.len())]));
    }
    blocks.sort_unstable_by_key(|&(index, _)| index);
    blocks
}

/// Blocks of a ring as it was written. A cut file holds fewer, but where they lie depends on the capacity.
fn capacity(ring: &Chunk<'_>) -> u64 {
    ring.len.saturating_sub(chunk::PAYLOAD as u64) / BLOCK_BYTES as u64
}

/// The words of a segment that are written.
fn payload<'a>(segment: &Chunk<'a>) -> &'a [u8] {
    let payload = segment.bytes.get(chunk::PAYLOAD..).unwrap_or_default();
    let written = used_bytes(segment.used.saturating_sub(segment.base));
    &payload[..written.min(payload.len())]
}

fn used_bytes(words: u64) -> usize {
    usize::try_from(words.saturating_mul(8)).unwrap_or(usize::MAX)
}

fn missing_ordinals(segments: &[&Chunk<'_>]) -> usize {
    let end = segments.last().map_or(0, |last| last.index as usize + 1);
    end.saturating_sub(segments.len())
}
