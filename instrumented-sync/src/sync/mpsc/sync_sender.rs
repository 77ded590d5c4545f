//! `SyncSender`.

use super::end::{SenderEnd, desc};
use super::packet::{Packet, unpack, unpack_try};
use super::real_end::RealEnd;
use crate::rt::hook::{self, Order, Site, Waited, wait};
use std::fmt;
use std::panic::Location;
use std::sync::mpsc::{self as real, SendError, TrySendError};

/// The sending end of [`sync_channel`](super::sync_channel): [`std::sync::mpsc::SyncSender`], recorded.
pub struct SyncSender<T> {
    // Before the real end, so that what its owner knew is told before the channel ends.
    end: SenderEnd,
    inner: RealEnd<real::SyncSender<Packet<T>>>,
}

impl<T> SyncSender<T> {
    pub(super) fn new(end: SenderEnd, inner: real::SyncSender<Packet<T>>) -> Self {
        Self { end, inner: RealEnd::new(inner, Order::ByAtomics) }
    }

    /// Sends `t`, blocking while there is no room.
    ///
    /// Recorded: the message; before blocking also the wait, which is checked for a deadlock.
    ///
    /// # Errors
    ///
    /// The receiver is gone. The error contains the message.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    #[track_caller]
    pub fn send(&self, t: T) -> Result<(), SendError<T>> {
        let site = Location::caller();
        hook::about_to!(SEND, Some(self.end.meta()), site);
        hook::sending_bounded(self.end.room(), true);
        let packet = Packet::new(t, &self.end);
        match self.inner.call(|inner| inner.try_send(packet)) {
            Ok(()) => {}
            Err(TrySendError::Disconnected(packet)) => return Err(SendError(packet.message)),
            Err(TrySendError::Full(packet)) => self.send_blocking(packet, site)?,
        }
        self.sent_bounded();
        hook::sent(self.end.meta(), desc::<T>(), site);
        Ok(())
    }

    #[cold]
    fn send_blocking(&self, packet: Packet<T>, site: Site) -> Result<(), SendError<T>> {
        let object = Waited::Object(self.end.meta(), desc::<T>());
        let _waiting = hook::waiting(wait::SEND, object, site);
        self.inner.call(|inner| inner.send(packet)).map_err(unpack)
    }

    #[inline]
    fn sent_bounded(&self) {
        let (end, received) = (&self.end, self.end.made_room());
        hook::sent_bounded(end.meta(), desc::<T>(), end.room(), received);
    }

    /// Sends `t` if that needs no waiting. Recorded when it does.
    ///
    /// # Errors
    ///
    /// There is no room, or the receiver is gone. The error contains the message.
    #[track_caller]
    pub fn try_send(&self, t: T) -> Result<(), TrySendError<T>> {
        hook::about_to!(SEND, Some(self.end.meta()), Location::caller());
        hook::sending_bounded(self.end.room(), false);
        let packet = Packet::new(t, &self.end);
        self.inner.call(|inner| inner.try_send(packet)).map_err(|error| {
            if matches!(error, TrySendError::Full(_)) {
                hook::refused(self.end.order());
            }
            unpack_try(error)
        })?;
        self.sent_bounded();
        hook::sent(self.end.meta(), desc::<T>(), Location::caller());
        Ok(())
    }
}

impl<T> Clone for SyncSender<T> {
    /// Another sender into the same channel.
    fn clone(&self) -> SyncSender<T> {
        SyncSender { end: self.end.clone(), inner: self.inner.clone() }
    }
}

impl<T> fmt::Debug for SyncSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.call(|inner| inner.fmt(f))
    }
}
