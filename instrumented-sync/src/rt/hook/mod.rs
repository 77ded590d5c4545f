//! Everything the mirrors call.
//!
//! Conventions: `desc` is an associated constant of the mirror, `const DESC: &'static Desc = &Desc::of::<T>(primitive::BARRIER);`.
//! `access` is a set of bits of [`access`]. `site` is `Location::caller()` of the user's call. Hooks never panic, but for
//! those that say so, and never block on anything instrumented.

mod atomic;
pub(crate) mod awaits;
mod cell;
mod declare;
mod event;
mod in_std;
pub(crate) mod job;
pub(crate) mod leak;
mod lock;
mod meet;
#[cfg(feature = "accesses")]
mod memory;
mod message;
mod once;
mod owned;
mod ownerless;
pub(crate) mod panics;
mod place;
pub(crate) mod task;
pub(crate) mod tested;
mod thread;
mod turns;
mod waiting;
pub(crate) mod worker;

pub(crate) use crate::rt::object::Site;
pub(crate) use crate::rt::record::must_order::{ChannelOrder, ReceiverOrder, RoomOrder};
pub(crate) use crate::rt::shared::runtime::is_recording;
pub(crate) use crate::rt::shared::stamp::Stamp;
pub(crate) use atomic::{AtomicTrack, Exclusive, fence};
pub(crate) use cell::CellTrack;
pub(crate) use declare::declared;
pub(crate) use in_std::{OfStd, Order, Unchecked, enters_std, in_std, leaves_std};
#[cfg(feature = "accesses")]
pub(crate) use in_std::{order_acquired, order_released};
pub(crate) use lock::{Blocked, acquired, blocking, ends_wait_for, lent, ready, released};
pub(crate) use meet::{CondvarWait, barrier_arriving, barrier_passed, condvar_wait, notified};
pub(crate) use message::{
    Receive, asked, disconnected, found_gone, received, receiver_dropped, receiving, refused,
    sender_dropped, sending, sending_bounded, sent, sent_bounded,
};
pub(crate) use once::{completed_seen, initialising, used};
pub(crate) use owned::{has_permits, is_owned};
pub(crate) use ownerless::{giving, taken, took, way};
pub(crate) use place::access as place_accessed;
pub(crate) use syncscope_recording::layout::{access, primitive, wait};
pub(crate) use thread::{Child, current_number, forking, scope_begin, scope_joined, unparked};
pub(crate) use turns::{about_to, after_release, before_release};
#[cfg(feature = "accesses")]
pub(crate) use turns::{goes_on, step};
pub(crate) use waiting::{Waited, Waiting, parked, waiting};
