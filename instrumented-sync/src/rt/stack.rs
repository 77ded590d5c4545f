//! Stacks: raw addresses, resolved when a report is made.
//!
//! A stack costs 0.7 to 3 µs, so one is taken per new *class-level* edge of a thread, never per acquisition. The unsynchronised
//! entry point is used on Linux: the plain one takes a lock of the whole process, which would order threads that the
//! program does not order.

use super::local::Local;
use super::runtime::Runtime;
use dashmap::DashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_recording::layout::log;
use syncscope_recording::writer::LogRecord;

/// Frames of a full stack.
const FRAMES: usize = 51;
/// Frames that tell one use of a library function from another.
const SHORT: usize = 13;

/// Threads that have a stack of their own for the same edge: enough to show both sides of an inversion, few enough for a server
/// that starts a thread for each request.
const THREADS: usize = 8;

/// Stacks of the process.
#[derive(Debug)]
pub(super) struct Stacks {
    next: AtomicU32,
    /// Hash of (class and site held, class and site wanted) → thread and its stack + 1; thread 0 is free.
    by_edge: DashMap<u64, [(u32, u32); THREADS]>,
}

impl Stacks {
    pub(super) fn new() -> Self {
        Self { next: AtomicU32::new(0), by_edge: DashMap::new() }
    }
}

/// The stack + 1 of a class-level edge, taken now when the edge is new to this thread; 0 for those that come after many others.
#[cold]
pub(super) fn of_edge(local: &Local, parent: u32, class: u32, site_access: u32) -> u32 {
    let runtime: &Runtime = local.runtime;
    let Some(parent) = runtime.nodes.class_and_site(parent - 1) else { return 0 };
    let key = hash(&[
        u64::from(parent.0) << 32 | u64::from(parent.1),
        u64::from(class) << 32 | u64::from(site_access),
    ]);
    if let Some(known) = runtime.stacks.by_edge.try_get(&key).try_unwrap() {
        // Another thread's stack would tell a way that this one never went.
        let own = known.iter().find(|(thread, _)| *thread == local.number);
        if own.is_some() || known.iter().all(|(thread, _)| *thread != 0) {
            return own.map_or(0, |(_, stack)| *stack);
        }
    }
    let stack = record(runtime, &take(FRAMES));
    if let Some(entry) = runtime.stacks.by_edge.try_entry(key) {
        let mut known = entry.or_insert([(0, 0); THREADS]);
        if let Some(free) = known.iter_mut().find(|(thread, _)| *thread == 0) {
            *free = (local.number, stack);
        }
    }
    stack
}

/// A short stack of the calling code.
#[cold]
pub(super) fn short() -> Vec<u64> {
    take(SHORT)
}

/// A full stack of the calling code.
#[cold]
pub(super) fn long() -> Vec<u64> {
    take(FRAMES)
}

/// Stores a stack; gives its number + 1.
#[cold]
pub(super) fn record(runtime: &Runtime, stack: &[u64]) -> u32 {
    // Relaxed: hands out numbers.
    let number = runtime.stacks.next.fetch_add(1, Ordering::Relaxed);
    let record = LogRecord::new(log::STACK).u32(number).u32(stack.len() as u32);
    runtime.file.append(stack.iter().fold(record, |record, address| record.u64(*address)));
    number + 1
}

/// FNV-1a over words; 0 for none.
pub(super) fn hash(words: &[u64]) -> u64 {
    if words.is_empty() {
        return 0;
    }
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    words.iter().flat_map(|word| word.to_le_bytes()).fold(0xCBF2_9CE4_8422_2325, step)
}

/// Innermost first. The frames of the runtime itself come first and are the reader's to leave out.
#[cfg(target_os = "linux")]
fn take(limit: usize) -> Vec<u64> {
    let mut frames = Vec::with_capacity(limit);
    // SAFETY: on Linux the unwinder needs no synchronisation (the lock of the safe entry point exists for Windows' dbghelp).
    unsafe {
        backtrace::trace_unsynchronized(|frame| {
            frames.push(frame.ip() as u64);
            frames.len() < limit
        });
    }
    frames
}

/// Elsewhere the library's lock is needed.
#[cfg(not(target_os = "linux"))]
fn take(limit: usize) -> Vec<u64> {
    let mut frames = Vec::with_capacity(limit);
    backtrace::trace(|frame| {
        frames.push(frame.ip() as u64);
        frames.len() < limit
    });
    frames
}
