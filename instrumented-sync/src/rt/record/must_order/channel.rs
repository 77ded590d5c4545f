//! The order that a channel gives.

use crate::rt::race;
use crate::rt::shared::stamp::Stamp;
use crate::rt::thread::local::Local;
use std::cell::RefCell;
use std::sync::Mutex;
use syncscope_detector::must_order::{Channel, Inbox};
use syncscope_recording::writer::bounded_lock;

/// What a channel keeps of it: kept in the channel, beside its identity.
#[derive(Debug, Default)]
pub(crate) struct ChannelOrder {
    channel: Channel,
    /// What those knew that dropped their sending ends.
    closed: Mutex<Stamp>,
}

/// The receiver's half of that: kept in the receiver.
#[derive(Debug, Default)]
pub(crate) struct ReceiverOrder {
    inbox: RefCell<Inbox>,
}

impl ChannelOrder {
    /// This thread sends; in a channel where that may have to wait if `waits`.
    #[inline]
    pub(crate) fn sending(&self, local: &Local, waits: bool) {
        if let Some(shared) = self.channel.sending(local.party()) {
            local.void([shared]);
        }
        if waits {
            local.parks_inside();
        }
    }

    /// A message of this thread's was refused for want of room.
    pub(crate) fn refused(&self, local: &Local) {
        local.void(self.channel.refused());
    }

    /// A sending end is dropped.
    pub(crate) fn drop_sender(&self, stamp: &Stamp) {
        if !stamp.is_empty()
            && let Some(mut closed) = bounded_lock(&self.closed)
        {
            closed.join(stamp);
        }
    }

    fn closed(&self) -> Stamp {
        bounded_lock(&self.closed).map(|closed| closed.clone()).unwrap_or_default()
    }
}

impl ReceiverOrder {
    /// This thread asks for a message, or has asked.
    #[inline]
    pub(crate) fn asked(&self, local: &Local, order: &ChannelOrder) {
        if let Ok(mut inbox) = self.inbox.try_borrow_mut() {
            asked(&mut inbox, local, order);
        }
    }

    /// This thread has received a message with that, by a call that waits however long it takes if `blocks`.
    #[inline]
    pub(crate) fn received(
        &self,
        local: &Local,
        order: &ChannelOrder,
        stamp: &Stamp,
        blocks: bool,
    ) {
        race::learn(local, stamp.race());
        let Ok(mut inbox) = self.inbox.try_borrow_mut() else { return };
        asked(&mut inbox, local, order);
        if let Some((known, on)) = inbox.received(&order.channel, &stamp.known, blocks) {
            local.learn_on(&known, on);
        }
    }

    /// This thread has found that the channel has ended, likewise.
    pub(crate) fn ended(&self, local: &Local, order: &ChannelOrder, blocks: bool) {
        self.asked(local, order);
        let closed = order.closed();
        race::learn(local, closed.race());
        let Ok(mut inbox) = self.inbox.try_borrow_mut() else { return };
        if blocks && let Some((known, on)) = inbox.ended(&order.channel, closed.known) {
            local.learn_on(&known, on);
        }
    }
}

#[inline]
fn asked(inbox: &mut Inbox, local: &Local, order: &ChannelOrder) {
    let party = local.party();
    if !inbox.knows(party) {
        local.void(inbox.asked_by(party, &order.channel).into_iter().flatten());
        local.parks_inside();
    }
}
