//! What messages and the end of a channel tell.
//!
//! The senders' half is the [`Channel`], which all ends share; the receiver's half is its [`Inbox`].

use super::{Ground, Grounds, Told};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::sync::{Arc, OnceLock};

/// Messages whose order is kept back for a later receive, at most.
const KEPT_BACK: usize = 64;

const MANY: u32 = u32::MAX;

/// Who sends into a channel, and what order rests on that.
#[derive(Debug, Default)]
pub struct Channel {
    /// The thread that sends; `MANY` once there were several, or once a message was refused.
    sender: AtomicU32,
    /// What messages rest on: one thread sends, one receives.
    messages: OnceLock<Arc<Ground>>,
    /// What the end rests on: one thread receives.
    end: OnceLock<Arc<Ground>>,
}

/// What a receiver has received, and what that told.
#[derive(Debug, Default)]
pub struct Inbox {
    /// The thread that receives; `MANY` once there were several.
    receiver: u32,
    /// What messages told that another call may get in another schedule.
    kept_back: VecDeque<Told>,
    /// There were too many of those.
    is_confused: bool,
    messages: Option<Grounds>,
    end: Option<Grounds>,
}

impl Channel {
    /// A thread sends. Gives the ground that is void now, if there is one.
    #[inline]
    pub fn sending(&self, thread: u32) -> Option<&Ground> {
        // Relaxed: whoever changes it looks again behind a fence.
        let known = self.sender.load(Ordering::Relaxed);
        if known == thread || known == MANY { None } else { self.sent_by_other(thread) }
    }

    #[cold]
    fn sent_by_other(&self, thread: u32) -> Option<&Ground> {
        // Relaxed: the number stands for itself.
        let first = self.sender.compare_exchange(0, thread, Ordering::Relaxed, Ordering::Relaxed);
        match first {
            Ok(_) => None,
            Err(known) if known == thread => None,
            Err(_) => {
                self.forget_messages();
                self.messages.get().map(|ground| &**ground)
            }
        }
    }

    /// A message was refused for want of room, which in another schedule it would have found: later ones have other numbers
    /// then. Gives the grounds that are void now.
    #[cold]
    pub fn refused(&self) -> impl Iterator<Item = &Ground> {
        self.forget_messages();
        // Either the receiver finds the end void, or this does.
        let end = self.end.get_or_init(Arc::default);
        self.messages.get().into_iter().chain([end]).map(|ground| &**ground)
    }

    fn forget_messages(&self) {
        // Relaxed: the fence orders it.
        self.sender.store(MANY, Ordering::Relaxed);
        // SeqCst: either this thread finds the ground, or `rest_on_messages` finds that there are many.
        fence(Ordering::SeqCst);
    }

    /// The ground of messages; `None` when there is no order among them.
    fn rest_on_messages(&self) -> Option<&Arc<Ground>> {
        let ground = self.messages.get_or_init(Arc::default);
        // SeqCst: pairs with the one in `forget_messages`.
        fence(Ordering::SeqCst);
        (!self.has_many()).then_some(ground)
    }

    fn has_many(&self) -> bool {
        // Relaxed: see the fences; without them it is only a shortcut.
        self.sender.load(Ordering::Relaxed) == MANY
    }
}

impl Inbox {
    /// A thread asks for a message, or has asked. Gives the grounds that are void now. To be called before it blocks.
    #[inline]
    pub fn asked_by<'a>(&mut self, thread: u32, channel: &'a Channel) -> [Option<&'a Ground>; 2] {
        if self.receiver == thread || self.receiver == MANY {
            return [None, None];
        }
        if self.receiver == 0 {
            self.receiver = thread;
            return [None, None];
        }
        self.receiver = MANY;
        [channel.messages.get(), channel.end.get()].map(|ground| ground.map(|ground| &**ground))
    }

    /// Whether this thread has asked before, as far as known.
    #[inline]
    #[must_use]
    pub fn knows(&self, thread: u32) -> bool {
        self.receiver == thread
    }

    /// A message has come, with what its sender knew. Gives what is certain now, and on what that rests. `blocks`: by a call
    /// that waits for a message however long it takes.
    #[inline]
    pub fn received<'a>(
        &'a mut self,
        channel: &Channel,
        known: &'a Told,
        blocks: bool,
    ) -> Option<(std::borrow::Cow<'a, Told>, &'a Grounds)> {
        use std::borrow::Cow;
        if self.receiver == MANY || self.is_confused {
            return None;
        }
        let known = if blocks && self.kept_back.is_empty() {
            Cow::Borrowed(known)
        } else {
            Cow::Owned(self.shifted(known, blocks)?)
        };
        if known.is_empty() || channel.has_many() {
            return None;
        }
        if self.messages.is_none() {
            self.messages = Some(Grounds::on(Arc::clone(channel.rest_on_messages()?)));
        }
        Some((known, self.messages.as_ref()?))
    }

    /// Of the messages that have come, the one that the call gets at the latest.
    #[cold]
    fn shifted(&mut self, known: &Told, blocks: bool) -> Option<Told> {
        self.kept_back.push_back(known.clone());
        if blocks {
            return self.kept_back.pop_front();
        }
        if self.kept_back.len() > KEPT_BACK {
            self.is_confused = true;
            self.kept_back = VecDeque::new();
        }
        None
    }

    /// A call that waits however long it takes has found that all sending ends are gone; `closed` is what those knew that dropped
    /// them. Gives what is certain now, and on what that rests.
    #[cold]
    pub fn ended(&mut self, channel: &Channel, closed: Told) -> Option<(Told, &Grounds)> {
        if self.receiver == MANY || self.is_confused {
            return None;
        }
        if let Some(known) = self.kept_back.pop_front() {
            // In another schedule, calls before this one get nothing, and this one a message.
            if channel.has_many() {
                return None;
            }
            if self.messages.is_none() {
                self.messages = Some(Grounds::on(Arc::clone(channel.rest_on_messages()?)));
            }
            return Some((known, self.messages.as_ref()?));
        }
        let end = channel.end.get_or_init(Arc::default);
        Some((closed, self.end.get_or_insert_with(|| Grounds::on(Arc::clone(end)))))
    }
}
