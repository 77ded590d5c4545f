//! Room for held stacks that do not fit into their slots: chunks of the recording, which are used again.

use std::ptr::NonNull;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{chunk, chunk_kind, held};
use syncscope_recording::writer::{Chunk, RecordingFile, bounded_lock};

/// Room for the entries beyond those in a slot. Address and size are one thing, so whoever has found it can check an index. Never
/// unmapped: who still reads it when it has gone to another thread finds that thread's entries, and must look again whether it is
/// still where it was found.
#[derive(Debug)]
pub(crate) struct Overflow {
    chunk: Chunk,
    entries: usize,
}

impl Overflow {
    /// How many entries there is room for.
    pub(crate) fn entries(&self) -> usize {
        self.entries
    }

    /// The entry at `index`, if there is room for it.
    pub(crate) fn entry(&self, index: usize) -> Option<NonNull<u8>> {
        // SAFETY: the payload and behind it `entries` entries are inside the chunk.
        (index < self.entries).then(|| unsafe { self.start().add(index * held::SIZE) })
    }

    /// The first entry.
    pub(crate) fn start(&self) -> NonNull<u8> {
        // SAFETY: the payload is inside the chunk, which is mapped for ever.
        unsafe { NonNull::new_unchecked(self.chunk.as_ptr().add(chunk::PAYLOAD)) }
    }

    /// Where it lies in the file.
    pub(crate) fn offset(&self) -> u64 {
        self.chunk.offset()
    }
}

/// All that are not in use.
#[derive(Debug, Default)]
pub(crate) struct Overflows(Mutex<Vec<&'static Overflow>>);

impl Overflows {
    /// Room for at least so many entries.
    #[cold]
    pub(crate) fn take(
        &self,
        file: &RecordingFile,
        owner: u32,
        entries: usize,
    ) -> Option<&'static Overflow> {
        let found = {
            let mut free = bounded_lock(&self.0)?;
            // There are few sizes, each four times the one before.
            let is_it = |known: &&Overflow| known.entries == entries;
            free.iter().rposition(is_it).map(|index| free.swap_remove(index))
        };
        if let Some(known) = found {
            // Release: a reader of the file that finds the owner finds the entries of that thread, or finds the slot changed.
            known.chunk.u32(chunk::OWNER).store(owner, Ordering::Release);
            return Some(known);
        }
        let bytes = chunk::PAYLOAD + entries * held::SIZE;
        let chunk = file.chunk(chunk_kind::HELD, owner, 0, bytes)?;
        // Leaked: it is looked at by threads that nobody waits for.
        Some(Box::leak(Box::new(Overflow { chunk, entries })))
    }

    /// Nobody finds it any more where it was.
    #[cold]
    pub(crate) fn give_back(&self, overflow: &'static Overflow) {
        // Release: a reader of the file that still has the old place finds that it is nobody's.
        overflow.chunk.u32(chunk::OWNER).store(0, Ordering::Release);
        if let Some(mut free) = bounded_lock(&self.0) {
            free.push(overflow);
        }
    }
}
