//! What those know that have met at a barrier.

use super::{Ground, Grounds, Known};
use std::collections::HashSet;
use std::sync::Arc;

/// A barrier.
#[derive(Debug, Default)]
pub struct Gathering {
    /// All that ever came: with more of them than the barrier holds, who meets whom is the schedule's choice.
    threads: HashSet<u32>,
    arrived: usize,
    now: Known,
    before: Known,
    ground: Arc<Ground>,
}

impl Gathering {
    /// A thread arrives at the barrier, which holds `size` threads. Gives the ground, if it is void now.
    pub fn arrive(&mut self, size: usize, thread: u32, known: &Known) -> Option<&Ground> {
        if self.threads.len() <= size {
            self.threads.insert(thread);
        }
        self.now.join(known);
        self.arrived += 1;
        if self.arrived >= size {
            self.arrived = 0;
            self.before = std::mem::take(&mut self.now);
        }
        (self.threads.len() > size && !self.ground.is_void()).then_some(&*self.ground)
    }

    /// A thread has passed the barrier: what those knew that met there, and on what that rests.
    #[must_use]
    pub fn pass(&self) -> Option<(Known, Grounds)> {
        let is_known = !self.ground.is_void() && !self.before.is_empty();
        is_known.then(|| (self.before.clone(), Grounds::on(Arc::clone(&self.ground))))
    }
}
