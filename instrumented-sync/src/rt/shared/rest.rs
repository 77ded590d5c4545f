//! How a task sleeps, beside what the recording has of it: what is an address has no business in a file.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

/// Of the task that has a slot. Written by who polls it; for others it is as true as the number of the wait is still the same.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    /// Where its future begins and ends.
    begin: AtomicUsize,
    end: AtomicUsize,
    /// The number of the wait in which it awaits only what the channel at `channel` gives, and nothing else wakes it.
    seq: AtomicU32,
    channel: AtomicUsize,
    is_reply: AtomicBool,
}

/// What a task awaits, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alone {
    /// The address of what identifies the channel.
    pub(crate) channel: usize,
    /// It is the one message of a channel that is made for it.
    pub(crate) is_reply: bool,
}

impl Rest {
    /// The task's future lies here.
    pub(crate) fn lies_at(&self, (begin, end): (usize, usize)) {
        // Relaxed: numbers for who looks twice.
        self.begin.store(begin, Ordering::Relaxed);
        self.end.store(end, Ordering::Relaxed);
    }

    /// Where its future lay when it last went to sleep; empty while that is not known.
    pub(crate) fn extent(&self) -> (usize, usize) {
        // Relaxed: as above.
        (self.begin.load(Ordering::Relaxed), self.end.load(Ordering::Relaxed))
    }

    /// In its wait of this number it awaits this alone.
    pub(crate) fn begin(&self, seq: u32, alone: Alone) {
        // Relaxed: published by the number.
        self.channel.store(alone.channel, Ordering::Relaxed);
        self.is_reply.store(alone.is_reply, Ordering::Relaxed);
        // Release: pairs with the Acquire in `of`.
        self.seq.store(seq, Ordering::Release);
    }

    /// What it awaits alone in its wait of this number, if it does.
    pub(crate) fn of(&self, seq: u32) -> Option<Alone> {
        // Acquire: pairs with the Release in `begin`.
        let is_it = self.seq.load(Ordering::Acquire) == seq;
        // Relaxed: the wait is looked at again afterwards.
        let channel = self.channel.load(Ordering::Relaxed);
        let is_reply = self.is_reply.load(Ordering::Relaxed);
        (is_it && channel != 0).then_some(Alone { channel, is_reply })
    }

    /// The slot is another one's.
    pub(crate) fn clear(&self) {
        self.lies_at((0, 0));
        // Relaxed: there is no wait yet that it could be taken for.
        self.channel.store(0, Ordering::Relaxed);
        self.seq.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_one_wait() {
        let rest = Rest::default();
        let alone = Alone { channel: 4096, is_reply: true };
        assert_eq!(rest.of(0), None);
        rest.begin(7, alone);
        assert_eq!((rest.of(7), rest.of(8)), (Some(alone), None));
        rest.clear();
        assert_eq!((rest.of(7), rest.of(0)), (None, None));
    }
}
