//! What those know that have met at a barrier.

use super::{Entry, Ground, Grounds, Told};
use std::collections::HashSet;
use std::sync::{Arc, Weak};

/// A barrier.
#[derive(Debug, Default)]
pub struct Gathering {
    /// All that ever came: with more of them than the barrier holds, who meets whom is the schedule's choice.
    threads: HashSet<u32>,
    arrived: usize,
    now: Told,
    /// What the last one told of others.
    last: Weak<Vec<Entry>>,
    /// What those knew that met last, as long as the barrier is not shared: one clock for all of them.
    before: Told,
    ground: Arc<Ground>,
}

impl Gathering {
    /// A thread arrives at the barrier, which holds `size` threads. Gives the ground, if it is void now.
    pub fn arrive(&mut self, size: usize, thread: u32, known: &Told) -> Option<&Ground> {
        if self.threads.len() <= size {
            self.threads.insert(thread);
        }
        self.now.join_next(known, &mut self.last);
        self.arrived += 1;
        if self.arrived >= size {
            self.arrived = 0;
            self.last = Weak::new();
            let on = Grounds::on(Arc::clone(&self.ground));
            self.before = std::mem::take(&mut self.now).resting(&on);
        }
        (self.threads.len() > size && !self.ground.is_void()).then_some(&*self.ground)
    }

    /// A thread has passed the barrier: what those knew that met there.
    #[must_use]
    pub fn pass(&self) -> Option<Told> {
        let is_known = !self.ground.is_void() && !self.before.is_empty();
        is_known.then(|| self.before.clone())
    }
}
