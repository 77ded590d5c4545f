//! Which ends of channels lie in the futures of tasks, and in messages that these have not received.

use crate::rt::machine::peek;
use crate::rt::object::end::Side;
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// Bytes of a future, and of a block of messages, that are looked at, at most.
const LARGEST: usize = 1 << 20;
/// Blocks of messages that are looked at, at most.
const BLOCKS: usize = 4096;

/// An end of a channel: which, and the channel's address.
pub(super) type End = (Side, usize);

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The tasks that have an end, or seem to: what was moved away leaves a copy behind.
    pub(super) by_end: HashMap<End, BTreeSet<u32>>,
    /// What belongs to a task: its future, and messages for it.
    pub(super) regions: Vec<(u32, Range<usize>)>,
}

/// Looks at all tasks that have gone to sleep.
pub(super) fn look(runtime: &Runtime, buffer: &mut [u8]) -> Found {
    let mut found = Found::default();
    let mut blocks = Vec::new();
    for (_, slot) in runtime.board.occupied() {
        let range = future(slot);
        if !range.is_empty() && range.len() <= LARGEST {
            found.see(slot.thread(), range, buffer, &mut blocks);
        }
    }
    let mut seen = BTreeSet::new();
    while let Some((task, block)) = blocks.pop() {
        if seen.len() < BLOCKS && seen.insert((task, block.start)) {
            found.see(task, block, buffer, &mut blocks);
        }
    }
    found
}

/// Where the future of a task lies; empty where that is not known.
fn future(slot: Slot) -> Range<usize> {
    let (begin, end) = slot.rest().extent();
    begin..end
}

impl Found {
    /// What lies in `range` is with the task. The blocks of messages that this leads to are added to `blocks`.
    fn see(
        &mut self,
        task: u32,
        range: Range<usize>,
        buffer: &mut [u8],
        blocks: &mut Vec<(u32, Range<usize>)>,
    ) {
        let mut receivers = Vec::new();
        peek::words(range.clone(), buffer, |at, word| {
            if let Some((side, channel)) = Side::of(word) {
                self.by_end.entry((side, channel)).or_default().insert(task);
                if side == Side::Receives {
                    receivers.push(at);
                }
            }
        });
        self.regions.push((task, range));
        for at in receivers {
            blocks.extend(messages(at).into_iter().map(|block| (task, block)));
        }
    }
}

/// The blocks of messages for the receiver whose word is at this address.
fn messages(at: usize) -> Vec<Range<usize>> {
    let [head, tail, size] =
        [8, 16, 24].map(|after| peek::word(at + after).map(|word| word as usize));
    let Some(size) = size.filter(|size| (1..=LARGEST).contains(size)) else { return Vec::new() };
    let blocks = [head, tail].into_iter().flatten().filter_map(peek::word);
    let mut blocks: Vec<_> =
        blocks.map(|block| block as usize).filter(|block| *block != 0).collect();
    blocks.dedup();
    blocks.into_iter().map(|block| block..block.saturating_add(size)).collect()
}
