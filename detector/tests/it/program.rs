//! Small concurrent programs: straight-line threads over locks, spawns and joins.

/// A program. Thread 0 is the first one; most others run once they are spawned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    pub(crate) locks: Vec<LockDecl>,
    pub(crate) threads: Vec<ThreadDecl>,
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
