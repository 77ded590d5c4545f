//! Events of one block.

use super::bytes::u64_at;
use super::codes;
use super::log::Tables;
use super::ticks;
use crate::layout::event;
use crate::model::{ClassId, Event, Op, SiteId, ThreadNum};

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

/// Appends the events behind the anchor, with the sites and classes that they name, whether or not these exist. `false`
/// when there is an operation of unknown length or an event that crosses the block's end: the rest of the block is
/// skipped then.
pub(super) fn decode(
    block: &[u8],
    anchor: &Anchor,
    named: &mut Named,
    events: &mut Vec<Event>,
) -> bool {
    let is_whole = block.len() == BLOCK_BYTES;
    let (words, _) = block.get(event::ANCHOR_WORDS * 8..).unwrap_or_default().as_chunks::<8>();
    // No block holds more: asked for once, so that no event has to ask.
    events.reserve(words.len());
    let mut words = words.iter().map(|word| u64::from_le_bytes(*word));
    let mut ticks = anchor.ticks;
    while let Some(first) = words.next() {
        if first == u64::from(event::PAD) {
            continue;
        }
        let op = first as u8;
        let known = &OPS[op as usize];
        let second = match known.words {
            1 => 0,
            2 => match words.next() {
                Some(second) => {
                    ticks = ticks::EVENT.after(ticks, second >> 24);
                    second
                }
                // The file's end or the writer's position may cut an event; the end of a block may not.
                None => return !is_whole,
            },
            _ => return false,
        };
        let aux = (first >> 8) as u32 & 0x00FF_FFFF;
        let seq = second as u32 & 0x00FF_FFFF;
        let (site, class) = if known.names_class { (0, aux) } else { (aux, 0) };
        named.site = named.site.max(site);
        named.class = named.class.max(class);
        events.push(Event {
            ticks,
            op: if known.waits { waiting(op, seq) } else { known.op },
            object: (first >> 32) as u32,
            site: SiteId(site),
            class: codes::class(class),
            seq,
        });
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
struct Known {
    /// 0 for an unknown one.
    words: u8,
    /// The aux is a class; else it is a site.
    names_class: bool,
    /// The operation is not whole without its wait.
    waits: bool,
    op: Op,
}

/// By the number of the operation.
static OPS: [Known; 256] = {
    let mut all = [Known { words: 0, names_class: false, waits: false, op: Op::Unknown }; 256];
    let mut code = 0;
    while code < all.len() {
        if let Some(op) = read_op(code as u8) {
            let code = code as u8;
            all[code as usize] = Known {
                words: if code == event::RELEASE { 1 } else { 2 },
                names_class: code == event::RELEASE || code == event::BLOCK_END,
                waits: code == event::BLOCK_BEGIN || code == event::BLOCK_END,
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
        event::BLOCK_BEGIN => Op::BlockBegin(codes::wait_kind(0)),
        event::BLOCK_END => Op::BlockEnd(codes::wait_kind(0)),
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
    let kind = codes::wait_kind(seq & !event::SEQ_TIMED);
    if op == event::BLOCK_BEGIN { Op::BlockBegin(kind) } else { Op::BlockEnd(kind) }
}
