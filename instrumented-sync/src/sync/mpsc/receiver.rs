//! `Receiver`.

use super::end::{End, desc};
use super::packet::Packet;
use super::real_end::RealEnd;
use crate::rt::hook::{self, Order, Receive, ReceiverOrder, Site, Waited, wait};
use std::cell::Cell;
use std::fmt;
use std::panic::{Location, RefUnwindSafe};
use std::sync::mpsc::{self as real, RecvError, RecvTimeoutError, TryRecvError};
use std::time::Duration;

/// The receiving end of a channel: [`std::sync::mpsc::Receiver`], recorded.
pub struct Receiver<T> {
    end: End,
    /// Messages received.
    received: Cell<u64>,
    /// What that told.
    order: ReceiverOrder,
    inner: RealEnd<real::Receiver<Packet<T>>>,
}

// As std's. No panic can leave the count or the order half written.
impl<T> RefUnwindSafe for Receiver<T> {}

impl<T> Receiver<T> {
    pub(super) fn new(end: End, inner: real::Receiver<Packet<T>>) -> Self {
        let order = if end.is_bounded() { Order::ByAtomics } else { Order::ByHooks };
        Self {
            end,
            received: Cell::new(0),
            order: ReceiverOrder::default(),
            inner: RealEnd::new(inner, order),
        }
    }

    /// Receives a message if one is there. Recorded when one is.
    ///
    /// # Errors
    ///
    /// There is no message; or all senders are gone too.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.try_recv_at(Location::caller())
    }

    #[inline]
    pub(super) fn try_recv_at(&self, site: Site) -> Result<T, TryRecvError> {
        let call = Receive { site, blocks: false };
        hook::about_to!(RECEIVE, Some(self.end.meta()), site);
        let inner = self.inner.enter();
        self.asking(false);
        match inner.try_recv() {
            Ok(packet) => Ok(self.received(packet, call)),
            Err(error) => Err(self.ended(error, TryRecvError::Disconnected, call)),
        }
    }

    /// Receives a message, blocking until one is there.
    ///
    /// Recorded: the message; before blocking also the wait, which is checked for a deadlock.
    ///
    /// # Errors
    ///
    /// There is no message and all senders are gone.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        self.recv_at(Location::caller())
    }

    #[inline]
    pub(super) fn recv_at(&self, site: Site) -> Result<T, RecvError> {
        hook::about_to!(RECEIVE, Some(self.end.meta()), site);
        let inner = self.inner.enter();
        self.asking(true);
        let result = match inner.try_recv() {
            Ok(packet) => Ok(packet),
            Err(TryRecvError::Disconnected) => Err(RecvError),
            Err(TryRecvError::Empty) => self.recv_blocking(site),
        };
        let call = Receive { site, blocks: true };
        match result {
            Ok(packet) => Ok(self.received(packet, call)),
            Err(error) => Err(self.ended(error, RecvError, call)),
        }
    }

    #[cold]
    fn recv_blocking(&self, site: Site) -> Result<Packet<T>, RecvError> {
        hook::asked(self.end.order(), &self.order);
        let object = Waited::Object(self.end.meta(), desc::<T>());
        let _waiting = hook::waiting(wait::RECV, object, site);
        self.inner.call(real::Receiver::recv)
    }

    /// Receives a message, blocking for at most about `timeout`.
    ///
    /// Recorded: the message; before blocking also the wait, as one that ends by itself.
    ///
    /// # Errors
    ///
    /// There was no message in time; or there is none and all senders are gone.
    #[track_caller]
    pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        let site = Location::caller();
        hook::about_to!(RECEIVE, Some(self.end.meta()), site);
        self.asking(false);
        let result = match self.inner.call(real::Receiver::try_recv) {
            Ok(packet) => Ok(packet),
            Err(TryRecvError::Disconnected) => Err(RecvTimeoutError::Disconnected),
            Err(TryRecvError::Empty) => self.recv_timeout_blocking(timeout, site),
        };
        let call = Receive { site, blocks: false };
        match result {
            Ok(packet) => Ok(self.received(packet, call)),
            Err(error) => Err(self.ended(error, RecvTimeoutError::Disconnected, call)),
        }
    }

    #[cold]
    fn recv_timeout_blocking(
        &self,
        timeout: Duration,
        site: Site,
    ) -> Result<Packet<T>, RecvTimeoutError> {
        hook::asked(self.end.order(), &self.order);
        let object = Waited::Object(self.end.meta(), desc::<T>());
        let _waiting = hook::waiting(wait::RECV | wait::TIMED, object, site);
        self.inner.call(|inner| inner.recv_timeout(timeout))
    }

    /// A message is about to be taken, if one comes: that makes room for others.
    #[inline]
    fn asking(&self, blocks: bool) {
        if self.end.is_bounded() {
            let (end, received) = (&self.end, self.received.get());
            hook::receiving(end.meta(), desc::<T>(), end.room(), received, blocks);
        }
    }

    fn received(&self, packet: Packet<T>, call: Receive) -> T {
        self.received.set(self.received.get() + 1);
        let orders = (self.end.order(), &self.order);
        hook::received(self.end.meta(), desc::<T>(), orders, &packet.stamp, call);
        packet.message
    }

    /// Hands an error through; if it says that the channel has ended, all senders' work happened before.
    #[cold]
    fn ended<E: PartialEq>(&self, error: E, end: E, call: Receive) -> E {
        if error == end {
            hook::disconnected(self.end.order(), &self.order, call.blocks);
        } else {
            hook::asked(self.end.order(), &self.order);
        }
        error
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        hook::receiver_dropped(self.end.meta(), desc::<T>());
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.call(|inner| inner.fmt(f))
    }
}
