//! Chunks without a file.

#[path = "../../../../recording/src/writer/bounded_lock.rs"]
mod bounded_lock;
#[path = "../../../../recording/src/writer/chunk.rs"]
#[expect(dead_code, reason = "models use a part of it")]
mod chunk;

pub use bounded_lock::bounded_lock;
pub use chunk::Chunk;

use crate::layout::PAGE;
use std::cell::RefCell;

/// Hands out chunks; they live as long as it does.
#[derive(Debug, Default)]
pub struct RecordingFile {
    chunks: RefCell<Vec<Owned>>,
}

#[derive(Debug)]
struct Owned {
    kind: u32,
    chunk: Chunk,
    _memory: Box<[Line]>,
}

/// Aligned as a chunk is.
#[repr(align(64))]
#[derive(Clone, Copy, Debug)]
struct Line {
    _bytes: [u8; 64],
}

impl RecordingFile {
    /// As the real one's.
    pub fn chunk(&self, kind: u32, owner: u32, index: u32, len: usize) -> Option<Chunk> {
        let len = len.next_multiple_of(PAGE);
        let mut lines = vec![Line { _bytes: [0; 64] }; len / 64].into_boxed_slice();
        // SAFETY: models use a chunk no longer than this file, which keeps its memory.
        let chunk = unsafe { Chunk::new(lines.as_mut_ptr().cast(), len, 0) };
        chunk.begin(kind, owner, index);
        self.chunks.borrow_mut().push(Owned { kind, chunk, _memory: lines });
        Some(chunk)
    }

    /// The first chunk of a kind.
    pub fn first(&self, kind: u32) -> Option<Chunk> {
        let chunks = self.chunks.borrow();
        chunks.iter().find(|owned| owned.kind == kind).map(|owned| owned.chunk)
    }

    /// Counters are no part of the models.
    pub fn count(&self, _counter: usize, _by: u64) {}
}
