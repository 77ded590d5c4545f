//! Channels, recorded where threads block.

use std::__syncscope::instrumented_sync::hand_over::Channel;
use std::__syncscope::instrumented_sync::raw::{Kind, Site};
use std::time::Duration;

pub(crate) use std::__syncscope::instrumented_sync::hand_over::{End, Ended, Piped};
pub(crate) use std::__syncscope::instrumented_sync::raw::{plain, site};

/// What reports call channels of each kind, for messages of a type.
struct flume_bounded<T>(T);
struct flume_rendezvous<T>(T);
struct flume_unbounded<T>(T);

/// What stands for a new channel with so much room.
pub(crate) fn piped<T>(room: Option<usize>, site: Site) -> Piped<()> {
    let kind = match room {
        None => Kind::channel::<flume_unbounded<T>>(),
        Some(0) => Kind::channel::<flume_rendezvous<T>>(),
        Some(_) => Kind::channel::<flume_bounded<T>>(),
    };
    Piped::new(kind, room.is_some(), site, ())
}

/// Parks the thread, for a selector of these.
#[track_caller]
pub(crate) fn park(ends: &[End<'_>]) {
    let _waits = Channel::select(ends.iter().copied(), false, site());
    plain::thread::park();
}

/// As [`park`], for a time.
#[track_caller]
pub(crate) fn park_timeout(ends: &[End<'_>], most: Duration) {
    let _waits = Channel::select(ends.iter().copied(), true, site());
    plain::thread::park_timeout(most);
}
