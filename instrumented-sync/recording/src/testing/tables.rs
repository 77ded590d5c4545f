//! Nodes, chain tables, class counters, the board.

use super::{ChunkBuilder, codes};
use crate::layout::{chain, chunk, chunk_kind, class_counter, held, node, slot, thread_flag, wait};
use crate::model::{BoardSlot, ChainNode, Class, Held, Thread};

/// Node chunks of `per_chunk` nodes each (the last may be shorter); nodes refer to clocks and stacks by their index.
#[must_use]
pub fn node_tables(nodes: &[ChainNode], per_chunk: usize) -> Vec<ChunkBuilder> {
    let parts = nodes.chunks(per_chunk).enumerate();
    parts
        .map(|(part, nodes)| {
            let chunk = ChunkBuilder::new(chunk_kind::NODES).index((part * per_chunk) as u32);
            nodes.iter().enumerate().fold(chunk, |chunk, (index, node)| {
                put_node(chunk, chunk::PAYLOAD + index * node::SIZE, node)
            })
        })
        .collect()
}

fn put_node(chunk: ChunkBuilder, at: usize, node: &ChainNode) -> ChunkBuilder {
    let plus_one = |index: Option<u32>| index.map_or(0, |index| index + 1);
    chunk
        .u32(at + node::READY, 1)
        .u32(at + node::THREAD, node.thread.map_or(0, |thread| thread.0))
        .u32(at + node::PARENT, plus_one(node.parent.map(|parent| parent.0)))
        .u32(at + node::INSTANCE, node.instance.0)
        .u32(at + node::CLASS, node.class.0)
        .u32(at + node::SITE_ACCESS, codes::site_access(node.site.0, node.access))
        .u32(at + node::FIRST_CLOCK, plus_one(node.first_clock))
        .u32(at + node::FIRST_SEGMENT, node.first_segment)
        .u32(at + node::STACK, plus_one(node.stack))
        .u32(at + node::LAST_SEGMENT, node.last_segment)
        .u64(at + node::COUNT, node.count)
        .u64(at + node::FIRST_TICKS, node.first_ticks)
        .u64(at + node::ADDRESS, node.address)
}

/// A chain table of `capacity` entries with `(node, count, last segment)` in it.
#[must_use]
pub fn chain_table(owner: u32, capacity: u64, entries: &[(u32, u32, u32)]) -> ChunkBuilder {
    let table = ChunkBuilder::new(chunk_kind::CHAINS)
        .owner(owner)
        .used(capacity)
        .at_least(chunk::PAYLOAD + capacity as usize * (chain::SIZE + chain::NODE_SIZE));
    entries.iter().enumerate().fold(table, |table, (index, entry)| {
        // Not side by side: a table with open addressing has holes.
        let place = index * 3 % capacity as usize;
        let at = chunk::PAYLOAD + place * chain::SIZE;
        let number = chunk::PAYLOAD + capacity as usize * chain::SIZE + place * chain::NODE_SIZE;
        let (node, count, segment) = *entry;
        table
            .u64(at + chain::TAG, 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(index as u64 + 1))
            .u32(at + chain::COUNT, count)
            .u32(at + chain::LAST_SEGMENT, segment)
            .u32(number, node + 1)
    })
}

/// The counters of all classes but the unused first.
#[must_use]
pub fn class_counters(classes: &[Class]) -> ChunkBuilder {
    let counters = ChunkBuilder::new(chunk_kind::CLASSES);
    classes.iter().enumerate().skip(1).fold(counters, |counters, (id, class)| {
        let at = chunk::PAYLOAD + id * class_counter::SIZE;
        counters
            .u32(at + class_counter::ID, id as u32 + 1)
            .u64(at + class_counter::INSTANCES, class.instances)
    })
}

/// The board: slots, what is known of their threads, and the offsets of their overflow chunks (0: none).
#[must_use]
pub fn board(slots: &[(&BoardSlot, Thread, u64)]) -> ChunkBuilder {
    let board = ChunkBuilder::new(chunk_kind::BOARD);
    slots.iter().enumerate().fold(board, |board, (index, (slot, thread, overflow))| {
        put_slot(board, (index + 1) * slot::SIZE, slot, thread, *overflow)
    })
}

/// The overflow of a held stack, where it needs one.
#[must_use]
pub fn overflow(slot: &BoardSlot) -> Option<ChunkBuilder> {
    let rest = slot.held.get(slot::HELD_INLINE..).filter(|rest| !rest.is_empty())?;
    let chunk = ChunkBuilder::new(chunk_kind::HELD).owner(slot.thread.0);
    let entries = rest.iter().enumerate();
    Some(entries.fold(chunk, |chunk, (index, held)| {
        put_held(chunk, chunk::PAYLOAD + index * held::SIZE, held)
    }))
}

fn put_slot(
    board: ChunkBuilder,
    at: usize,
    slot: &BoardSlot,
    thread: &Thread,
    overflow: u64,
) -> ChunkBuilder {
    let flag = |is_set, bit| if is_set { bit } else { 0 };
    let depth = slot.held.len() as u64 + u64::from(slot.held_unlisted);
    let last_ticks = slot.held.iter().map(|held| held.since_ticks).max().unwrap_or(0);
    let mut board = board
        .u32(at + slot::THREAD, slot.thread.0)
        .u32(at + slot::OS_TID, thread.os_tid)
        .u32(at + slot::SCOPE, slot.scope.unwrap_or(0))
        .u64(at + slot::STATE, slot.acquisitions << slot::STATE_ACQUISITIONS | depth)
        .u64(at + slot::HELD_CHUNK, overflow)
        .u64(at + slot::LAST_TICKS, last_ticks)
        .u32(
            at + slot::FLAGS,
            flag(thread.is_main, thread_flag::MAIN)
                | flag(thread.is_foreign, thread_flag::FOREIGN)
                | flag(thread.is_task, thread_flag::TASK)
                | flag(slot.returned, thread_flag::RETURNED),
        );
    if let Some(polled) = slot.polled {
        board = board
            .u32(at + slot::POLLED_BY, polled.by.0)
            .u64(at + slot::POLLED, polled.began_ticks)
            .u64(at + slot::POLL_ENDED, polled.ended_ticks.unwrap_or(0));
    }
    if let Some(wait) = &slot.wait {
        board = board
            .u32(at + slot::WAIT, wait.kind.code() | flag(wait.timed, wait::TIMED))
            .u32(at + slot::WAIT_SEQ, 1)
            .u32(at + slot::WAIT_OBJECT, wait.object)
            .u32(at + slot::WAIT_OBJECT_2, wait.object2)
            .u32(at + slot::WAIT_CLASS, wait.class.map_or(0, |class| class.0))
            .u32(at + slot::WAIT_SITE, wait.site.0)
            .u64(at + slot::WAIT_SINCE, wait.since_ticks);
    }
    let inline = slot.held.iter().take(slot::HELD_INLINE).enumerate();
    inline.fold(board, |board, (index, held)| {
        put_held(board, at + slot::HELD + index * held::SIZE, held)
    })
}

fn put_held(chunk: ChunkBuilder, at: usize, held: &Held) -> ChunkBuilder {
    let class = held.class.map_or(u64::from(u16::MAX), |class| u64::from(class.0));
    chunk
        .u32(at + held::INSTANCE, held.instance.0)
        .u32(at + held::SITE_ACCESS, codes::site_access(held.site.0, held.access))
        .u64(at + held::TICKS_CLASS, (held.since_ticks >> 8) & 0xFFFF_FFFF_FFFF | class << 48)
}
