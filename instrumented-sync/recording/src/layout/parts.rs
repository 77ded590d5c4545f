//! What the records of the log consist of.

/// One access of a `RACE` record: `thread, how, site, count, count × held`, where a held lock is
/// `instance, class, site (24 bits) | access (8 bits) << 24`.
pub mod race_access {
    /// Bit of how: a write; without it a read.
    pub const WRITE: u32 = 1;
    /// Bit of how: no access of its own, but the creation of the place. Then the site is where it was created or published.
    pub const CREATION: u32 = 2;
}

/// One access of a `MEMORY_RACE` record: `thread (0: not known), how, count, count × held, count, count × u64 return address`, innermost
/// first, where a held lock is as in a `RACE` record.
pub mod memory_access {
    /// Bit of how: a write; without it a read.
    pub const WRITE: u32 = 1;
    /// Bit of how: an atomic operation.
    pub const ATOMIC: u32 = 2;
    /// Bit of how: the memory was given back.
    pub const FREE: u32 = 4;
    /// Bit of how: the locks that were held are those listed; without it they are not known.
    pub const LOCKS_KNOWN: u32 = 8;
}

/// Values of the kind of a `MEMORY_RACE` record.
pub mod memory_race_kind {
    /// Two accesses that nothing orders.
    pub const DATA_RACE: u32 = 0;
    /// Two accesses that only the order of critical sections has kept apart, and no lock was held at both.
    pub const UNPROTECTED: u32 = 1;
    /// Three: an atomic load, another thread's store, a store by the first thread.
    pub const LOST_UPDATE: u32 = 2;
    /// Three: a read under a lock, another thread's write, a write by the first thread when it holds that lock again.
    pub const CHECK_THEN_ACT: u32 = 3;
    /// Four: as above, but the thread has read again just before it writes, perhaps in order to check again.
    pub const CHECK_AGAIN_THEN_ACT: u32 = 4;
}

/// Bits of how, of a `HELD_ACROSS_POOL` record.
pub mod across_pool {
    /// The later one of the two heard of others after the job was handed out, for which nobody waits: that may have ordered them.
    pub const DOUBTFUL: u32 = 1;
}

/// Values of the kind of a `KEPT_ASLEEP` record.
pub mod kept_asleep {
    /// A future of the task was handed the lock and is polled no more, while the same task waits for the lock.
    pub const FUTURE: u32 = 1;
    /// A guard that is not for tasks is alive over an `await`, and another task takes the lock.
    pub const GUARD: u32 = 2;
    /// So many permits were forgotten by a call, and nobody has given as many again, while a task has waited long for one.
    pub const FORGOTTEN: u32 = 3;
    /// A task has ended and has not given back what it had acquired, while another one has waited long for it.
    pub const LEFT: u32 = 4;
    /// The lock was given back after all: what earlier records of the two kinds above say of it is void. The sides are empty.
    pub const GIVEN_BACK: u32 = 5;
}

/// Values of the kind of a `RACE` record.
pub mod race_kind {
    /// Nothing orders the two accesses.
    pub const DATA_RACE: u32 = 1;
    /// No lock is common to the two accesses, and only a lock that has nothing to do with them ordered them.
    pub const UNPROTECTED: u32 = 2;
    /// An access without the lock that was declared to guard the place.
    pub const UNDECLARED: u32 = 3;
}

/// Values of the kind of an `OVERDUE` record.
pub mod overdue_kind {
    /// A thread has waited long for a lock: the first participant waits, the second one, if there is one, holds the lock.
    pub const WAIT: u32 = 1;
    /// A thread has held a lock for long: it is the only participant.
    pub const HOLD: u32 = 2;
}

/// One participant of a `DEADLOCK` record: 14 `u32`.
/// `thread, wait, object, class, site, held instance, held class, held site, held access, object2, since (u64 as two), segment, depth`.
///
/// The *held* lock is what the previous participant in the list waits for, as this thread took it; zero where the
/// edge is no lock (join, channel).
pub mod participant {
    /// Words of a participant.
    pub const WORDS: usize = 14;
    /// Bit of the held access: the lock was handed to a future of this task that is polled no more.
    pub const HANDED: u32 = 1 << 8;
}

/// Values of the kind of a `DEADLOCK` record.
pub mod deadlock_kind {
    /// A cycle of threads.
    pub const CYCLE: u32 = 1;
    /// A thread waits for itself.
    pub const SELF: u32 = 2;
    /// A lock whose holder has ended.
    pub const ORPHAN: u32 = 3;
    /// Every thread is blocked and no one can wake another.
    pub const KNOT: u32 = 4;
    /// Nothing moves, though no cycle can be proved.
    pub const STALL: u32 = 5;
    /// Threads are held up for long, while others go on.
    pub const PARTIAL: u32 = 6;
    /// A lock that was held when the process was forked: its holder stayed in the parent.
    pub const FORKED: u32 = 7;
    /// A worker of an async runtime is kept by a blocking call inside of a task.
    pub const BLOCKING: u32 = 8;
    /// All workers of an async runtime are.
    pub const STARVED: u32 = 9;
}
