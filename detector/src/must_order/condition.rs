//! What the notification of a condition variable tells who waits for it.

use super::{Ground, Told};
use std::sync::Arc;

/// The notifications of one condition variable. A thread that has waited goes on after the first of them, whichever woke it: as long as one thread
/// notifies. That is none of must-order: another thread may make the condition true without a word, and another schedule find it true before it waits.
#[derive(Debug, Default)]
pub struct Condition {
    /// The thread that notifies; 0 before the first time.
    by: u32,
    /// What it knew then.
    told: Told,
    /// The place of that, as its driver has it.
    place: u32,
    ground: Arc<Ground>,
}

impl Condition {
    /// A thread notifies at a place, and knows that. Gives the ground, if it is void now.
    pub fn notified(
        &mut self,
        by: u32,
        place: u32,
        known: impl FnOnce() -> Told,
    ) -> Option<&Ground> {
        if self.by == 0 {
            (self.by, self.place, self.told) = (by, place, known());
        }
        if self.by == by {
            return None;
        }
        self.told = Told::default();
        (!self.ground.is_void()).then_some(&*self.ground)
    }

    /// Whether nobody has notified yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.by == 0
    }

    /// A thread has waited, however long it took: what came before, where that was told, and on what it rests.
    #[must_use]
    pub fn waited(&self) -> Option<(&Told, u32, &Ground)> {
        let holds = !self.told.is_empty() && !self.ground.is_void();
        holds.then_some((&self.told, self.place, &*self.ground))
    }
}
