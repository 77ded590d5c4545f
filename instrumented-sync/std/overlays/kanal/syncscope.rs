//! Channels, recorded where threads block.

use crate::{ReceiveError, ReceiveErrorTimeout, SendError, SendErrorTimeout};
use std::__syncscope::instrumented_sync::hand_over::Ended;
use std::__syncscope::instrumented_sync::raw::Kind;

pub(crate) use std::__syncscope::instrumented_sync::hand_over::Piped;
pub(crate) use std::__syncscope::instrumented_sync::raw::{Site, plain, site};

pub use self::plain::MutexGuard;

/// What a channel is made of is behind this.
pub struct Mutex<T>(plain::Mutex<T>);

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Self(plain::Mutex::new(value))
    }
}

impl<T> Mutex<T> {
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(plain::PoisonError::into_inner)
    }

    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.0.try_lock() {
            Ok(guard) => Some(guard),
            Err(plain::TryLockError::Poisoned(error)) => Some(error.into_inner()),
            Err(plain::TryLockError::WouldBlock) => None,
        }
    }
}

/// What reports call channels of each kind, for messages of a type.
struct kanal_bounded<T>(T);
struct kanal_rendezvous<T>(T);
struct kanal_unbounded<T>(T);

/// A new channel around what it is made of.
pub(crate) fn piped<T, C>(is_bounded: bool, room: usize, site: Site, real: C) -> Piped<C> {
    let kind = match (is_bounded, room) {
        (false, _) => Kind::channel::<kanal_unbounded<T>>(),
        (true, 0) => Kind::channel::<kanal_rendezvous<T>>(),
        (true, _) => Kind::channel::<kanal_bounded<T>>(),
    };
    Piped::new(kind, is_bounded, site, real)
}

pub(crate) fn tried(result: &Result<bool, SendError>) -> Ended {
    match result {
        Ok(true) => Ended::Done,
        Ok(false) => Ended::NotYet,
        Err(_) => Ended::Gone,
    }
}

pub(crate) fn sent(result: &Result<(), SendError>) -> Ended {
    if result.is_ok() { Ended::Done } else { Ended::Gone }
}

pub(crate) fn sent_in_time(result: &Result<(), SendErrorTimeout>) -> Ended {
    match result {
        Ok(()) => Ended::Done,
        Err(SendErrorTimeout::Timeout) => Ended::NotYet,
        Err(_) => Ended::Gone,
    }
}

pub(crate) fn tried_to_receive<T>(result: &Result<Option<T>, ReceiveError>) -> Ended {
    match result {
        Ok(Some(_)) => Ended::Done,
        Ok(None) => Ended::NotYet,
        Err(_) => Ended::Gone,
    }
}

pub(crate) fn received<T>(result: &Result<T, ReceiveError>) -> Ended {
    if result.is_ok() { Ended::Done } else { Ended::Gone }
}

pub(crate) fn received_in_time<T>(result: &Result<T, ReceiveErrorTimeout>) -> Ended {
    match result {
        Ok(_) => Ended::Done,
        Err(ReceiveErrorTimeout::Timeout) => Ended::NotYet,
        Err(_) => Ended::Gone,
    }
}
