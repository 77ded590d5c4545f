//! `Sender`.

use super::end::{SenderEnd, desc};
use super::packet::{Packet, unpack};
use super::real_end::RealEnd;
use crate::rt::hook::{self, Order};
use std::fmt;
use std::panic::Location;
use std::sync::mpsc::{self as real, SendError};

/// The sending end of [`channel`](super::channel): [`std::sync::mpsc::Sender`], recorded.
pub struct Sender<T> {
    // Before the real end, so that what its owner knew is told before the channel ends.
    end: SenderEnd,
    inner: RealEnd<real::Sender<Packet<T>>>,
}

impl<T> Sender<T> {
    pub(super) fn new(end: SenderEnd, inner: real::Sender<Packet<T>>) -> Self {
        Self { end, inner: RealEnd::new(inner, Order::ByHooks) }
    }

    /// Sends `t`. Never blocks. Recorded.
    ///
    /// # Errors
    ///
    /// The receiver is gone. The error contains the message.
    #[track_caller]
    pub fn send(&self, t: T) -> Result<(), SendError<T>> {
        let site = Location::caller();
        hook::about_to!(SEND, Some(self.end.meta()), site);
        let inner = self.inner.enter();
        let packet = Packet::new(t, &self.end);
        if let Err(error) = inner.send(packet) {
            hook::found_gone(self.end.meta(), desc::<T>());
            return Err(unpack(error));
        }
        hook::sent(self.end.meta(), desc::<T>(), site);
        Ok(())
    }
}

impl<T> Clone for Sender<T> {
    /// Another sender into the same channel.
    fn clone(&self) -> Sender<T> {
        Sender { end: self.end.clone(), inner: self.inner.clone() }
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.call(|inner| inner.fmt(f))
    }
}
