//! What an unpark tells the thread that parks.

use super::{Ground, Grounds, Told};
use std::collections::VecDeque;
use std::sync::Arc;

/// Unparks that parks may still come to, at most.
const AHEAD: usize = 64;

/// The token of a thread. Each park takes a token, and many unparks may make one: so the third park comes after the third
/// unpark, whichever it was that let it go on.
#[derive(Debug, Default)]
pub struct Token {
    /// The thread that unparks; 0 before the first time.
    by: u32,
    /// What it told, by the parks to come.
    told: VecDeque<Told>,
    /// It was unparked, and has not parked since.
    is_set: bool,
    /// Later unparks are not followed.
    is_full: bool,
    /// Tokens come from elsewhere, too.
    is_uncertain: bool,
    ground: Arc<Ground>,
}

impl Token {
    /// A thread unparks this one. Gives the ground, if it is void now.
    pub fn unpark(&mut self, by: u32, known: Told) -> Option<&Ground> {
        self.is_set = true;
        if self.by == 0 {
            self.by = by;
        }
        if self.by != by {
            self.told.clear();
            return (!self.ground.is_void()).then_some(&*self.ground);
        }
        self.is_full |= self.told.len() >= AHEAD;
        if !self.is_full && !self.is_uncertain && !self.ground.is_void() {
            self.told.push_back(known);
        }
        None
    }

    /// From now on a park of this thread may return for a token that nobody told of: std's channels and scopes leave some.
    pub fn make_uncertain(&mut self) {
        self.is_uncertain = true;
        self.told.clear();
    }

    /// Whether the next park returns at once, as far as is known.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.is_set
    }

    /// Whether something may rest on this: then an unpark by another thread still matters, also after this thread's end.
    #[must_use]
    pub fn is_rested_on(&self) -> bool {
        !self.ground.is_void() && (Arc::strong_count(&self.ground) > 1 || self.ground.has_number())
    }

    /// A park has returned that waits however long it takes: what is certain now, and on what that rests.
    pub fn parked(&mut self) -> Option<(Told, Grounds)> {
        self.is_set = false;
        if self.is_uncertain || self.ground.is_void() {
            return None;
        }
        let Some(known) = self.told.pop_front() else {
            // Somebody has unparked it without a word.
            if !self.is_full {
                self.make_uncertain();
            }
            return None;
        };
        Some((known, Grounds::on(Arc::clone(&self.ground))))
    }
}
