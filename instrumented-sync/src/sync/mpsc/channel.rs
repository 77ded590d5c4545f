//! The constructors.

use super::end::{End, SenderEnd};
use super::{Receiver, Sender, SyncSender};
use std::sync::mpsc as real;

/// A new channel without a bound. The caller's place becomes its creation site.
#[must_use]
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = real::channel();
    let end = End::new(None);
    (Sender::new(SenderEnd::new(&end), sender), Receiver::new(end, receiver))
}

/// A new channel with room for `bound` messages; with 0 each send waits for its receive. The caller's place becomes its
/// creation site.
#[must_use]
#[track_caller]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    let (sender, receiver) = real::sync_channel(bound);
    let end = End::new(Some(bound));
    (SyncSender::new(SenderEnd::new(&end), sender), Receiver::new(end, receiver))
}
