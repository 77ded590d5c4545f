//! How much of the events is read.

/// How much of the events is read. They are most of a file, and no finding rests on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    /// None: they are not even looked at, so nothing is known of their damage, nor of how many were overwritten.
    None,
    /// The last ones of each stream, this many. Of a thread's segments nothing else is looked at.
    Last(usize),
    /// All of them: 40 bytes of memory for each.
    All,
}
