//! Where the program's statics lie: memory that nobody hands over by its address.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Writable segments that are kept; a program has two or three.
const KEPT: usize = 8;

static SEGMENTS: [[AtomicUsize; 2]; KEPT] = [const { [const { AtomicUsize::new(0) }; 2] }; KEPT];

/// These are the writable segments of what is loaded. Said before the first access is checked.
pub(crate) fn are_in(segments: impl Iterator<Item = Range<u64>>) {
    for (kept, segment) in SEGMENTS.iter().zip(segments) {
        // Relaxed: what is not yet seen counts as memory from the heap.
        kept[0].store(segment.start as usize, Ordering::Relaxed);
        kept[1].store(segment.end as usize, Ordering::Relaxed);
    }
}

/// Whether a static lies there.
pub(super) fn contain(address: usize) -> bool {
    // Relaxed: as above.
    SEGMENTS
        .iter()
        .map(|kept| kept.each_ref().map(|end| end.load(Ordering::Relaxed)))
        .any(|[start, end]| (start..end).contains(&address))
}
