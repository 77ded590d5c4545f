//! Objects through which threads learn of each other.

use super::clock::{Stamp, collect};
use super::thread::Thread;

/// A mutex or a readers–writer lock.
///
/// | action | effect |
/// | --- | --- |
/// | lock, write | learns from writers and readers before |
/// | read | learns from writers before |
/// | unlock, end of a write | writers and readers after it learn |
/// | end of a read | writers after it learn |
///
/// A failed `try_lock` has no effect.
#[derive(Clone, Debug, Default)]
pub struct LockOrder {
    writers: Option<Stamp>,
    readers: Option<Stamp>,
    signals: bool,
}

impl LockOrder {
    /// The thread has acquired the lock, which is `lock` in lock sets.
    pub fn acquired(&self, thread: &mut Thread, lock: u32, shared: bool) {
        let readers = self.readers.as_ref().filter(|_| !shared);
        for stamp in self.writers.iter().chain(readers) {
            if self.signals {
                thread.learn(stamp);
            } else {
                thread.learn_by_lock(lock, stamp);
            }
        }
    }

    /// The thread is about to release the lock.
    pub fn released(&mut self, thread: &mut Thread, shared: bool) {
        let stamp = thread.release();
        if shared {
            collect(&mut self.readers, &stamp);
        } else {
            // The writer had learned all that is replaced here.
            self.writers = Some(stamp);
            self.readers = None;
        }
    }

    /// The lock guards what threads tell each other with a condition variable. What is learned by it is an answer to a
    /// question, not luck: from now on its order counts as sure.
    pub fn mark_signals(&mut self) {
        self.signals = true;
    }

    /// What there is to learn from it.
    #[must_use]
    pub fn stamps(&self) -> [Option<&Stamp>; 2] {
        [self.writers.as_ref(), self.readers.as_ref()]
    }
}

/// Something that is given and taken: the end of a thread or a scope, a token of `park`, a completed `Once`, a permit, a
/// message whose place in the queue is not known. Who takes learns from all who gave.
#[derive(Clone, Debug, Default)]
pub struct HandOff {
    given: Option<Stamp>,
}

impl HandOff {
    /// The thread gives.
    pub fn give(&mut self, thread: &mut Thread) {
        let stamp = thread.release();
        self.add(&stamp);
    }

    /// A stamp is given.
    pub fn add(&mut self, stamp: &Stamp) {
        collect(&mut self.given, stamp);
    }

    /// The thread takes.
    pub fn take(&self, thread: &mut Thread) {
        if let Some(given) = &self.given {
            thread.learn(given);
        }
    }

    /// What was given so far.
    #[must_use]
    pub fn stamp(&self) -> Option<&Stamp> {
        self.given.as_ref()
    }
}
