//! Accesses to memory that do not go well together.

use super::race_guard::RaceGuard;
use super::{Held, SiteId, ThreadNum};

/// What is wrong with accesses to the same memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemoryRaceKind {
    /// Nothing orders the two.
    #[default]
    DataRace,
    /// They were ordered, but only since threads happened to come to locks in that order, and held none in common.
    Unprotected,
    /// A thread loads an atomic and then stores to it, and overwrites what another thread has stored in between.
    LostUpdate,
    /// A thread reads under a lock and writes when it holds that lock again, and another thread has written in between.
    CheckThenAct,
}

/// Two accesses to the same memory, or up to four.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryRace {
    /// What is wrong.
    pub kind: MemoryRaceKind,
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
    /// Another thread's write that came in between, where that is what is wrong.
    pub between: Option<MemoryAccess>,
    /// The thread's own read before its last write, where it has read again.
    pub again: Option<MemoryAccess>,
    /// The last one.
    pub later: MemoryAccess,
    /// The block of memory that they are in, where that is known.
    pub block: Option<Block>,
    /// Of a place without protection: the lock under which threads accessed it in most of their turns, and in how many. A turn is an access after another thread's, of which one writes.
    pub guard: Option<RaceGuard>,
    /// How many turns there were until then.
    pub turns: u32,
}

/// Memory that was allocated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Its address.
    pub start: u64,
    /// Its size in bytes, as the allocator has it.
    pub size: u64,
    /// Who allocated it; 0 when that is no longer known.
    pub thread: ThreadNum,
    /// Where in the source. Recordings do not say: whoever has symbols fills it in.
    pub site: SiteId,
    /// Return addresses, innermost first; only the first few.
    pub stack: Vec<u64>,
}

impl MemoryRace {
    /// All accesses, the earliest one first.
    pub fn accesses(&self) -> impl Iterator<Item = &MemoryAccess> {
        let all = [&self.earlier].into_iter().chain(&self.between).chain(&self.again);
        all.chain([&self.later])
    }

    /// As [`accesses`](Self::accesses), to change them.
    pub fn accesses_mut(&mut self) -> impl Iterator<Item = &mut MemoryAccess> {
        let all = [&mut self.earlier].into_iter().chain(&mut self.between).chain(&mut self.again);
        all.chain([&mut self.later])
    }
}

/// One of them.
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
