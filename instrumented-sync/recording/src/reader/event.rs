//! Events of one block.

use super::bytes::u64_at;
use super::codes;
use super::log::Tables;
use super::ticks;
use crate::layout::event;
use crate::model::{Event, Op, SiteId, ThreadNum};

/// Bytes of a whole block.
pub(super) const BLOCK_BYTES: usize = event::BLOCK * 8;

/// What a block starts with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    pub(super) thread: ThreadNum,
    pub(super) ticks: u64,
    /// Events of the thread before this block.
    pub(super) events_before: u64,
}

impl Anchor {
    /// The anchor of `block`; `None` when it is that of another block, or none at all.
    pub(super) fn read(block: &[u8], index: u64) -> Option<Self> {
        if block.len() < event::ANCHOR_WORDS * 8 {
            return None;
        }
        let expected = u64::from(event::ANCHOR) | (index & 0xFFFF_FFFF) << 32;
        let thread = (u64_at(block, 16) >> 32) as u32;
        (u64_at(block, 0) == expected && thread != 0).then(|| Self {
            thread: ThreadNum(thread),
            ticks: u64_at(block, 8),
            events_before: u64_at(block, 24),
        })
    }
}

/// Appends the events behind the anchor. `false` when there is an operation of unknown length or an event that
/// crosses the block's end: the rest of the block is skipped then.
pub(super) fn decode(
    block: &[u8],
    anchor: &Anchor,
    tables: &Tables,
    events: &mut Vec<Event>,
) -> bool {
    let is_whole = block.len() == BLOCK_BYTES;
    let mut words = block
        .get(event::ANCHOR_WORDS * 8..)
        .unwrap_or_default()
        .chunks_exact(8)
        .map(|word| u64_at(word, 0));
    let mut ticks = anchor.ticks;
    while let Some(first) = words.next() {
        if first == u64::from(event::PAD) {
            continue;
        }
        let Some(second) = second_word(first, &mut words) else {
            // The file's end or the writer's position may cut an event; the end of a block may not.
            return is_known(first) && !is_whole;
        };
        if let Some(second) = second {
            ticks = ticks::EVENT.after(ticks, second >> 24);
        }
        events.push(read_event(first, second, ticks, tables));
    }
    true
}

/// The second word, where the operation has one; `None` when it is missing or the operation is unknown.
fn second_word(first: u64, words: &mut impl Iterator<Item = u64>) -> Option<Option<u64>> {
    if !is_known(first) {
        None
    } else if first as u8 == event::RELEASE {
        Some(None)
    } else {
        words.next().map(Some)
    }
}

fn is_known(first: u64) -> bool {
    let op = first as u8;
    is_acquire(op) || (event::RELEASE..=event::INIT_DONE).contains(&op)
}

fn is_acquire(op: u8) -> bool {
    op & !event::ACQUIRE_MASK == event::ACQUIRE_BASE
}

fn read_event(first: u64, second: Option<u64>, ticks: u64, tables: &Tables) -> Event {
    let op = first as u8;
    let aux = (first >> 8) as u32 & 0x00FF_FFFF;
    let seq = second.unwrap_or(0) as u32 & 0x00FF_FFFF;
    let names_class = matches!(op, event::RELEASE | event::BLOCK_END);
    let site = if names_class { SiteId(0) } else { SiteId(aux) };
    Event {
        ticks,
        op: read_op(op, seq),
        object: (first >> 32) as u32,
        site: tables.site(site),
        class: if names_class { tables.class(aux) } else { None },
        seq,
    }
}

fn read_op(op: u8, seq: u32) -> Op {
    let wait = || codes::wait_kind(seq & !event::SEQ_TIMED);
    match op {
        op if is_acquire(op) => Op::Acquire(codes::access(op & event::ACQUIRE_MASK)),
        event::RELEASE => Op::Release,
        event::BLOCK_BEGIN => Op::BlockBegin(wait()),
        event::BLOCK_END => Op::BlockEnd(wait()),
        event::SPAWN => Op::Spawn,
        event::JOIN => Op::Join,
        event::NOTIFY_ONE => Op::NotifyOne,
        event::NOTIFY_ALL => Op::NotifyAll,
        event::SEND => Op::Send,
        event::RECV => Op::Recv,
        event::UNPARK => Op::Unpark,
        event::BARRIER => Op::Barrier,
        event::THREAD_START => Op::ThreadStart,
        event::THREAD_END => Op::ThreadEnd,
        event::INIT_DONE => Op::InitDone,
        _ => Op::Unknown,
    }
}
