//! Chunks that outlive their owners: rings and chain tables go back to a pool and are used again.

use std::sync::Mutex;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{PAGE, chunk, chunk_kind};
use syncscope_recording::writer::{Chunk, RecordingFile, bounded_lock};

/// A thread's first ring: enough for a test, cheap for a short thread.
const SMALL: usize = 64 << 10;
/// The ring of a busy thread: 64 Ki events and more.
const LARGE: usize = 1 << 20;
/// When the cap is nearly used up.
const TINY: usize = 8 << 10;
/// A segment of mode `full`.
const SEGMENT: usize = 1 << 20;

/// Rings, inside a cap.
#[derive(Debug)]
pub(crate) struct Rings {
    cap: usize,
    inner: Mutex<RingsInner>,
}

#[derive(Debug, Default)]
struct RingsInner {
    bytes: usize,
    /// Oldest first, so that the events of the latest dead are kept longest.
    free: Vec<Given>,
}

/// A chunk of events, and how many words were ever written to it: the chunk says so, too, but is not trusted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given {
    pub(crate) chunk: Chunk,
    pub(crate) position: u64,
}

impl Given {
    fn fresh(chunk: Chunk) -> Self {
        Self { chunk, position: 0 }
    }

    fn to(self, owner: u32) -> Self {
        // Release: a reader that finds the new owner ignores the words before the new base, stored next.
        self.chunk.u32(chunk::OWNER).store(owner, Ordering::Release);
        self
    }
}

impl Rings {
    pub(crate) fn new(cap: usize) -> Self {
        Self { cap, inner: Mutex::default() }
    }

    /// A ring for a thread; a large one for a thread that has filled a small one.
    pub(crate) fn take(&self, file: &RecordingFile, owner: u32, large: bool) -> Option<Given> {
        let mut inner = bounded_lock(&self.inner)?;
        let wanted = if large { LARGE } else { SMALL };
        if let Some(index) = inner.free.iter().position(|given| given.chunk.len() == wanted) {
            return Some(inner.free.remove(index).to(owner));
        }
        // Large rings may use half of the cap, so that many threads get at least a small one.
        let len = match inner.bytes {
            bytes if large && bytes + LARGE <= self.cap / 2 => LARGE,
            _ if large => return None,
            bytes if bytes + SMALL <= self.cap * 3 / 4 => SMALL,
            bytes if bytes + TINY <= self.cap => TINY,
            _ => 0,
        };
        let fresh = (len > 0).then(|| file.chunk(chunk_kind::RING, owner, 0, len)).flatten();
        let Some(fresh) = fresh else {
            // One of another size, unless the thread has one.
            return (!large && !inner.free.is_empty()).then(|| inner.free.remove(0).to(owner));
        };
        inner.bytes += fresh.len();
        Some(Given::fresh(fresh))
    }

    /// Whether a thread with this ring may have a larger one.
    pub(crate) fn may_grow(&self, chunk: Chunk) -> bool {
        chunk.len() < LARGE
            && bounded_lock(&self.inner).is_some_and(|inner| inner.bytes + LARGE <= self.cap / 2)
    }

    /// A segment that is never overwritten; outside the cap.
    pub(crate) fn segment(&self, file: &RecordingFile, owner: u32, ordinal: u32) -> Option<Given> {
        file.chunk(chunk_kind::SEGMENT, owner, ordinal, SEGMENT).map(Given::fresh)
    }

    /// A ring whose thread has ended, or has moved on to a larger one.
    pub(crate) fn give_back(&self, given: Given) {
        if let Some(mut inner) = bounded_lock(&self.inner) {
            inner.free.push(given);
        }
    }
}

/// Bytes of all chain tables together: two of the largest that the nodes fill, and one of the smallest for each of some thousand
/// threads.
const TABLES: usize = 48 << 20;

/// Chain tables, inside a cap.
#[derive(Debug, Default)]
pub(crate) struct Tables(Mutex<TablesInner>);

#[derive(Debug, Default)]
struct TablesInner {
    bytes: usize,
    free: Vec<Chunk>,
}

impl Tables {
    /// A cleared table chunk of at least `bytes`.
    pub(crate) fn take(&self, file: &RecordingFile, bytes: usize, owner: u32) -> Option<Chunk> {
        let found = {
            let mut inner = bounded_lock(&self.0)?;
            let fits = |chunk: &Chunk| (bytes..bytes * 2).contains(&chunk.len());
            let index = inner.free.iter().position(fits);
            if index.is_none() {
                if inner.bytes + bytes > TABLES {
                    return None;
                }
                inner.bytes += bytes.next_multiple_of(PAGE);
            }
            index.map(|index| inner.free.swap_remove(index))
        };
        let Some(chunk) = found else { return file.chunk(chunk_kind::CHAINS, owner, 0, bytes) };
        for word in chunk.words(chunk::PAYLOAD) {
            // Relaxed: no reader looks before USED is set again.
            word.store(0, Ordering::Relaxed);
        }
        chunk.u32(chunk::OWNER).store(owner, Ordering::Relaxed);
        chunk.u32(chunk::KIND).store(chunk_kind::CHAINS, Ordering::Release);
        Some(chunk)
    }

    /// A table whose counts are elsewhere now.
    pub(crate) fn give_back(&self, chunk: Chunk) {
        // Release: pairs with nothing in the process; a reader of the live file skips it from here on.
        chunk.u64(chunk::USED).store(0, Ordering::Release);
        chunk.u32(chunk::KIND).store(chunk_kind::FREE, Ordering::Release);
        if let Some(mut inner) = bounded_lock(&self.0) {
            inner.free.push(chunk);
        }
    }
}
