//! How far the runtime tells the segments of a thread apart. By itself, so that the models of the lock-free code can take it.

/// Segments of a thread in each of which a nesting that comes again is told apart. Later ones go on with what was there.
pub const SEGMENTS_APART: u32 = 256;
