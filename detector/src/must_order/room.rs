//! What room in a bounded channel tells who sends.
//!
//! Message number `bound` + n finds room once n messages have been taken, so it is sent after the nth receive has begun: with a bound of 0 the
//! first one is.

use super::{Ground, Grounds, Told};
use std::collections::VecDeque;
use std::sync::Arc;

/// Larger channels are not followed, nor is what comes after so many receives.
const FOLLOWED: usize = 64;

/// The receives of a bounded channel, as the sending thread comes to know of them. It gives order while one thread sends and one receives, by calls that
/// wait however long it takes: a call that may fail shifts what comes after it.
#[derive(Debug, Default)]
pub struct Room {
    bound: usize,
    /// The threads, once they are known.
    sender: u32,
    receiver: u32,
    sent: usize,
    received: usize,
    /// What the receiver knew when it asked, by the messages to come that find room for it.
    told: VecDeque<Told>,
    ground: Arc<Ground>,
}

impl Room {
    /// That of a new channel; `None` where the bound is too large to be followed.
    #[must_use]
    pub fn of(bound: usize) -> Option<Self> {
        (bound < FOLLOWED).then(|| Self { bound, ..Self::default() })
    }

    /// Whether nothing more is to be followed. Then calls need not be told.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ground.is_void() || self.sent >= self.bound + FOLLOWED
    }

    /// A thread is about to ask for a message, and knows that; `blocks`: until there is one. Gives the ground, if it is void now.
    pub fn asked(
        &mut self,
        thread: u32,
        blocks: bool,
        known: impl FnOnce() -> Told,
    ) -> Option<&Ground> {
        if self.receiver == 0 {
            self.receiver = thread;
        }
        if !blocks || self.receiver != thread {
            return self.share();
        }
        if self.received < FOLLOWED && !self.ground.is_void() {
            self.told.push_back(known());
            self.received += 1;
        }
        None
    }

    /// A thread is about to send, likewise.
    pub fn sending(&mut self, thread: u32, blocks: bool) -> Option<&Ground> {
        if self.sender == 0 {
            self.sender = thread;
        }
        if blocks && self.sender == thread { None } else { self.share() }
    }

    /// Its message was sent: what is certain now, and on what that rests.
    pub fn sent(&mut self) -> Option<(Told, Grounds)> {
        if self.is_over() {
            return None;
        }
        self.sent += 1;
        if self.sent <= self.bound {
            return None;
        }
        let known = self.told.pop_front()?;
        (!known.is_empty()).then(|| (known, Grounds::on(Arc::clone(&self.ground))))
    }

    #[cold]
    fn share(&mut self) -> Option<&Ground> {
        self.told = VecDeque::new();
        (!self.ground.is_void()).then_some(&*self.ground)
    }
}
