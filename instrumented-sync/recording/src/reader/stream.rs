//! Event streams: rings, which are overwritten, and segments, which are not.

use super::chunks::Head;
use super::damage::Damage;
use super::event::{Anchor, BLOCK_BYTES, Named, complete, decode};
use super::held_locks::HeldLocks;
use super::select::Events;
use super::source::Source;
use super::tables::Tables;
use crate::layout::{chunk, chunk_kind, event};
use crate::model::{Stream, ThreadNum};
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

/// How far the clock may step back when a thread moves between processors (20 µs at 3 GHz). Less than the time in which
/// a ring of a few blocks can be filled.
const CLOCK_SLACK: u64 = 1 << 16;

/// Blocks that are read at once.
const BATCH: usize = 256;

/// Streams whose events name sites and classes by numbers that were not looked at.
#[derive(Debug, Default)]
pub(super) struct Streams {
    streams: Vec<Open>,
    named: Named,
    /// Blocks that cannot be read in full.
    pub(super) bad_blocks: usize,
    /// Segments that are missing.
    pub(super) missing: usize,
}

/// A stream, and what its thread held at its end.
#[derive(Debug)]
struct Open {
    stream: Stream,
    held: HeldLocks,
}

impl Streams {
    /// Reads rings and segments, sorted by thread and time. A thread that outgrew its first ring has two streams.
    pub(super) fn read(source: &impl Source, heads: &[Head], select: Events) -> io::Result<Self> {
        let limit = match select {
            Events::None => 0,
            Events::Last(count) => count,
            Events::All => usize::MAX,
        };
        let mut reader = Reader { source, limit, found: Self::default() };
        if select != Events::None {
            for ring in heads.iter().filter(|c| c.kind == chunk_kind::RING) {
                reader.read_ring(ring)?;
            }
        }
        let mut segments: BTreeMap<u32, Vec<&Head>> = BTreeMap::new();
        for segment in heads.iter().filter(|c| c.kind == chunk_kind::SEGMENT) {
            segments.entry(segment.owner).or_default().push(segment);
        }
        for (owner, mut segments) in segments {
            segments.sort_by_key(|c| (c.index, c.offset));
            reader.found.missing += missing_ordinals(&segments);
            if select != Events::None {
                reader.read_segments(ThreadNum(owner), &segments)?;
            }
        }
        let mut found = reader.found;
        found.streams.sort_by_key(|open| (open.stream.thread, open.stream.overwritten));
        count_gaps(&mut found.streams);
        Ok(found)
    }

    /// Says what is lost, and gives the streams with numbers that exist. `depth` is how many locks a thread holds at the end.
    pub(super) fn finish(
        self,
        tables: &Tables,
        depth: impl Fn(ThreadNum) -> usize,
        is_newer_minor: bool,
        damage: &mut Damage,
    ) -> Vec<Stream> {
        damage.count(self.missing, "event segments are missing");
        if !is_newer_minor {
            damage.count(self.bad_blocks, "blocks of events cannot be read in full");
        }
        let mut streams: Vec<Stream> = Vec::with_capacity(self.streams.len());
        let mut open = self.streams.into_iter().peekable();
        while let Some(Open { mut stream, held }) = open.next() {
            // The last of a thread; what an older one leaves open is told by the next.
            if open.peek().is_none_or(|next| next.stream.thread != stream.thread) {
                held.end(depth(stream.thread), &mut stream.events);
            }
            streams.push(stream);
        }
        if !self.named.are_in(tables) {
            let events = streams.iter_mut().flat_map(|stream| &mut stream.events);
            events.for_each(|event| complete(event, tables));
        }
        streams
    }
}

/// So far `overwritten` is the thread's count of events before the stream. What another stream holds is not overwritten.
fn count_gaps(streams: &mut [Open]) {
    let (mut thread, mut end) = (ThreadNum(0), 0);
    for Open { stream, .. } in streams {
        if stream.thread != thread {
            (thread, end) = (stream.thread, 0);
        }
        let before = stream.overwritten;
        stream.overwritten = before.saturating_sub(end);
        let held = stream.omitted.saturating_add(stream.events.len() as u64);
        end = end.max(before.saturating_add(held));
    }
}

struct Reader<'a, S> {
    source: &'a S,
    /// Events that are kept of a stream.
    limit: usize,
    found: Streams,
}

impl<S: Source> Reader<'_, S> {
    /// A ring is reused by other threads, so what is left in it may be of several: one stream each.
    fn read_ring(&mut self, ring: &Head) -> io::Result<()> {
        let Some(ring) = ring.load(self.source)? else { return Ok(()) };
        let payload = ring.bytes.get(chunk::PAYLOAD..).unwrap_or_default();
        let blocks = ring_blocks(&ring, payload.len());
        let wrapped = blocks.first().is_some_and(|&(index, _)| index > 0);
        let mut current: Option<Open> = None;
        let mut good = 0;
        for (index, place) in blocks {
            let block = payload.get(place).unwrap_or_default();
            let Some(anchor) = Anchor::read(block, index) else {
                // The oldest blocks of a ring may be overwritten while it is read; others may not.
                let is_overwritten = wrapped && good == 0;
                self.found.bad_blocks += usize::from(!is_overwritten && has_anchor(block));
                continue;
            };
            if good == 1
                && wrapped
                && current.as_ref().is_some_and(|open| is_newer(&open.stream, &anchor))
            {
                // The oldest block was overwritten behind its anchor while it was read.
                current = None;
            }
            if current.as_ref().is_none_or(|open| open.stream.thread != anchor.thread) {
                self.keep(current.take());
            }
            let stream = current.get_or_insert_with(|| start(&anchor));
            self.decode(block, &anchor, stream);
            good += 1;
        }
        self.keep(current);
        Ok(())
    }

    /// The segments of a thread, in order, are one stream.
    fn read_segments(&mut self, owner: ThreadNum, segments: &[&Head]) -> io::Result<()> {
        let mut again = Vec::new();
        for segment in segments {
            if self.source.may_hold(segment.end - segment.offset)? {
                again.extend(segment.again(self.source)?);
            } else {
                self.found.bad_blocks += 1;
            }
        }
        let first = self.first_anchor(owner, &again)?;
        let (from, from_block) = match self.limit {
            usize::MAX => (0, 0),
            limit => self.tail(owner, &again, limit as u64)?,
        };
        let mut stream: Option<Open> = None;
        for (at, segment) in again.iter().enumerate().skip(from) {
            let blocks = segment_blocks(segment);
            let skipped = if at == from { from_block } else { 0 };
            for batch in (skipped..blocks).step_by(BATCH) {
                let place = block_range(segment, batch..blocks.min(batch + BATCH));
                let bytes = self.source.load(place)?;
                for (block, number) in bytes.chunks(BLOCK_BYTES).zip(batch..) {
                    let index = segment.base / event::BLOCK as u64 + number as u64;
                    let anchor = Anchor::read(block, index).filter(|a| a.thread == owner);
                    let Some(anchor) = anchor else {
                        self.found.bad_blocks += usize::from(has_anchor(block));
                        continue;
                    };
                    let stream = stream.get_or_insert_with(|| start(&anchor));
                    self.decode(block, &anchor, stream);
                }
                if let Some(stream) = &mut stream {
                    self.trim(&mut stream.stream, BATCH * event::BLOCK);
                }
            }
        }
        if let (Some(Open { stream, .. }), Some(first)) = (&mut stream, first) {
            let before = first.events_before.min(stream.overwritten);
            stream.omitted = stream.omitted.saturating_add(stream.overwritten - before);
            stream.overwritten = before;
        }
        self.keep(stream);
        Ok(())
    }

    /// The first anchor of a thread's segments.
    fn first_anchor(&self, owner: ThreadNum, segments: &[Head]) -> io::Result<Option<Anchor>> {
        for segment in segments {
            for block in 0..segment_blocks(segment) {
                if let Some(anchor) = self.anchor(owner, segment, block)? {
                    return Ok(Some(anchor));
                }
            }
        }
        Ok(None)
    }

    /// Where to begin so that at least `limit` events are read: the segment and its block.
    fn tail(&self, owner: ThreadNum, segments: &[Head], limit: u64) -> io::Result<(usize, usize)> {
        let mut newest = None;
        for (at, segment) in segments.iter().enumerate().rev() {
            for block in (0..segment_blocks(segment)).rev() {
                let Some(anchor) = self.anchor(owner, segment, block)? else { continue };
                let newest = *newest.get_or_insert(anchor.events_before);
                if newest.saturating_sub(anchor.events_before) >= limit {
                    return Ok((at, block));
                }
            }
        }
        Ok((0, 0))
    }

    fn anchor(&self, owner: ThreadNum, segment: &Head, block: usize) -> io::Result<Option<Anchor>> {
        let mut place = block_range(segment, block..block + 1);
        place.end = place.end.min(place.start + event::ANCHOR_WORDS * 8);
        let index = segment.base / event::BLOCK as u64 + block as u64;
        let anchor = Anchor::read(&self.source.load(place)?, index);
        Ok(anchor.filter(|anchor| anchor.thread == owner))
    }

    fn decode(&mut self, block: &[u8], anchor: &Anchor, open: &mut Open) {
        let Open { stream, held } = open;
        let is_complete = decode(block, anchor, held, &mut self.found.named, &mut stream.events);
        self.found.bad_blocks += usize::from(!is_complete);
    }

    /// Keeps the end of a stream, as much as was asked for.
    fn keep(&mut self, open: Option<Open>) {
        let Some(mut open) = open else { return };
        self.trim(&mut open.stream, 0);
        self.found.streams.push(open);
    }

    /// Drops what was not asked for, if that is more than `slack` events.
    fn trim(&self, stream: &mut Stream, slack: usize) {
        let surplus = stream.events.len().saturating_sub(self.limit);
        if surplus > slack {
            stream.events.drain(..surplus);
            stream.omitted = stream.omitted.saturating_add(surplus as u64);
        }
        if slack == 0 {
            stream.events.shrink_to_fit();
        }
    }
}

fn start(anchor: &Anchor) -> Open {
    let stream = Stream {
        thread: anchor.thread,
        events: Vec::new(),
        overwritten: anchor.events_before,
        omitted: 0,
    };
    Open { stream, held: HeldLocks::default() }
}

/// Whether the block is long enough for its anchor: the last one may have been begun and no more.
fn has_anchor(block: &[u8]) -> bool {
    block.len() >= event::ANCHOR_WORDS * 8
}

fn is_newer(stream: &Stream, next: &Anchor) -> bool {
    stream.thread == next.thread
        && stream.events.iter().any(|event| event.ticks > next.ticks.saturating_add(CLOCK_SLACK))
}

/// The blocks that are left in a ring, oldest first: their number since the ring was made, and where they lie in the
/// payload, of which `there` bytes are left.
fn ring_blocks(ring: &Head, there: usize) -> Vec<(u64, Range<usize>)> {
    let capacity = capacity(ring);
    let Some(last_word) = ring.used.checked_sub(1).filter(|_| capacity > 0) else {
        return Vec::new();
    };
    let last = last_word / event::BLOCK as u64;
    let mut blocks = Vec::new();
    // Over the blocks that are there, not over those that the header claims.
    for (position, start) in (0..capacity).zip((0..there).step_by(BLOCK_BYTES)) {
        let age = (last % capacity + capacity - position) % capacity;
        let Some(index) = last.checked_sub(age) else { continue };
        let written =
            if age == 0 { used_bytes(last_word % event::BLOCK as u64 + 1) } else { BLOCK_BYTES };
        blocks.push((index, start..there.min(start + written)));
    }
    blocks.sort_unstable_by_key(|&(index, _)| index);
    blocks
}

/// Blocks of a ring as it was written. A cut file holds fewer, but where they lie depends on the capacity.
fn capacity(ring: &Head) -> u64 {
    ring.len.saturating_sub(chunk::PAYLOAD as u64) / BLOCK_BYTES as u64
}

/// Bytes of a segment's payload that are written, and there.
fn written_bytes(segment: &Head) -> usize {
    let there = segment.end.saturating_sub(segment.offset).saturating_sub(chunk::PAYLOAD);
    used_bytes(segment.used.saturating_sub(segment.base)).min(there)
}

/// Blocks of a segment, the last of which may not be full.
fn segment_blocks(segment: &Head) -> usize {
    written_bytes(segment).div_ceil(BLOCK_BYTES)
}

/// Where blocks of a segment lie in the file, as far as they are written.
fn block_range(segment: &Head, blocks: Range<usize>) -> Range<usize> {
    let payload = segment.offset + chunk::PAYLOAD;
    let end = (blocks.end * BLOCK_BYTES).min(written_bytes(segment));
    payload + blocks.start * BLOCK_BYTES..payload + end
}

fn used_bytes(words: u64) -> usize {
    usize::try_from(words.saturating_mul(8)).unwrap_or(usize::MAX)
}

fn missing_ordinals(segments: &[&Head]) -> usize {
    let end = segments.last().map_or(0, |last| last.index as usize + 1);
    end.saturating_sub(segments.len())
}
