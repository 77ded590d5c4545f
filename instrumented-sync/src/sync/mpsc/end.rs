//! The identity that both ends of a channel share.

use crate::rt::hook::{self, ChannelOrder, RoomOrder};
use crate::rt::object::meta::{Desc, Meta};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What an end knows of its channel.
#[derive(Clone, Debug)]
pub(super) struct End {
    channel: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    meta: Meta,
    order: ChannelOrder,
    bound: Option<Bound>,
}

/// What a channel has in which messages may have to wait for room.
#[derive(Debug)]
struct Bound {
    /// Messages that fit.
    size: u64,
    /// Messages sent so far.
    sent: AtomicU64,
    /// The order that it gives, if that is followed.
    room: Option<RoomOrder>,
}

/// A sending end. Its drop is told: the end of a channel comes after all of them.
#[derive(Debug)]
pub(super) struct SenderEnd(End);

impl End {
    /// The first end of a new channel, created at the caller's place.
    #[track_caller]
    pub(super) fn new(bound: Option<usize>) -> End {
        let order = ChannelOrder::default();
        let bound = bound.map(|size| Bound {
            size: size as u64,
            sent: AtomicU64::new(0),
            room: RoomOrder::of(size),
        });
        End { channel: Arc::new(Shared { meta: Meta::new(), order, bound }) }
    }

    /// The channel's identity.
    #[inline]
    pub(super) fn meta(&self) -> &Meta {
        &self.channel.meta
    }

    /// Whether messages may have to wait for room.
    #[inline]
    pub(super) fn is_bounded(&self) -> bool {
        self.channel.bound.is_some()
    }

    /// A message was sent: how many must have been received for it to find room.
    #[inline]
    pub(super) fn made_room(&self) -> Option<u64> {
        let Bound { size, sent, .. } = self.channel.bound.as_ref()?;
        // Relaxed: a count; whoever is counted late asks for more than it needs.
        (sent.fetch_add(1, Ordering::Relaxed) + 1).checked_sub(*size)
    }

    /// The order that room in it gives.
    #[inline]
    pub(super) fn room(&self) -> Option<&RoomOrder> {
        self.channel.bound.as_ref()?.room.as_ref()
    }

    /// The order that the channel gives.
    #[inline]
    pub(super) fn order(&self) -> &ChannelOrder {
        &self.channel.order
    }
}

impl SenderEnd {
    pub(super) fn new(end: &End) -> SenderEnd {
        SenderEnd(end.clone())
    }
}

impl std::ops::Deref for SenderEnd {
    type Target = End;

    #[inline]
    fn deref(&self) -> &End {
        &self.0
    }
}

impl Clone for SenderEnd {
    fn clone(&self) -> SenderEnd {
        SenderEnd::new(&self.0)
    }
}

impl Drop for SenderEnd {
    fn drop(&mut self) {
        hook::sender_dropped(self.order());
    }
}

/// What the runtime knows of a channel of `T`.
pub(super) const fn desc<T>() -> &'static Desc {
    const { &Desc::of::<T>(crate::rt::hook::primitive::CHANNEL) }
}
