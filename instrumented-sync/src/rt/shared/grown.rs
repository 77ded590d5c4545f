//! A table with open addressing in the recording, which grows by chunks, each twice as large as the last. All threads search and add without
//! a lock; an entry is never moved or taken away.
//!
//! An entry begins with its tag, which is 0 while it is free. Others may write to the file by accident: where the chunks are and how much is
//! in them is kept elsewhere, and a search ends after a few places.

use crate::rt::machine::room::with_room;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use syncscope_recording::layout::{PAGE, chunk};
use syncscope_recording::writer::{Chunk, RecordingFile, bounded_lock};

/// Chunks at most.
const CHUNKS: usize = 12;
/// Places that are looked at in a chunk.
const PLACES: usize = 32;

/// Tries to take a place, while other threads take them.
const TRIES: usize = 64;

/// Such a table.
#[derive(Debug)]
pub(crate) struct Grown {
    kind: u32,
    /// Bytes of an entry, whole words.
    size: usize,
    /// Chunks that it may have.
    most: usize,
    parts: [OnceLock<Chunk>; CHUNKS],
    /// Entries in use of each.
    used: [AtomicU32; CHUNKS],
    making: Mutex<()>,
    /// There was no room for another chunk.
    is_full: AtomicBool,
}

/// An entry, and its number in the table.
type Found = (*mut u8, u64);

/// What a search in a chunk came to.
enum Place {
    Known(Found),
    Free(Found),
    Crowded,
}

impl Grown {
    pub(crate) fn new(kind: u32, size: usize, most: usize) -> Self {
        assert!(size.is_multiple_of(8) && most <= CHUNKS);
        Self {
            kind,
            size,
            most,
            parts: [const { OnceLock::new() }; CHUNKS],
            used: [const { AtomicU32::new(0) }; CHUNKS],
            making: Mutex::new(()),
            is_full: AtomicBool::new(false),
        }
    }

    /// The first chunk.
    pub(crate) fn first(&self) -> Option<Chunk> {
        self.parts[0].get().copied()
    }

    /// The entry whose tag is a hash of what it is of.
    pub(crate) fn find(&self, tag: u64) -> Option<Found> {
        self.find_by(tag, tag)
    }

    /// As [`Self::find`], or a new one. `None` when there is no room.
    pub(crate) fn make(&self, file: &RecordingFile, tag: u64) -> Option<Found> {
        self.make_by(file, tag, tag)
    }

    /// The entry with this tag, which has this hash.
    pub(crate) fn find_by(&self, hash: u64, tag: u64) -> Option<Found> {
        self.parts
            .iter()
            .enumerate()
            .map_while(|(part, chunk)| Some((part, chunk.get()?)))
            .find_map(|(part, chunk)| match self.look(part, chunk, hash, tag) {
                Place::Known(found) => Some(found),
                Place::Free(_) | Place::Crowded => None,
            })
    }

    /// As [`Self::find_by`], or a new one. `None` when there is no room.
    #[cold]
    pub(crate) fn make_by(&self, file: &RecordingFile, hash: u64, tag: u64) -> Option<Found> {
        for part in 0..self.most {
            let Some(chunk) = self.parts[part].get().copied().or_else(|| self.grow(file, part))
            else {
                break;
            };
            // Relaxed: an amount; it may be passed by as many as there are threads.
            for _ in 0..TRIES {
                if self.used[part].load(Ordering::Relaxed) >= self.entries(&chunk) as u32 / 4 * 3 {
                    break;
                }
                match self.look(part, &chunk, hash, tag) {
                    Place::Known(found) => return Some(found),
                    Place::Crowded => break,
                    Place::Free(found) => {
                        let place = tag_at(found.0);
                        // Relaxed: the tag stands for itself; what else an entry has is published on its own.
                        let taken =
                            place.compare_exchange(0, tag, Ordering::Relaxed, Ordering::Relaxed);
                        if taken.is_ok() {
                            // Relaxed: an amount.
                            self.used[part].fetch_add(1, Ordering::Relaxed);
                            return Some(found);
                        }
                        // Another thread was there: look again, which is what it has added.
                    }
                }
            }
        }
        None
    }

    fn entries(&self, chunk: &Chunk) -> usize {
        (chunk.len() - chunk::PAYLOAD) / self.size
    }

    /// Number of the first entry of a chunk.
    fn first_number(&self, part: usize) -> u64 {
        (0..part).map(|part| ((PAGE << part) - chunk::PAYLOAD) / self.size).sum::<usize>() as u64
    }

    fn look(&self, part: usize, chunk: &Chunk, hash: u64, tag: u64) -> Place {
        let entries = self.entries(chunk);
        let home = ((hash >> 32) as usize * entries) >> 32;
        for step in 0..PLACES.min(entries) {
            let index = (home + step) % entries;
            // SAFETY: the index is below the number of entries that the chunk has room for.
            let entry = unsafe { chunk.as_ptr().add(chunk::PAYLOAD + index * self.size) };
            // Relaxed: the tag stands for itself.
            match tag_at(entry).load(Ordering::Relaxed) {
                0 => return Place::Free((entry, self.first_number(part) + index as u64)),
                found if found == tag => {
                    return Place::Known((entry, self.first_number(part) + index as u64));
                }
                _ => {}
            }
        }
        Place::Crowded
    }

    #[cold]
    fn grow(&self, file: &RecordingFile, part: usize) -> Option<Chunk> {
        // Relaxed: a hint, which saves asking the system again.
        if self.is_full.load(Ordering::Relaxed) {
            return None;
        }
        with_room(|| {
            let _making = bounded_lock(&self.making)?;
            if let Some(made) = self.parts[part].get() {
                return Some(*made);
            }
            let made = file.chunk(self.kind, 0, self.first_number(part) as u32, PAGE << part);
            match made {
                // Chunks may be longer than was asked for; numbers are given out by what was asked.
                Some(made) if made.len() == PAGE << part => {
                    Some(*self.parts[part].get_or_init(|| made))
                }
                _ => {
                    self.is_full.store(true, Ordering::Relaxed);
                    None
                }
            }
        })
        .flatten()
    }
}

fn tag_at(entry: *mut u8) -> &'static AtomicU64 {
    // SAFETY: an entry begins with its tag: aligned, mapped for ever, accessed by atomics only.
    unsafe { AtomicU64::from_ptr(entry.cast()) }
}
