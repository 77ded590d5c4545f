//! Runs programs, one step of one thread at a time, with the semantics of std's locks on Linux: a reader waits while a
//! writer holds the lock *or is queued*; a recursive reader passes queued writers; a `try_read` does not.

use crate::program::{LockKind, Mode, OpKind, Program};

/// The whole state of a run. Small, ordered and comparable, so that searches can remember it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct State {
    pub(crate) threads: Vec<ThreadState>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ThreadState {
    pub(crate) started: bool,
    /// Index of the next operation.
    pub(crate) at: usize,
    /// It has asked for the lock of that operation and is queued.
    pub(crate) waiting: bool,
    /// Held locks, oldest first.
    pub(crate) held: Vec<(usize, Mode)>,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The operation is done.
    Done,
    /// The lock was asked for, and could not be had.
    Queued,
    /// A try failed, and what it guards was skipped.
    TryFailed,
}

impl State {
    pub(crate) fn start(program: &Program) -> Self {
        let threads = program
            .threads
            .iter()
            .enumerate()
            .map(|(thread, decl)| ThreadState {
                started: thread == 0 || decl.from_start,
                at: 0,
                waiting: false,
                held: Vec::new(),
            })
            .collect();
        Self { threads }
    }

    pub(crate) fn has_ended(&self, program: &Program, thread: usize) -> bool {
        self.threads[thread].at == program.threads[thread].ops.len()
    }

    pub(crate) fn is_over(&self, program: &Program) -> bool {
        (0..self.threads.len())
            .all(|thread| !self.threads[thread].started || self.has_ended(program, thread))
    }

    /// The threads that can take a step.
    pub(crate) fn enabled(&self, program: &Program) -> Vec<usize> {
        (0..self.threads.len()).filter(|thread| self.can_step(program, *thread)).collect()
    }

    /// The operation that a thread is about to do.
    pub(crate) fn next(&self, program: &Program, thread: usize) -> Option<OpKind> {
        program.threads[thread].ops.get(self.threads[thread].at).map(|op| op.kind)
    }

    /// Takes a step of an enabled thread.
    pub(crate) fn step(&mut self, program: &Program, thread: usize) -> Step {
        let kind = self.next(program, thread).expect("the thread is enabled");
        let at = self.threads[thread].at;
        match kind {
            OpKind::Acquire { .. }
            | OpKind::Reacquire { .. }
            | OpKind::Init { .. }
            | OpKind::Use { .. } => {
                let (lock, mode) = wanted(kind).expect("these want a lock");
                if !self.can_have(program, thread, lock, mode) {
                    self.threads[thread].waiting = true;
                    return Step::Queued;
                }
                self.threads[thread].waiting = false;
                if !matches!(kind, OpKind::Use { .. }) {
                    self.threads[thread].held.push((lock, mode));
                }
            }
            OpKind::Try { lock, mode } => {
                if !self.can_have(program, thread, lock, mode) {
                    self.threads[thread].at = program.matching_release(thread, at, lock) + 1;
                    return Step::TryFailed;
                }
                self.threads[thread].held.push((lock, mode));
            }
            OpKind::Release { lock } => {
                let held = &mut self.threads[thread].held;
                let index = held.iter().rposition(|(other, _)| *other == lock).expect("it is held");
                held.remove(index);
            }
            OpKind::Spawn { thread } => self.threads[thread].started = true,
            OpKind::Join { .. } => {}
        }
        self.threads[thread].at += 1;
        Step::Done
    }

    fn can_step(&self, program: &Program, thread: usize) -> bool {
        let state = &self.threads[thread];
        if !state.started {
            return false;
        }
        match self.next(program, thread) {
            None => false,
            Some(OpKind::Join { thread }) => self.has_ended(program, thread),
            Some(kind) if state.waiting => {
                let (lock, mode) = wanted(kind).expect("only locks are waited for");
                self.can_have(program, thread, lock, mode)
            }
            Some(_) => true,
        }
    }

    fn can_have(&self, program: &Program, thread: usize, lock: usize, mode: Mode) -> bool {
        let holders = |mode: Mode| {
            self.threads.iter().enumerate().any(move |(other, state)| {
                let own = other == thread && program.locks[lock].kind == LockKind::Reentrant;
                !own && state.held.contains(&(lock, mode))
            })
        };
        let written = holders(Mode::Exclusive);
        match mode {
            Mode::Exclusive => !written && !holders(Mode::Shared) && !holders(Mode::Recursive),
            Mode::Shared => !written && !self.has_queued_writer(program, thread, lock),
            Mode::Recursive => !written,
        }
    }

    fn has_queued_writer(&self, program: &Program, thread: usize, lock: usize) -> bool {
        (0..self.threads.len()).any(|other| {
            other != thread
                && self.threads[other].waiting
                && self.next(program, other).and_then(wanted) == Some((lock, Mode::Exclusive))
        })
    }
}

/// What lock an operation wants, and how.
pub(crate) fn wanted(kind: OpKind) -> Option<(usize, Mode)> {
    match kind {
        OpKind::Acquire { lock, mode } | OpKind::Try { lock, mode } => Some((lock, mode)),
        OpKind::Reacquire { lock } | OpKind::Init { lock } | OpKind::Use { lock } => {
            Some((lock, Mode::Exclusive))
        }
        OpKind::Release { .. } | OpKind::Spawn { .. } | OpKind::Join { .. } => None,
    }
}
