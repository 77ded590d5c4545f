//! Runs programs, one step of one thread at a time, with the semantics of std's locks on Linux: a reader waits while a
//! writer holds the lock *or is queued*; a recursive reader passes queued writers; a `try_read` does not.

use crate::program::{LockKind, Mode, OpKind, Program, Receive};

/// The whole state of a run. Small, ordered and comparable, so that searches can remember it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct State {
    pub(crate) threads: Vec<ThreadState>,
    channels: Vec<ChannelState>,
    barriers: Vec<BarrierState>,
    /// By lock: an initialiser has completed.
    initialised: Vec<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ChannelState {
    messages: usize,
    /// The threads that have not dropped their sending ends.
    senders: Vec<usize>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct BarrierState {
    /// Threads that wait for others, in order.
    arrived: Vec<usize>,
    /// Threads that may pass.
    met: Vec<usize>,
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
    /// It was unparked, and has not parked since.
    pub(crate) token: bool,
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
    /// There was nothing to initialise any more.
    Initialised,
    /// The receive found that the channel has ended.
    Ended,
    /// The send found no room, or the receive no message.
    Nothing,
    /// The thread has arrived at the barrier.
    Arrived,
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
                token: false,
            })
            .collect();
        let channel = |senders: &[usize]| ChannelState { messages: 0, senders: senders.to_vec() };
        Self {
            threads,
            channels: program.channels.iter().map(|decl| channel(&decl.senders)).collect(),
            barriers: vec![BarrierState::default(); program.barriers.len()],
            initialised: vec![false; program.locks.len()],
        }
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
                self.initialised[lock] |= program.locks[lock].kind == LockKind::OnceLock;
            }
            OpKind::InitOnce { lock } => {
                if self.initialised[lock] {
                    self.threads[thread].waiting = false;
                    self.threads[thread].at = program.matching_release(thread, at, lock) + 1;
                    return Step::Initialised;
                }
                if !self.can_have(program, thread, lock, Mode::Exclusive) {
                    self.threads[thread].waiting = true;
                    return Step::Queued;
                }
                self.threads[thread].waiting = false;
                self.threads[thread].held.push((lock, Mode::Exclusive));
            }
            OpKind::Spawn { thread } => self.threads[thread].started = true,
            OpKind::Join { .. } => {}
            OpKind::Unpark { thread } => self.threads[thread].token = true,
            OpKind::Park { .. } => self.threads[thread].token = false,
            OpKind::DropSender { channel } => {
                self.channels[channel].senders.retain(|sender| *sender != thread);
            }
            OpKind::Send { channel, .. } => {
                let has_room = self.has_room(program, channel);
                self.threads[thread].at += 1;
                self.channels[channel].messages += usize::from(has_room);
                return if has_room { Step::Done } else { Step::Nothing };
            }
            OpKind::Receive { channel, how } => {
                self.threads[thread].at += 1;
                let leaves_token = how == Receive::Blocks && program.receives_leave_tokens;
                self.threads[thread].token |= leaves_token;
                let state = &mut self.channels[channel];
                return if state.messages > 0 {
                    state.messages -= 1;
                    Step::Done
                } else if state.senders.is_empty() {
                    Step::Ended
                } else {
                    Step::Nothing
                };
            }
            OpKind::Meet { barrier } => return self.meet(program, thread, barrier),
        }
        self.threads[thread].at += 1;
        Step::Done
    }

    /// One step arrives at a barrier, another one passes it.
    fn meet(&mut self, program: &Program, thread: usize, barrier: usize) -> Step {
        let size = program.barriers[barrier];
        let BarrierState { arrived, met } = &mut self.barriers[barrier];
        if let Some(at) = met.iter().position(|other| *other == thread) {
            met.remove(at);
            self.threads[thread].at += 1;
            return Step::Done;
        }
        arrived.push(thread);
        if arrived.len() >= size {
            met.append(arrived);
        }
        arrived.sort_unstable();
        met.sort_unstable();
        Step::Arrived
    }

    fn has_room(&self, program: &Program, channel: usize) -> bool {
        program.channels[channel].bound.is_none_or(|bound| self.channels[channel].messages < bound)
    }

    fn can_step(&self, program: &Program, thread: usize) -> bool {
        let state = &self.threads[thread];
        if !state.started {
            return false;
        }
        match self.next(program, thread) {
            None => false,
            Some(OpKind::Join { thread }) => self.has_ended(program, thread),
            Some(OpKind::Meet { barrier }) => !self.barriers[barrier].arrived.contains(&thread),
            Some(OpKind::Park { is_timed }) => is_timed || state.token,
            Some(OpKind::Send { channel, is_try }) => is_try || self.has_room(program, channel),
            Some(OpKind::Receive { channel, how }) => {
                let ChannelState { messages, senders } = &self.channels[channel];
                how == Receive::Tries || *messages > 0 || senders.is_empty()
            }
            Some(OpKind::InitOnce { lock }) if self.initialised[lock] => true,
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
        OpKind::Reacquire { lock }
        | OpKind::Init { lock }
        | OpKind::Use { lock }
        | OpKind::InitOnce { lock } => Some((lock, Mode::Exclusive)),
        _ => None,
    }
}
