//! What whoever has used an initialised object knows: its initialiser has ended, whichever thread ran it.

use super::{Ground, Grounds, Told};
use std::sync::Arc;

/// Clocks name the end of an initialiser as if it were a thread: by the object's number, with this bit.
const INITIALISER: u32 = 1 << 31;

/// An object that is initialised once.
#[derive(Debug, Default)]
pub struct Initialiser {
    is_complete: bool,
    ground: Arc<Ground>,
}

/// The number by which clocks name the end of the initialiser of an object. `None` for numbers that are too large.
#[must_use]
pub fn initialised_by(instance: u32) -> Option<u32> {
    (instance & INITIALISER == 0).then_some(instance | INITIALISER)
}

impl Initialiser {
    /// An initialiser begins. If one has completed before, the object is used again: gives the ground, which is void then.
    pub fn begin(&mut self) -> Option<&Ground> {
        (self.is_complete && !self.ground.is_void()).then_some(&*self.ground)
    }

    /// An initialiser has ended.
    pub fn complete(&mut self) {
        self.is_complete = true;
    }

    /// What a thread knows that has used the object, and on what that rests.
    #[must_use]
    pub fn passed(&self, instance: u32) -> Option<(Told, Grounds)> {
        let number = initialised_by(instance)?;
        let known = super::Clock::default().tell((number, 1));
        let is_known = self.is_complete && !self.ground.is_void();
        is_known.then(|| (known, Grounds::on(Arc::clone(&self.ground))))
    }
}
