//! Small concurrent programs: straight-line threads over locks, channels, barriers, parks, initialised objects, spawns and joins.

/// A program. Thread 0 is the first one; most others run once they are spawned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    pub(crate) locks: Vec<LockDecl>,
    pub(crate) threads: Vec<ThreadDecl>,
    pub(crate) channels: Vec<ChannelDecl>,
    /// How many threads each barrier holds.
    pub(crate) barriers: Vec<usize>,
    /// A receive that has waited leaves the thread's token set, as std's may.
    pub(crate) receives_leave_tokens: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct ChannelDecl {
    /// Messages that fit, where that is limited.
    pub(crate) bound: Option<usize>,
    /// The threads that have a sending end.
    pub(crate) senders: Vec<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct LockDecl {
    /// `class` or `class#number`: locks with the same text before `#` are of one class.
    pub(crate) name: String,
    pub(crate) kind: LockKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockKind {
    Mutex,
    RwLock,
    OnceLock,
    Reentrant,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct ThreadDecl {
    pub(crate) name: String,
    pub(crate) ops: Vec<Op>,
    /// It runs from the start, without being spawned. The first thread always does.
    pub(crate) from_start: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Op {
    pub(crate) kind: OpKind,
    /// Line of the operation; the file is the thread's, unless the site is shared.
    pub(crate) site: OpSite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OpSite {
    /// A line of the thread's own file.
    Own(u32),
    /// A line of a file that all threads share.
    Shared(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpKind {
    Acquire {
        lock: usize,
        mode: Mode,
    },
    /// As `Acquire`; when it cannot get the lock at once, everything up to and with the matching release is skipped.
    Try {
        lock: usize,
        mode: Mode,
    },
    /// Inside a condition variable's wait.
    Reacquire {
        lock: usize,
    },
    Release {
        lock: usize,
    },
    /// An initialiser begins.
    Init {
        lock: usize,
    },
    /// A completed initialiser's value is used: asked for and given back at once.
    Use {
        lock: usize,
    },
    Spawn {
        thread: usize,
    },
    Join {
        thread: usize,
    },
    /// Runs what follows, up to and with the matching release, unless that was done; waits while another thread does it.
    InitOnce {
        lock: usize,
    },
    Send {
        channel: usize,
        is_try: bool,
    },
    /// With or without a message, if all sending ends are dropped.
    Receive {
        channel: usize,
        how: Receive,
    },
    /// Of the thread's own sending end.
    DropSender {
        channel: usize,
    },
    Meet {
        barrier: usize,
    },
    Park {
        is_timed: bool,
    },
    Unpark {
        thread: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Receive {
    /// Waits however long it takes.
    Blocks,
    /// Goes on without a message: at once, or when a time is over, which the schedule decides.
    Tries,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Mode {
    Exclusive,
    Shared,
    Recursive,
}

impl Program {
    /// Index of the release that ends the acquisition at `at`.
    pub(crate) fn matching_release(&self, thread: usize, at: usize, lock: usize) -> usize {
        let ops = &self.threads[thread].ops;
        let mut depth = 0;
        for (index, op) in ops.iter().enumerate().skip(at) {
            match op.kind {
                OpKind::Acquire { lock: other, .. }
                | OpKind::Try { lock: other, .. }
                | OpKind::Reacquire { lock: other }
                | OpKind::Init { lock: other }
                | OpKind::InitOnce { lock: other }
                    if other == lock =>
                {
                    depth += 1;
                }
                OpKind::Release { lock: other } if other == lock => {
                    depth -= 1;
                    if depth == 0 {
                        return index;
                    }
                }
                _ => {}
            }
        }
        ops.len() - 1
    }
}
