//! Waits: what a thread is about to block in, published on the board before it blocks.
//!
//! Publishing comes first and looking second, with a sequentially consistent fence between the two, on all sides. So of
//! several threads that close a cycle at the same moment at least the last to publish sees all of it.

use super::contended;
use super::moved;
use crate::rt::machine::clock;
use crate::rt::object::Site;
use crate::rt::shared::board::{self, Slot, WaitEntry};
use crate::rt::thread::local::Local;
use std::sync::atomic::{Ordering, fence};
use syncscope_recording::layout::{event, slot, wait};

/// A wait to publish.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wait {
    pub(crate) kind: u32,
    pub(crate) object: u32,
    pub(crate) object2: u32,
    pub(crate) class: u32,
}

/// The task of this slot does nothing else than wait: it is asleep, and nothing else wakes it.
pub(crate) fn rests_on_wait(slot: Slot) {
    let kind = slot.u32(slot::WAIT);
    // Relaxed: written by who polls this task only. Release: as in `publish_wait`.
    kind.store(kind.load(Ordering::Relaxed) & !wait::TIMED, Ordering::Release);
    // Pairs with itself in the others of a cycle: see the module's text.
    fence(Ordering::SeqCst);
}

/// The task of this slot may go on without the end of its wait.
pub(crate) fn may_end_wait(slot: Slot) {
    let kind = slot.u32(slot::WAIT);
    // Relaxed: written by who polls this task only. Release: as in `publish_wait`.
    let now = kind.load(Ordering::Relaxed);
    if now != wait::NONE {
        kind.store(now | wait::TIMED, Ordering::Release);
    }
}

impl Local {
    /// Publishes a wait. Ends by [`Local::end_wait`].
    #[cold]
    pub(crate) fn begin_wait(&self, wait: Wait, site: Site) {
        self.names_polled();
        self.publish_wait(wait, wait.kind, site);
    }

    /// As [`Self::begin_wait`], of a task that may go on without the wait's end: by another branch of a `select!`, say. That is so until
    /// [`Self::rests_on_wait`].
    #[cold]
    pub(crate) fn begin_unsure_wait(&self, wait: Wait, site: Site) {
        self.publish_wait(wait, wait.kind | wait::TIMED, site);
    }

    /// The task does nothing else than wait: it is asleep, and nothing else wakes it.
    pub(crate) fn rests_on_wait(&self) {
        rests_on_wait(self.slot);
    }

    /// The task is polled: it may go on.
    pub(crate) fn may_end_wait(&self) {
        may_end_wait(self.slot);
    }

    fn publish_wait(&self, wait: Wait, kind: u32, site: Site) {
        moved::settle(self);
        let (site, ticks) = self.put_wait(wait, kind, site);
        // SeqCst: pairs with itself in the other threads of a cycle: see the module's text.
        fence(Ordering::SeqCst);
        self.emit_other(event::BLOCK_BEGIN, site, wait.object, ticks, kind_in_event(wait.kind));
    }

    /// Publishes what a task that goes to sleep awaits, and what anyone may give it: no part of a cycle, and no event. Ends by
    /// [`Local::end_await`].
    #[cold]
    pub(crate) fn begin_await(&self, wait: Wait, site: Site) {
        self.put_wait(wait, wait.kind | wait::TIMED, site);
    }

    /// The task is polled again: what it awaited may have come.
    pub(crate) fn end_await(&self) {
        let kind = self.slot.u32(slot::WAIT);
        // Relaxed: written by this task only, as in `end_wait`.
        if board::is_await(kind.load(Ordering::Relaxed)) {
            kind.store(wait::NONE, Ordering::Relaxed);
            // Release: as in `end_wait`.
            self.slot.u32(slot::WAIT_SEQ).store(self.next_seq(), Ordering::Release);
        }
    }

    /// Puts a wait on the board. Gives the number of the place, and the time.
    fn put_wait(&self, wait: Wait, kind: u32, site: Site) -> (u32, u64) {
        let ticks = clock::ticks();
        let site = self.sites.get(self.runtime, site);
        // Release: pairs with the Acquire in `Slot::wait`: who has read the number of this wait no longer finds the last one.
        self.slot.u32(slot::WAIT_SEQ).store(self.next_seq(), Ordering::Release);
        // Release: pairs with the Acquire fence in `Slot::wait`: who has read a word of this wait finds its number.
        fence(Ordering::Release);
        // Relaxed: published by WAIT below; a reader that mixes two waits sees the sequence number change.
        let put = |at, value| self.slot.u32(at).store(value, Ordering::Relaxed);
        put(slot::WAIT_OBJECT, wait.object);
        put(slot::WAIT_OBJECT_2, wait.object2);
        put(slot::WAIT_CLASS, wait.class);
        put(slot::WAIT_SITE, site);
        self.slot.u64(slot::WAIT_SINCE).store(ticks, Ordering::Relaxed);
        // Release: pairs with the Acquire in `Slot::wait`.
        self.slot.u32(slot::WAIT).store(kind, Ordering::Release);
        (site, ticks)
    }

    /// Tells where the wait is, if there was no room for that when it began.
    #[cold]
    pub(crate) fn name_wait(&self, site: Site) {
        let place = self.slot.u32(slot::WAIT_SITE);
        // Relaxed: written by this thread; a reader that comes before finds no place.
        if place.load(Ordering::Relaxed) == 0 {
            place.store(self.sites.get(self.runtime, site), Ordering::Relaxed);
        }
    }

    /// The wait is over, or withdrawn.
    #[cold]
    pub(crate) fn end_wait(&self) {
        // Relaxed: written by this thread; the end of the wait is published by the sequence number.
        let word = |at| self.slot.u32(at).load(Ordering::Relaxed);
        let own = WaitEntry {
            kind: word(slot::WAIT),
            object: word(slot::WAIT_OBJECT),
            class: word(slot::WAIT_CLASS),
            site: word(slot::WAIT_SITE),
            since: self.slot.u64(slot::WAIT_SINCE).load(Ordering::Relaxed),
            ..WaitEntry::default()
        };
        let WaitEntry { kind, object, class, .. } = own;
        self.slot.u32(slot::WAIT).store(wait::NONE, Ordering::Relaxed);
        self.slot.u32(slot::LAST_WAIT).store(kind, Ordering::Relaxed);
        // Release: a reader that saw the wait and sees this number has read all of the old one before.
        self.slot.u32(slot::WAIT_SEQ).store(self.next_seq(), Ordering::Release);
        let ticks = clock::ticks();
        self.slot.u64(slot::LAST_TICKS).store(ticks, Ordering::Relaxed);
        self.emit_other(event::BLOCK_END, class, object, ticks, kind_in_event(kind));
        contended::ends(self, &own, ticks);
        if may_bring_news(kind) {
            self.jobs.hears();
        }
        self.names_polled_no_more();
    }

    /// As [`Self::end_wait`], if the task is in a wait of this kind for this object, sure or not.
    #[cold]
    pub(crate) fn end_wait_of_task(&self, kind: u32, object: u32) {
        if !self.end_wait_for(kind, object) {
            self.end_wait_for(kind | wait::TIMED, object);
        }
    }

    /// As [`Self::end_wait`], if the thread is in a wait of this kind for this object.
    #[cold]
    pub(crate) fn end_wait_for(&self, kind: u32, object: u32) -> bool {
        // Relaxed: written by this thread.
        let is_it = self.slot.u32(slot::WAIT).load(Ordering::Relaxed) == kind
            && self.slot.u32(slot::WAIT_OBJECT).load(Ordering::Relaxed) == object;
        if is_it {
            self.end_wait();
        }
        is_it
    }

    fn next_seq(&self) -> u32 {
        // Relaxed: written by this thread only.
        self.slot.u32(slot::WAIT_SEQ).load(Ordering::Relaxed).wrapping_add(1)
    }
}

/// Whether a wait of this kind may have been for what others had done before: not one that gives up, nor one for a lock.
fn may_bring_news(kind: u32) -> bool {
    !matches!(kind, wait::MUTEX | wait::READ | wait::WRITE | wait::ONCE | wait::JOBS | wait::IDLE)
        && kind & wait::TIMED == 0
}

/// A wait kind as the 24-bit field of an event holds it.
fn kind_in_event(kind: u32) -> u32 {
    let timed = if kind & wait::TIMED != 0 { event::SEQ_TIMED } else { 0 };
    (kind & !wait::TIMED) | timed
}
