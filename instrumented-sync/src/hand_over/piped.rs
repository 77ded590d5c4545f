//! Channels whose messages cannot carry anything more: what senders knew goes beside them, in the same order.

use super::channel::{Channel, Packet};
use super::waits::Waits;
use crate::raw::{Kind, Site};
use crate::rt::hook::current_number;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_recording::writer::bounded_lock;

/// A channel, and what goes beside its messages as long as one thread sends. If several do, nothing is certain anyway.
#[derive(Debug)]
pub struct Piped<C> {
    channel: Channel,
    /// The thread that sends, `MANY` once there were several, or messages are not seen.
    sender: AtomicU32,
    beside: Mutex<VecDeque<Packet<()>>>,
    real: C,
}

/// How a call that sends or receives has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A message was sent, or has come.
    Done,
    /// There was no room, or no message.
    NotYet,
    /// The other ends are gone.
    Gone,
}

const MANY: u32 = u32::MAX;

impl<C> std::ops::Deref for Piped<C> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        &self.real
    }
}

impl<C> Piped<C> {
    /// As [`Channel::new`], around the real one.
    #[must_use]
    pub fn new(kind: &'static Kind, is_bounded: bool, site: Site, real: C) -> Self {
        let channel = Channel::new(kind, is_bounded, site);
        Self { channel, sender: AtomicU32::new(0), beside: Mutex::default(), real }
    }

    /// The channel.
    #[inline]
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Sends by `call`; `ended` says how that ended.
    #[inline]
    pub fn send<R>(
        &self,
        site: Site,
        call: impl FnOnce() -> R,
        ended: impl FnOnce(&R) -> Ended,
    ) -> R {
        self.channel.gives_to_all();
        let is_beside = self.put_beside();
        let result = call();
        match ended(&result) {
            Ended::Done => self.channel.sent(site),
            ended => {
                if is_beside && let Some(mut beside) = bounded_lock(&self.beside) {
                    beside.pop_back();
                }
                if ended == Ended::NotYet {
                    self.channel.refused();
                }
            }
        }
        result
    }

    /// Receives by `call`, which waits for a message however long it takes if `blocks`; `ended` says how that ended.
    #[inline]
    pub fn receive<R>(
        &self,
        blocks: bool,
        site: Site,
        call: impl FnOnce() -> R,
        ended: impl FnOnce(&R) -> Ended,
    ) -> R {
        self.channel.asking();
        let result = call();
        match ended(&result) {
            Ended::Done => {
                self.channel.took_from_all();
                let beside = bounded_lock(&self.beside).and_then(|mut beside| beside.pop_front());
                let packet = beside.unwrap_or_else(Packet::unknown);
                self.channel.received(packet, blocks, site);
            }
            Ended::NotYet => self.channel.is_empty(),
            Ended::Gone => self.channel.ended(blocks),
        }
        result
    }

    /// Waits by `wait` for room.
    ///
    /// # Panics
    ///
    /// As [`Channel::waits_for_room`].
    pub fn waits_for_room(&self, is_timed: bool, site: Site) -> Waits {
        self.channel.waits_for_room(is_timed, site)
    }

    /// Messages go ways that are not seen: by tasks, or all at once.
    #[cold]
    pub fn unseen(&self) {
        // Relaxed: the number stands for itself; what is put beside later is of a thread that looks again.
        if self.sender.swap(MANY, Ordering::Relaxed) != MANY {
            self.channel.refused();
            if let Some(mut beside) = bounded_lock(&self.beside) {
                beside.clear();
            }
        }
    }

    /// Puts beside the message what the calling thread knows; false if nothing is put there any more.
    #[inline]
    fn put_beside(&self) -> bool {
        let own = current_number();
        // Relaxed: as in `unseen`.
        let first = self.sender.compare_exchange(0, own, Ordering::Relaxed, Ordering::Relaxed);
        if first.is_err_and(|known| known != own) {
            self.unseen();
            return false;
        }
        let packet = self.channel.pack(());
        bounded_lock(&self.beside).map(|mut beside| beside.push_back(packet)).is_some()
    }
}
