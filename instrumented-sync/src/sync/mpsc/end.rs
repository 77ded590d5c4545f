//! The identity that both ends of a channel share.

use crate::rt::hook::{self, ChannelOrder};
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
    /// Messages that fit, where that is limited, and messages sent so far.
    bound: Option<(usize, AtomicU64)>,
}

/// A sending end. Its drop is told: the end of a channel comes after all of them.
#[derive(Debug)]
pub(super) struct SenderEnd(End);

impl End {
    /// The first end of a new channel, created at the caller's place.
    #[track_caller]
    pub(super) fn new(bound: Option<usize>) -> End {
        let order = ChannelOrder::default();
        let bound = bound.map(|bound| (bound, AtomicU64::new(0)));
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
        let (bound, sent) = self.channel.bound.as_ref()?;
        // Relaxed: a count; whoever is counted late asks for more than it needs.
        (sent.fetch_add(1, Ordering::Relaxed) + 1).checked_sub(*bound as u64)
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
