//! An order that an atomic gives to what it is read as.

use super::{InstanceId, SiteId, ThreadNum};

/// A thread has read a value of an atomic that another thread had stored. What the one did before it stored that came before what the other does
/// afterwards, as long as the value that is read is this one: in another schedule it may be another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtomicOrder {
    /// The first byte of the atomic.
    pub address: u64,
    /// Its size in bytes.
    pub size: u32,
    /// What lies there, by the symbols of the program. Recordings do not say: whoever has symbols fills it in.
    pub name: Option<String>,
    /// The store: all segments of its thread up to this one are before it.
    pub stored: AtomicAccess,
    /// The load: this segment of its thread begins with it.
    pub read: AtomicAccess,
    /// Locks that the thread held when it read.
    pub held: Vec<InstanceId>,
}

/// One side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtomicAccess {
    /// Who.
    pub thread: ThreadNum,
    /// Its segment.
    pub segment: u32,
    /// The return address of the operation.
    pub at: u64,
    /// Where in the source. Recordings do not say: whoever has symbols fills it in.
    pub site: SiteId,
}
