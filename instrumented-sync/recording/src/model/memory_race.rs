//! A race between accesses to memory.

use super::{Held, SiteId, ThreadNum};

/// Two accesses to the same memory that nothing orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryRace {
    /// When it was seen.
    pub ticks: u64,
    /// Where in memory.
    pub address: u64,
    /// How many bytes the access that was just made has, as far as they lie in one word.
    pub size: u32,
    /// What lies there, by the symbols of the program. Recordings do not say: whoever has symbols fills it in.
    pub name: Option<String>,
    /// The access that was observed first.
    pub earlier: MemoryAccess,
    /// The other one.
    pub later: MemoryAccess,
}

/// One side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryAccess {
    /// Who; 0 when that is no longer known.
    pub thread: ThreadNum,
    /// A write, or the memory was given back.
    pub is_write: bool,
    /// An atomic operation.
    pub is_atomic: bool,
    /// The memory was given back.
    pub is_free: bool,
    /// The locks held; `None` when they are not known.
    pub held: Option<Vec<Held>>,
    /// Where in the source. Recordings do not say: whoever has symbols fills it in.
    pub site: SiteId,
    /// Return addresses, innermost first.
    pub stack: Vec<u64>,
}
