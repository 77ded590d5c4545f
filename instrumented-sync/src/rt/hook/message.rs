//! Channels.

use super::Site;
use super::event::emit_passed;
use crate::rt::life::enter;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::race;
use crate::rt::record::must_order::{ChannelOrder, ReceiverOrder, RoomOrder};
use crate::rt::shared::stamp::Stamp;
use crate::rt::shared::{race_flag, runtime};
use crate::rt::thread::local::{self, Local};
use syncscope_recording::layout::{event, primitive};

/// A message is about to be sent: what travels with it. `waits`: that may have to wait for room.
#[inline]
pub(crate) fn sending(order: &ChannelOrder, waits: bool) -> Stamp {
    if runtime::is_off() { Stamp::default() } else { stamped(order, waits) }
}

#[inline(never)]
fn stamped(order: &ChannelOrder, waits: bool) -> Stamp {
    enter::enter_briefly(|local| {
        order.sending(local, waits);
        local.stamp()
    })
    .unwrap_or_default()
}

/// A message was refused for want of room.
#[cold]
pub(crate) fn refused(order: &ChannelOrder) {
    enter::enter(|local| order.refused(local));
}

/// A message was sent (after the real call succeeded).
#[inline]
pub(crate) fn sent(channel: &Meta, desc: &'static Desc, site: Site) {
    if !runtime::is_off() {
        sent_on(channel, desc, site);
    }
}

#[inline(never)]
fn sent_on(channel: &Meta, desc: &'static Desc, site: Site) {
    enter::enter_briefly(|local| {
        let instance = channel.instance(local, desc);
        if instance == 0 {
            return;
        }
        // A message carries its own order; what has no message is given to all who take.
        if race_flag::is_on() && desc.primitive != primitive::CHANNEL {
            race::given(local, instance);
        }
        // To be too early by a beat does no harm: whoever receives it reads the clock.
        local.emit_other(
            event::SEND,
            local.sites.get(local.runtime, site),
            instance,
            local.any_ticks(),
            0,
        );
    });
}

/// A message was received (after the real call), with what travelled with it.
#[inline]
pub(crate) fn received(
    channel: &Meta,
    desc: &'static Desc,
    orders: (&ChannelOrder, &ReceiverOrder),
    stamp: &Stamp,
    call: Receive,
) {
    if !runtime::is_off() {
        received_on(channel, desc, orders, stamp, call);
    }
}

/// A call that receives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receive {
    /// Its place.
    pub(crate) site: Site,
    /// It waits for a message however long it takes.
    pub(crate) blocks: bool,
}

#[inline(never)]
fn received_on(
    channel: &Meta,
    desc: &'static Desc,
    (order, receiver): (&ChannelOrder, &ReceiverOrder),
    stamp: &Stamp,
    call: Receive,
) {
    enter::enter_briefly(|local| {
        emit_passed(local, channel, desc, event::RECV, call.site);
        receiver.received(local, order, stamp, call.blocks);
        if call.blocks {
            local.jobs.hears();
        }
    });
}

/// No message is there: the receiver waits now, or goes on without.
#[cold]
pub(crate) fn asked(order: &ChannelOrder, receiver: &ReceiverOrder) {
    enter::enter(|local| receiver.asked(local, order));
}

/// A receiver found that all sending ends are gone.
#[cold]
pub(crate) fn disconnected(order: &ChannelOrder, receiver: &ReceiverOrder, blocks: bool) {
    enter::enter(|local| receiver.ended(local, order, blocks));
}

/// A sending end is about to be dropped.
pub(crate) fn sender_dropped(order: &ChannelOrder) {
    // A thread without an event of its own knows nothing to tell.
    let stamp =
        local::attached().filter(|local| local.is_free()).map(|local| local.run(Local::stamp));
    order.drop_sender(&stamp.unwrap_or_default());
}

/// The receiving end of a channel is about to be dropped.
#[inline]
pub(crate) fn receiver_dropped(channel: &Meta, desc: &'static Desc) {
    if race_flag::is_on() {
        enter::enter(|local| race::given(local, channel.instance(local, desc)));
    }
}

/// A sender has found that the receiving end is gone.
#[cold]
pub(crate) fn found_gone(channel: &Meta, desc: &'static Desc) {
    if race_flag::is_on() {
        enter::enter(|local| race::taken(local, channel.instance(local, desc)));
    }
}

/// A bounded channel is asked for its message number `received`, until there is one if `blocks`.
#[inline]
pub(crate) fn receiving(
    channel: &Meta,
    desc: &'static Desc,
    room: Option<&RoomOrder>,
    received: u64,
    blocks: bool,
) {
    if let Some(room) = followed(room) {
        enter::enter_briefly(|local| room.asked(local, blocks));
    }
    if race_flag::is_on() {
        enter::enter(|local| race::asked(local, channel.instance(local, desc), received));
    }
}

/// A message is about to be sent into a bounded channel, when there is room if `blocks`.
#[inline]
pub(crate) fn sending_bounded(room: Option<&RoomOrder>, blocks: bool) {
    if let Some(room) = followed(room) {
        enter::enter_briefly(|local| room.sending(local, blocks));
    }
}

/// A message was sent into a bounded channel, for which so many must have been received.
#[inline]
pub(crate) fn sent_bounded(
    channel: &Meta,
    desc: &'static Desc,
    room: Option<&RoomOrder>,
    received: Option<u64>,
) {
    if let Some(room) = followed(room) {
        enter::enter_briefly(|local| room.sent(local));
    }
    if let Some(received) = received
        && race_flag::is_on()
    {
        enter::enter(|local| race::found_room(local, channel.instance(local, desc), received));
    }
}

/// What is to be told to a channel, if anything is.
#[inline]
fn followed(room: Option<&RoomOrder>) -> Option<&RoomOrder> {
    room.filter(|room| !room.is_over() && !runtime::is_off())
}
