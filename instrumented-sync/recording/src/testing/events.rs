//! Rings and segments.

use super::{ChunkBuilder, codes};
use crate::layout::{chunk, chunk_kind, event};
use crate::model::{Event, Op};
use crate::words;

/// Gaps that the ticks of an event cannot tell.
const FAR: u64 = 1 << 32;

/// Writes events into blocks with anchors, without end; what a ring or segments keep of it is decided last.
#[derive(Clone, Debug)]
pub struct EventWriter {
    words: Vec<u64>,
    thread: u32,
    /// Where the present thread took over.
    base: u64,
    events: u64,
    ticks: u64,
}

impl EventWriter {
    /// Starts with events of `thread`, of which `before` were written elsewhere.
    #[must_use]
    pub fn new(thread: u32, before: u64) -> Self {
        Self { words: Vec::new(), thread, base: 0, events: before, ticks: 0 }
    }

    /// Another thread takes over, at the next block.
    #[must_use]
    pub fn take_over(mut self, thread: u32) -> Self {
        self.pad();
        Self { base: self.words.len() as u64, thread, events: 0, ticks: 0, words: self.words }
    }

    /// Appends an event, releases as events of their own; its ticks lose their low ten bits, releases take those of the event before.
    #[must_use]
    pub fn event(mut self, event: &Event) -> Self {
        let is_release = event.op == Op::Release;
        let is_far =
            !is_release && event.ticks.wrapping_sub(self.ticks) >= FAR && self.ticks <= event.ticks;
        let len = if is_release { 1 } else { 2 + if is_far { 2 } else { 0 } };
        if event::BLOCK - self.words.len() % event::BLOCK < len {
            self.pad();
        }
        if self.words.len().is_multiple_of(event::BLOCK) {
            // The first anchor of a thread has nothing before it to take the time from.
            let ticks = if self.ticks == 0 { event.ticks } else { self.ticks };
            self.anchor(ticks);
        }
        let class = event.class.map_or(0, |class| class.0);
        let (op, aux, seq) = match event.op {
            Op::Acquire(access) => {
                (event::ACQUIRE_BASE | codes::access(access), event.site.0, event.seq)
            }
            Op::Release => (event::RELEASE, words::release_aux(class, event::DEPTH_UNKNOWN), 0),
            Op::BlockBegin(_) => (event::BLOCK_BEGIN, event.site.0, event.seq),
            Op::BlockEnd(_) => (event::BLOCK_END, class, event.seq),
            Op::Spawn => (event::SPAWN, event.site.0, event.seq),
            Op::Join => (event::JOIN, event.site.0, event.seq),
            Op::NotifyOne => (event::NOTIFY_ONE, event.site.0, event.seq),
            Op::NotifyAll => (event::NOTIFY_ALL, event.site.0, event.seq),
            Op::Send => (event::SEND, event.site.0, event.seq),
            Op::Recv => (event::RECV, event.site.0, event.seq),
            Op::Unpark => (event::UNPARK, event.site.0, event.seq),
            Op::Barrier => (event::BARRIER, event.site.0, event.seq),
            Op::ThreadStart => (event::THREAD_START, event.site.0, event.seq),
            Op::ThreadEnd => (event::THREAD_END, event.site.0, event.seq),
            Op::InitDone => (event::INIT_DONE, event.site.0, event.seq),
            // No version has given this one out.
            Op::Unknown => (0x7F, event.site.0, event.seq),
        };
        if is_far && event.ticks.wrapping_sub(self.ticks) >= FAR {
            self.words.extend([words::first(event::TIME, 0, 0), event.ticks]);
        }
        self.words.push(words::first(op, aux, event.object));
        if !is_release {
            let second = words::Second { seq, class, depth: event::DEPTH_UNKNOWN };
            self.words.push(second.word(event.ticks));
            self.ticks = event.ticks;
        }
        self.events += 1;
        self
    }

    /// Words so far, padding and anchors included.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// A ring of `blocks` blocks that holds the end of what was written.
    #[must_use]
    pub fn ring(&self, blocks: usize) -> ChunkBuilder {
        let capacity = blocks * event::BLOCK;
        let ring = ChunkBuilder::new(chunk_kind::RING)
            .owner(self.thread)
            .used(self.words.len() as u64)
            .base(self.base)
            .at_least(chunk::PAYLOAD + capacity * 8);
        let from = self.words.len().saturating_sub(capacity);
        (from..self.words.len()).fold(ring, |ring, counter| {
            ring.u64(chunk::PAYLOAD + counter % capacity * 8, self.words[counter])
        })
    }

    /// Segments of `blocks` blocks that hold all that was written.
    #[must_use]
    pub fn segments(&self, blocks: usize) -> Vec<ChunkBuilder> {
        let capacity = blocks * event::BLOCK;
        let parts = self.words.chunks(capacity).enumerate();
        parts
            .map(|(ordinal, words)| {
                let base = (ordinal * capacity) as u64;
                let segment = ChunkBuilder::new(chunk_kind::SEGMENT)
                    .owner(self.thread)
                    .index(ordinal as u32)
                    .used(base + words.len() as u64)
                    .base(base)
                    .at_least(chunk::PAYLOAD + capacity * 8);
                words.iter().enumerate().fold(segment, |segment, (index, word)| {
                    segment.u64(chunk::PAYLOAD + index * 8, *word)
                })
            })
            .collect()
    }

    fn pad(&mut self) {
        self.words.resize(self.words.len().next_multiple_of(event::BLOCK), 0);
    }

    fn anchor(&mut self, ticks: u64) {
        let block = (self.words.len() / event::BLOCK) as u64;
        self.words.push(words::first(event::ANCHOR, event::ANCHOR_DEPTH_UNKNOWN, block as u32));
        self.words.push(ticks);
        self.words.push(u64::from(self.thread) << 32);
        self.words.push(self.events);
        self.ticks = ticks;
    }
}
