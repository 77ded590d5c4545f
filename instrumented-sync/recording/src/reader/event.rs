//! Events of one block.

use super::bytes::u64_at;
use super::codes;
use super::held_locks::HeldLocks;
use super::tables::Tables;
use super::ticks;
use crate::layout::event;
use crate::model::{ClassId, Event, Op, SiteId, ThreadNum, WaitKind};
use crate::words;

/// Bytes of a whole block.
pub(super) const BLOCK_BYTES: usize = event::BLOCK * 8;

/// What a block starts with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    pub(super) thread: ThreadNum,
    pub(super) ticks: u64,
    /// Events of the thread before this block.
    pub(super) events_before: u64,
    /// Locks held when it begins.
    depth: u32,
}

impl Anchor {
    /// The anchor of `block`; `None` when it is that of another block, or none at all.
    pub(super) fn read(block: &[u8], index: u64) -> Option<Self> {
        if block.len() < event::ANCHOR_WORDS * 8 {
            return None;
        }
        let expected = words::first(event::ANCHOR, 0, index as u32);
        let first = u64_at(block, 0);
        let depth = (first >> 8) as u32 & 0x00FF_FFFF;
        let thread = (u64_at(block, 16) >> 32) as u32;
        (first & !(0x00FF_FFFF << 8) == expected && thread != 0).then(|| Self {
            thread: ThreadNum(thread),
            ticks: u64_at(block, 8),
            events_before: u64_at(block, 24),
            depth,
        })
    }
}

/// The largest numbers that events name, to be held against the tables once these are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named {
    site: u32,
    class: u32,
}

impl Named {
    /// Whether the tables have all of them.
    pub(super) fn are_in(self, tables: &Tables) -> bool {
        (self.site as usize) < tables.sites.rows.len()
            && (self.class as usize) < tables.classes.rows.len()
    }
}

/// Appends the events behind the anchor, with the sites and classes that they name, whether or not these exist; `held` is what
/// the thread held at the end of the block before. `false` when there is an operation of unknown length or an event that crosses the block's end: the rest of the block is
/// skipped then.
pub(super) fn decode(
    block: &[u8],
    anchor: &Anchor,
    held: &mut HeldLocks,
    named: &mut Named,
    events: &mut Vec<Event>,
) -> bool {
    let is_whole = block.len() == BLOCK_BYTES;
    let (words, _) = block.get(event::ANCHOR_WORDS * 8..).unwrap_or_default().as_chunks::<8>();
    // No block holds more: asked for once, so that no event has to ask.
    events.reserve(words.len());
    let mut words = words.iter().map(|word| u64::from_le_bytes(*word));
    let mut ticks = anchor.ticks;
    held.at_anchor(anchor.depth, ticks, events);
    let mut inherited = 0;
    while let Some(first) = words.next() {
        if first == u64::from(event::PAD) {
            continue;
        }
        let op = first as u8;
        let known = &OPS[op as usize];
        let second = match known.words {
            1 => 0,
            2 => match words.next() {
                Some(second) => second,
                // The file's end or the writer's position may cut an event; the end of a block may not.
                None => return !is_whole,
            },
            _ => return false,
        };
        let aux = (first >> 8) as u32 & 0x00FF_FFFF;
        let object = (first >> 32) as u32;
        let seq = second as u32 & ((1 << event::SEQ_BITS) - 1);
        let (site, class) = match known.sort {
            Sort::Release => (0, aux & 0xFFFF),
            Sort::BlockEnd => (0, aux),
            _ => (aux, (second >> event::CLASS_SHIFT) as u32 & 0xFFFF),
        };
        let class = if class == 0xFFFF && known.sort != Sort::BlockEnd { 0 } else { class };
        named.site = named.site.max(site);
        named.class = named.class.max(class);
        let class = codes::class(class);
        let depth = match known.sort {
            Sort::Time => {
                ticks = second;
                continue;
            }
            Sort::Held => {
                held.hold(inherited, object, class);
                inherited += 1;
                continue;
            }
            Sort::Release => aux >> 16 & event::DEPTH_UNKNOWN,
            _ => {
                ticks = ticks::EVENT.after(ticks, second >> event::TICKS_SHIFT);
                (second >> event::DEPTH_SHIFT) as u32 & event::DEPTH_UNKNOWN
            }
        };
        // What was released since carries the time of the event before.
        let before = events.last().map_or(ticks, |event| event.ticks);
        held.at_depth(depth, before, events);
        events.push(Event {
            ticks,
            op: if known.waits { waiting(op, seq) } else { known.op },
            object,
            site: SiteId(site),
            class,
            seq,
        });
        match known.sort {
            Sort::Acquire => held.push(object, class),
            Sort::Release => held.remove(object),
            _ => {}
        }
    }
    true
}

/// Keeps numbers that exist.
pub(super) fn complete(event: &mut Event, tables: &Tables) {
    event.site = tables.site(event.site);
    event.class = event.class.and_then(|ClassId(class)| tables.class(class));
}

/// What is known of an operation.
#[derive(Clone, Copy)]
struct OpFacts {
    /// 0 for an unknown one.
    words: u8,
    sort: Sort,
    /// The operation is not whole without its wait.
    waits: bool,
    op: Op,
}

/// How the words of an operation are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Acquire,
    Release,
    BlockEnd,
    /// No event.
    Held,
    /// No event.
    Time,
    Other,
}

/// By the number of the operation.
static OPS: [OpFacts; 256] = {
    let unknown = OpFacts { words: 0, sort: Sort::Other, waits: false, op: Op::Unknown };
    let mut all = [unknown; 256];
    let mut code = 0;
    while code < all.len() {
        let number = code as u8;
        let sort = match number {
            event::TIME => Sort::Time,
            event::RELEASE => Sort::Release,
            event::BLOCK_END => Sort::BlockEnd,
            number if number & !event::ACQUIRE_MASK == event::HELD_BASE => Sort::Held,
            number if number & !event::ACQUIRE_MASK == event::ACQUIRE_BASE => Sort::Acquire,
            _ => Sort::Other,
        };
        let (op, is_known) = match (read_op(number), sort) {
            (Some(op), _) => (op, true),
            (None, Sort::Held | Sort::Time) => (Op::Unknown, true),
            (None, _) => (Op::Unknown, false),
        };
        if is_known {
            all[code] = OpFacts {
                words: if number == event::RELEASE { 1 } else { 2 },
                sort,
                waits: number == event::BLOCK_BEGIN || number == event::BLOCK_END,
                op,
            };
        }
        code += 1;
    }
    all
};

/// The operation, without its wait; `None` for an unknown one.
const fn read_op(op: u8) -> Option<Op> {
    Some(match op {
        op if op & !event::ACQUIRE_MASK == event::ACQUIRE_BASE => {
            Op::Acquire(codes::access(op & event::ACQUIRE_MASK))
        }
        event::RELEASE => Op::Release,
        event::BLOCK_BEGIN => Op::BlockBegin(WaitKind::of_code(0)),
        event::BLOCK_END => Op::BlockEnd(WaitKind::of_code(0)),
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
        _ => return None,
    })
}

fn waiting(op: u8, seq: u32) -> Op {
    let kind = WaitKind::of_code(seq & !event::SEQ_TIMED);
    if op == event::BLOCK_BEGIN { Op::BlockBegin(kind) } else { Op::BlockEnd(kind) }
}
