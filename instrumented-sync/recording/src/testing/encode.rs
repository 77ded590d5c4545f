//! A whole recording from its model.

use super::{
    ChunkBuilder, EventWriter, FileBuilder, LogBuilder, board, class_counters, codes, measures,
    node_tables, overflow,
};
use crate::layout::{event, header};
use crate::model::Recording;

/// Nodes in a chunk: few, so that small recordings have several.
const NODES_PER_CHUNK: usize = 63;

/// Bytes of a log chunk before another one is begun.
const LOG_CHUNK: usize = 16 * 1024;

/// The bytes from which a reader gets `recording`.
///
/// What the format does not hold is not kept: the source, damage, since when a deadlock's participant holds its lock, ticks
/// below the resolution of events (16) and held locks (256), the order of streams.
#[must_use]
pub fn encode(recording: &Recording) -> Vec<u8> {
    let mut file = head(recording);
    for log in logs(recording) {
        file = file.chunk(log);
    }
    if recording.classes.len() > 1 {
        file = file.chunk(class_counters(&recording.classes));
    }
    for nodes in node_tables(&recording.nodes, NODES_PER_CHUNK) {
        file = file.chunk(nodes);
    }
    if !recording.measures.is_empty() || recording.lost.measures > 0 {
        for chunk in measures(&recording.measures, recording.lost.measures) {
            file = file.chunk(chunk);
        }
    }
    let mut slots = Vec::new();
    for slot in &recording.board {
        let thread = recording.threads.get(&slot.thread).cloned().unwrap_or_default();
        let mut offset = 0;
        if let Some(chunk) = overflow(slot) {
            offset = file.end();
            file = file.chunk(chunk);
        }
        slots.push((slot, thread, offset));
    }
    if !slots.is_empty() {
        file = file.chunk(board(&slots));
    }
    for stream in &recording.streams {
        let writer = EventWriter::new(stream.thread.0, stream.overwritten);
        let writer = stream.events.iter().fold(writer, EventWriter::event);
        let blocks = writer.words().len().div_ceil(event::BLOCK).max(1);
        file = file.chunk(writer.ring(blocks));
    }
    file.finish()
}

fn head(recording: &Recording) -> FileBuilder {
    let process = &recording.process;
    let (totals, lost) = (&recording.totals, &recording.lost);
    let acquisitions: u64 = recording.board.iter().map(|slot| slot.acquisitions).sum();
    let depth =
        recording.board.iter().map(|slot| slot.held.len() as u64 + u64::from(slot.held_unlisted));
    let living = (acquisitions * 2).saturating_sub(depth.sum());
    let file = FileBuilder::new()
        .u32(header::PID, process.pid)
        .u64(header::START_UNIX_NS, process.start_unix_ns)
        .u64(header::START_TICKS, process.start_ticks)
        .u64(header::TICKS_PER_SECOND, process.ticks_per_second)
        .u32(header::EXIT_STATE, codes::exit_state(process.exit))
        .u32(header::MODE, codes::mode(&process.mode))
        .u64(header::INSTANCES, totals.locks)
        .u64(header::THREADS, totals.threads)
        .u64(header::EVENTS, totals.events.saturating_sub(living))
        .u64(header::LOST_EVENTS, lost.events)
        .u64(header::LOST_NODES, lost.nodes)
        .u64(header::LOST_THREADS, lost.threads)
        .u64(header::LOST_CHUNKS, lost.chunks)
        .u64(header::LOST_RECORDS, lost.records)
        .u64(header::END_TICKS, process.end_ticks.unwrap_or(0))
        .u64(header::ALIVE_TICKS, process.alive_ticks.unwrap_or(0))
        .u64(header::ACQUISITIONS, totals.acquisitions.saturating_sub(acquisitions))
        .string("exe", &process.exe)
        .string("cwd", &process.cwd);
    let file = process.args.iter().fold(file, |file, arg| file.string("arg", arg));
    let optional = [("run", &process.run), ("binary", &process.binary), ("test", &process.test)];
    let file = match process.forked_from {
        Some(pid) => file.string("forked", &pid.to_string()),
        None => file,
    };
    optional.into_iter().fold(file, |file, (key, value)| match value {
        Some(value) => file.string(key, value),
        None => file,
    })
}

fn logs(recording: &Recording) -> Vec<ChunkBuilder> {
    let mut done = Vec::new();
    let mut log = LogBuilder::new();
    let mut add = |record: &dyn Fn(LogBuilder) -> LogBuilder| {
        log = record(std::mem::take(&mut log));
        if log.len() > LOG_CHUNK {
            done.push(std::mem::take(&mut log));
        }
    };
    // A class names a stack, a thread a site: what is named need not come first, and here it does not.
    for (id, class) in recording.classes.iter().enumerate().skip(1) {
        add(&|log| log.class(id as u32, class));
        if class.guards_move {
            add(&|log| log.guard_moved(id as u32));
        }
        if class.is_awaited {
            add(&|log| log.awaited(id as u32));
        }
    }
    for thread in recording.threads.values() {
        add(&|log| log.thread(thread));
        if let Some(stack) = thread.spawn_stack {
            add(&|log| log.spawn_stack(thread.number.0, stack));
        }
    }
    for (id, site) in recording.sites.iter().enumerate().skip(1) {
        add(&|log| log.site(id as u32, site));
    }
    for (id, clock) in recording.clocks.iter().enumerate() {
        add(&|log| log.clock(id as u32, clock));
    }
    for (id, stack) in recording.stacks.iter().enumerate() {
        add(&|log| log.stack(id as u32, stack));
    }
    recording.modules.iter().for_each(|module| add(&|log| log.module(module)));
    recording.deadlocks.iter().for_each(|deadlock| add(&|log| log.deadlock(deadlock)));
    recording.races.iter().for_each(|race| add(&|log| log.race(race)));
    recording.memory_races.iter().for_each(|race| add(&|log| log.memory_race(race)));
    if recording.accesses_checked {
        add(&LogBuilder::accesses_checked);
    }
    recording.likely_orders.iter().for_each(|order| add(&|log| log.likely_order(order)));
    recording.held_across_pools.iter().for_each(|one| add(&|log| log.held_across_pool(one)));
    recording.kept_asleep.iter().for_each(|one| add(&|log| log.kept_asleep(one)));
    recording.strands.iter().for_each(|strand| add(&|log| log.strand(strand)));
    recording.overdue.iter().for_each(|overdue| add(&|log| log.overdue(overdue)));
    recording.wait_stacks.iter().for_each(|wait| add(&|log| log.wait_stack(wait)));
    recording.thread_states.iter().for_each(|state| add(&|log| log.thread_state(state)));
    recording.panics.iter().for_each(|panic| add(&|log| log.panic(panic)));
    recording.declared_orders.iter().for_each(|names| add(&|log| log.declared_order(names)));
    recording.notes.iter().for_each(|note| add(&|log| log.note(note)));
    done.push(log);
    let chunks = done.into_iter().enumerate();
    chunks.map(|(ordinal, log)| log.chunk().index(ordinal as u32)).collect()
}
