//! One run of a model: its memory, and what of it loom watches.

use crate::rt::machine::clock;
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
use crate::rt::thread::local::Local;
use crate::rt::thread::site_cache;
use std::sync::atomic::{forget_all, own, watch32, watch64};
use syncscope_recording::layout::{chain, chunk, chunk_kind, held, node, slot};
use syncscope_recording::writer::Chunk;

/// The runtime of this run.
pub(super) struct World {
    runtime: *mut Runtime,
}

impl World {
    pub(super) fn new() -> Self {
        forget_all();
        clock::reset();
        Self { runtime: Box::into_raw(Box::new(Runtime::new())) }
    }

    /// Not to be used any more once this is dropped, at the end of the run, when all threads have ended.
    pub(super) fn runtime(&self) -> &'static Runtime {
        // SAFETY: made by `new`, alive until `drop`.
        unsafe { &*self.runtime }
    }

    pub(super) fn thread(&self, number: u32) -> Local {
        Local::attach(self.runtime(), number, false)
    }

    pub(super) fn recording_thread(&self, number: u32) -> Local {
        Local::attach(self.runtime(), number, true)
    }
}

/// Explores the schedules with at most three preemptions: nearly every bug needs fewer, and all schedules are too many.
pub(super) fn bounded(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.max_branches = 10_000;
    builder.check(model);
}

impl Drop for World {
    fn drop(&mut self) {
        forget_all();
        // SAFETY: made by `new`; each model joins its threads before.
        drop(unsafe { Box::from_raw(self.runtime) });
    }
}

/// A wait: its kind, its number and one of the words that tell what it waits for; the others would only make more schedules.
pub(super) fn watch_wait(of: Slot) {
    for at in [slot::WAIT, slot::WAIT_SEQ, slot::WAIT_OBJECT] {
        watch32(address(of, at));
    }
}

/// The calling thread is that of this slot.
pub(super) fn own_slot(of: Slot) {
    own(address(of, 0), slot::SIZE);
}

/// The first entries of the held stack.
pub(super) fn watch_held(of: Slot, entries: usize) {
    watch64(address(of, slot::STATE));
    for index in 0..entries {
        for at in [held::INSTANCE, held::TICKS_CLASS] {
            watch64(address(of, slot::HELD + index * held::SIZE + at));
        }
    }
}

/// What others read of a node.
pub(super) fn watch_node(runtime: &Runtime, index: usize) {
    let chunk = runtime.file.first(chunk_kind::NODES).expect("there is a node");
    for at in [node::READY, node::PARENT, node::INSTANCE, node::SITE_ACCESS] {
        watch32(inside(chunk, chunk::PAYLOAD + index * node::SIZE + at));
    }
}

/// An entry of a chain table, and the number of its node.
pub(super) fn watch_chain(table: Chunk, at: usize, number: usize) {
    watch32(inside(table, number));
    watch_words(table, &[at + chain::TAG, at + chain::COUNT]);
}

/// Words of eight bytes.
pub(super) fn watch_words(of: Chunk, at: &[usize]) {
    at.iter().for_each(|&at| watch64(inside(of, at)));
}

/// The calling thread is the only one that writes to the chunk.
pub(super) fn own_chunk(of: Chunk) {
    own(of.as_ptr(), of.len());
}

fn inside(chunk: Chunk, at: usize) -> *const u8 {
    assert!(at < chunk.len());
    // SAFETY: asserted.
    unsafe { chunk.as_ptr().add(at) }
}

/// A lock as the held stack has it, taken exclusively.
pub(super) fn push(local: &Local, instance: u32) {
    let site = site_cache::SITE;
    let lock = u64::from(instance) | u64::from(site) << 32;
    local.push(lock, instance + 100, clock::ticks(), u64::from(instance));
}

fn address(of: Slot, at: usize) -> *const u8 {
    // SAFETY: an offset inside the slot.
    unsafe { of.held_start().sub(slot::HELD).add(at) }
}
