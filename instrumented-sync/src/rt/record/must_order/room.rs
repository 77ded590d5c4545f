//! The order that a bounded channel gives who sends.

use crate::rt::thread::local::Local;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_detector::must_order::Room;
use syncscope_recording::writer::bounded_lock;

/// What a bounded channel keeps of it, beside its [`ChannelOrder`](super::ChannelOrder).
#[derive(Debug)]
pub(crate) struct RoomOrder {
    room: Mutex<Room>,
    is_over: AtomicBool,
}

impl RoomOrder {
    /// That of a new channel, unless too many messages fit.
    pub(crate) fn of(bound: usize) -> Option<Self> {
        let room = Mutex::new(Room::of(bound)?);
        Some(Self { room, is_over: AtomicBool::new(false) })
    }

    /// Whether nothing more is to be told.
    #[inline]
    pub(crate) fn is_over(&self) -> bool {
        // Relaxed: only saves a look.
        self.is_over.load(Ordering::Relaxed)
    }

    /// This thread is about to ask for a message, until there is one if `blocks`.
    #[cold]
    pub(crate) fn asked(&self, local: &Local, blocks: bool) {
        self.with(local, |room| {
            if let Some(shared) = room.asked(local.party(), blocks, || local.known()) {
                local.void([shared]);
            }
        });
    }

    /// This thread is about to send, likewise.
    #[cold]
    pub(crate) fn sending(&self, local: &Local, blocks: bool) {
        self.with(local, |room| {
            if let Some(shared) = room.sending(local.party(), blocks) {
                local.void([shared]);
            }
        });
    }

    /// Its message was sent.
    #[cold]
    pub(crate) fn sent(&self, local: &Local) {
        self.with(local, |room| {
            if let Some((known, on)) = room.sent() {
                local.learn_on(&known, &on);
            }
        });
    }

    fn with(&self, local: &Local, body: impl FnOnce(&mut Room)) {
        let Some(mut room) = bounded_lock(&self.room) else { return local.has_missed() };
        body(&mut room);
        if room.is_over() {
            // Relaxed: see `is_over`.
            self.is_over.store(true, Ordering::Relaxed);
        }
    }
}
