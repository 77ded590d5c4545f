//! What tasks await beside locks: messages, notifications, times. Called where a poll ends in vain.

use super::Site;
use crate::rt::life::{awaits, enter};
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::shared::rest::Alone;
use crate::rt::shared::runtime;
use crate::rt::thread::awaits::Awaited;
use crate::rt::thread::local::{self, Local};
use crate::rt::thread::task::{Frame, with_current};
use syncscope_recording::layout::wait;

/// Who may give what is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Giver {
    /// Who has the other end of a channel.
    OtherEnd,
    /// Likewise, of a channel that was made for this one message.
    Replier,
    /// Anybody, as far as is known.
    Anyone,
}

/// The task that is polled awaits `meta`, in a wait of this kind, with this poll and by this waker; null where that is not known.
#[cold]
pub(crate) fn awaits(
    meta: &Meta,
    desc: &'static Desc,
    (kind, giver): (u32, Giver),
    (site, waker): (Site, *const ()),
) {
    with_current(|frame| {
        if !awaits::are_told(frame) {
            return;
        }
        let tell = |local: &Local| {
            let object = meta.instance(local, desc);
            if object != 0 {
                let class = meta.class();
                if kind == wait::RECV {
                    local.runtime.receivers.put(object, number(frame));
                }
                let is_reply = giver == Giver::Replier;
                let channel = Alone { channel: std::ptr::from_ref(meta).addr(), is_reply };
                let is_known = giver != Giver::Anyone && frame.waker == waker;
                let channel = Some(channel).filter(|_| is_known);
                frame.awaits.add(Awaited { kind, object, object2: 0, class, site, channel });
            }
        };
        // What has its number needs no room.
        if meta.is_registered() {
            enter::enter_briefly(tell);
        } else {
            enter::enter(tell);
        }
    });
}

/// The task that is polled awaits a time.
#[cold]
pub(crate) fn awaits_time(site: Site) {
    with_current(|frame| {
        if awaits::are_told(frame) {
            let (object, object2, class, channel) = (0, 0, 0, None);
            frame.awaits.add(Awaited { kind: wait::SLEEP, object, object2, class, site, channel });
        }
    });
}

/// A message of `meta` was received, or asked for without waiting: by the task that is polled, or outside of tasks. Who receives is alone.
#[inline]
pub(crate) fn receives(meta: &Meta) {
    let channel = meta.number();
    if channel != 0
        && let Some(runtime) = runtime::started()
    {
        runtime.receivers.put(channel, with_current(number).flatten());
    }
}

/// The number of the task that is polled, if it has a state.
#[inline]
fn number(frame: &Frame) -> Option<u32> {
    let local = local::attached()?;
    std::ptr::eq(local, frame.who().task().state()).then_some(local.number)
}
