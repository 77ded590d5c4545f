// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Whether there are tasks that were spawned and never polled: each of them could run.

use std::sync::atomic::{AtomicU32, Ordering};

const SHARDS: usize = 16;

/// A count of its own cache line, of several threads. Who polls first may be another thread than who has spawned, so only the sum says something.
#[repr(align(64))]
struct Shard(AtomicU32);

static SPAWNED: [Shard; SHARDS] = [const { Shard(AtomicU32::new(0)) }; SHARDS];

thread_local! {
    static HERE: u8 = const { 0 };
}

/// A task was spawned.
#[inline]
pub(crate) fn add() {
    // Relaxed: a count.
    shard().fetch_add(1, Ordering::Relaxed);
}

/// One of them is polled or dropped.
#[inline]
pub(crate) fn remove() {
    // Relaxed: a count.
    shard().fetch_sub(1, Ordering::Relaxed);
}

/// Whether there are some. Where some come and go meanwhile it may be wrong.
pub(crate) fn is_any() -> bool {
    // Relaxed: counts.
    let counts = SPAWNED.iter().map(|shard| shard.0.load(Ordering::Relaxed));
    counts.fold(0, u32::wrapping_add).cast_signed() > 0
}

#[inline]
fn shard() -> &'static AtomicU32 {
    // The variables of two threads lie on different pages.
    let page = HERE.with(|here| std::ptr::from_ref(here).addr()) >> 12;
    &SPAWNED[(page ^ page >> 9) % SHARDS].0
}
