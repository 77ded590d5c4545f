//! What really travels through a channel: the message, and what its sender knew.

use crate::rt::hook::{self, Stamp};
use std::sync::mpsc::{SendError, TrySendError};

use super::end::End;

/// A message on its way.
#[derive(Debug)]
pub(super) struct Packet<T> {
    pub(super) stamp: Stamp,
    pub(super) message: T,
}

impl<T> Packet<T> {
    /// Packs a message that is about to be sent.
    pub(super) fn new(message: T, end: &End) -> Self {
        Self { stamp: hook::sending(end.order(), end.is_bounded()), message }
    }
}

/// The user's message out of a packet that was not sent.
pub(super) fn unpack<T>(error: SendError<Packet<T>>) -> SendError<T> {
    SendError(error.0.message)
}

/// As [`unpack`].
pub(super) fn unpack_try<T>(error: TrySendError<Packet<T>>) -> TrySendError<T> {
    match error {
        TrySendError::Full(packet) => TrySendError::Full(packet.message),
        TrySendError::Disconnected(packet) => TrySendError::Disconnected(packet.message),
    }
}
