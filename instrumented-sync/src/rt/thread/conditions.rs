//! Condition variables of which a thread has nothing more to say or to learn.

use std::cell::Cell;

/// Condition variables that a thread has at hand; a power of two.
const KEPT: usize = 4;

/// What a thread has done with condition variables, for the common case that it does so again and again.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    /// The process knows that this thread notifies it.
    pub(crate) notified: Done,
    /// This thread knows what its waits tell.
    pub(crate) waited: Done,
}

/// Objects with which something is done, or was, a while ago.
#[derive(Debug, Default)]
pub(crate) struct Done([Cell<u32>; KEPT]);

impl Done {
    pub(crate) fn has(&self, instance: u32) -> bool {
        self.at(instance).get() == instance
    }

    pub(crate) fn put(&self, instance: u32) {
        self.at(instance).set(instance);
    }

    fn at(&self, instance: u32) -> &Cell<u32> {
        &self.0[instance as usize % KEPT]
    }
}
