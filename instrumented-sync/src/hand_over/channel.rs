//! Channels of other crates, and what ends like one.

use super::waits::Waits;
use crate::raw::{Kind, Site};
use crate::rt::hook::{
    self, ChannelOrder, Receive, ReceiverOrder, Stamp, Waited, giving, took, wait, way,
};
use crate::rt::object::meta::Meta;
use std::sync::Mutex;
use syncscope_recording::writer::bounded_lock;

/// A channel: who it is, and what order its messages give. All of its ends share it.
#[derive(Debug)]
pub struct Channel {
    meta: Meta,
    kind: &'static Kind,
    is_bounded: bool,
    order: ChannelOrder,
    /// All receiving ends count as one that several threads use.
    receiver: Mutex<ReceiverOrder>,
}

/// A message on its way, with what its sender knew.
#[derive(Debug)]
pub struct Packet<T> {
    stamp: Stamp,
    message: T,
}

/// What a select may do with a channel.
#[derive(Clone, Copy, Debug)]
pub enum End<'a> {
    /// Receive from it.
    Receives(&'a Channel),
    /// Send into it.
    Sends(&'a Channel),
}

impl Packet<()> {
    /// What is known of a message's sender is nothing.
    pub(super) fn unknown() -> Self {
        Self { stamp: Stamp::default(), message: () }
    }
}

impl<T> Packet<T> {
    /// The message, which was not sent.
    #[inline]
    pub fn unpack(self) -> T {
        self.message
    }
}

impl Channel {
    /// A new channel, created at this place; `is_bounded` if messages may have to wait for room.
    #[must_use]
    pub fn new(kind: &'static Kind, is_bounded: bool, site: Site) -> Self {
        let (order, receiver) = (ChannelOrder::default(), Mutex::default());
        Self { meta: Meta::created_at(site), kind, is_bounded, order, receiver }
    }

    #[inline]
    fn receiver(&self, tell: impl FnOnce(&ReceiverOrder)) {
        match bounded_lock(&self.receiver) {
            Some(receiver) => tell(&receiver),
            // What is not told leaves no order.
            None => hook::refused(&self.order),
        }
    }

    /// A message is about to be sent.
    #[inline]
    pub fn pack<T>(&self, message: T) -> Packet<T> {
        hook::about_to!(SEND, Some(&self.meta), None);
        Packet { stamp: hook::sending(&self.order, self.is_bounded), message }
    }

    /// What the thread knows of accesses goes to all who take a message later: nothing can go with it.
    #[inline]
    pub(super) fn gives_to_all(&self) {
        giving(&self.meta, &self.kind.0, way::ITEM);
    }

    /// The thread learns what all knew of accesses who gave a message before.
    #[inline]
    pub(super) fn took_from_all(&self) {
        took(&self.meta, &self.kind.0, way::ITEM);
    }

    /// It was sent.
    #[inline]
    pub fn sent(&self, site: Site) {
        if self.is_bounded {
            took(&self.meta, &self.kind.0, way::ROOM);
        }
        hook::sent(&self.meta, &self.kind.0, site);
    }

    /// It was not, for want of room; or a call may do something else instead.
    #[cold]
    pub fn refused(&self) {
        hook::refused(&self.order);
    }

    /// The thread is about to wait for room, until the value is dropped.
    ///
    /// # Panics
    ///
    /// When this completes a deadlock and the chosen response is to panic.
    #[cold]
    pub fn waits_for_room(&self, is_timed: bool, site: Site) -> Waits {
        self.waits(wait::SEND, is_timed, site)
    }

    /// A message is about to be asked for: that makes room for others.
    #[inline]
    pub fn asking(&self) {
        hook::about_to!(RECEIVE, Some(&self.meta), None);
        if self.is_bounded {
            giving(&self.meta, &self.kind.0, way::ROOM);
        }
    }

    /// No message is there.
    #[cold]
    pub fn is_empty(&self) {
        self.receiver(|receiver| hook::asked(&self.order, receiver));
    }

    /// The thread is about to wait for a message, until the value is dropped.
    ///
    /// # Panics
    ///
    /// As [`waits_for_room`](Self::waits_for_room).
    #[cold]
    pub fn waits_for_message(&self, is_timed: bool, site: Site) -> Waits {
        self.is_empty();
        self.waits(wait::RECV, is_timed, site)
    }

    /// A message has come; `blocks`: by a call that waits for one however long it takes.
    #[inline]
    pub fn received<T>(&self, packet: Packet<T>, blocks: bool, site: Site) -> T {
        let call = Receive { site, blocks };
        self.receiver(|receiver| {
            let orders = (&self.order, receiver);
            hook::received(&self.meta, &self.kind.0, orders, &packet.stamp, call);
        });
        packet.message
    }

    /// No message will come any more, since all sending ends are gone.
    #[cold]
    pub fn ended(&self, blocks: bool) {
        self.receiver(|receiver| hook::disconnected(&self.order, receiver, blocks));
    }

    /// A sending end is about to be dropped.
    #[inline]
    pub fn sender_dropped(&self) {
        hook::sender_dropped(&self.order);
    }

    /// A wait group: the thread is about to wait until all clones are gone, as [`waits_for_message`](Self::waits_for_message).
    ///
    /// # Panics
    ///
    /// As [`waits_for_room`](Self::waits_for_room).
    #[cold]
    pub fn waits_for_end(&self, site: Site) -> Waits {
        self.is_empty();
        self.waits(wait::WAIT_GROUP, false, site)
    }

    #[cold]
    fn waits(&self, kind: u32, is_timed: bool, site: Site) -> Waits {
        Waits::begin(kind, Waited::Object(&self.meta, &self.kind.0), is_timed, site)
    }

    /// The thread is about to wait until it can use one of these ends, which is then not known of the others.
    ///
    /// # Panics
    ///
    /// As [`waits_for_room`](Self::waits_for_room).
    #[cold]
    pub fn select<'a>(
        ends: impl Iterator<Item = End<'a>> + Clone,
        is_timed: bool,
        site: Site,
    ) -> Waits {
        let mut others = ends.clone();
        // Nothing is ever there.
        let Some(first) = others.next() else {
            return Waits::begin(wait::PARK, Waited::Nothing, is_timed, site);
        };
        let second = others.find(|end| !std::ptr::eq(end.channel(), first.channel()));
        match (first, second) {
            (End::Receives(channel), None) if ends.clone().all(|end| end.receives()) => {
                channel.waits(wait::RECV, is_timed, site)
            }
            (End::Sends(channel), None) if ends.clone().all(|end| !end.receives()) => {
                channel.waits(wait::SEND, is_timed, site)
            }
            (first, second) => {
                let object = |end: End<'a>| (&end.channel().meta, &end.channel().kind.0);
                let objects = [object(first), object(second.unwrap_or(first))];
                Waits::begin(wait::SELECT, Waited::Either(objects), is_timed, site)
            }
        }
    }

    /// These ends are about to be looked at, and at most one of them used: in another schedule it may be another one.
    #[inline]
    pub fn choose<'a>(ends: impl Iterator<Item = End<'a>>) {
        for end in ends {
            match end {
                End::Receives(channel) => {
                    channel.asking();
                    channel.is_empty();
                }
                End::Sends(channel) => channel.refused(),
            }
        }
    }
}

impl<'a> End<'a> {
    fn channel(self) -> &'a Channel {
        match self {
            Self::Receives(channel) | Self::Sends(channel) => channel,
        }
    }

    fn receives(self) -> bool {
        matches!(self, Self::Receives(_))
    }
}
