//! Kinds of locks by whether their guards may be sent to another thread: the original's feature `send_guard`.

use crate::original::{RawMutex, lock_api};
use crate::raw::Kind;
use std::marker::PhantomData;

/// See [`Kind::MUTEX`].
pub(crate) const MUTEX: &Kind = if IS_SENT { Kind::SENT_MUTEX } else { Kind::MUTEX };
/// See [`Kind::RWLOCK`].
pub(crate) const RWLOCK: &Kind = if IS_SENT { Kind::SENT_RWLOCK } else { Kind::RWLOCK };
/// See [`Kind::UPGRADE`].
pub(crate) const UPGRADE: &Kind = if IS_SENT { Kind::SENT_UPGRADE } else { Kind::UPGRADE };

const IS_SENT: bool = Probe::<<RawMutex as lock_api::RawMutex>::GuardMarker>::IS_SEND;

/// Has a constant of its own that wins over the trait's, where `T` is `Send`.
struct Probe<T>(PhantomData<T>);

trait Unsent {
    const IS_SEND: bool = false;
}

impl<T> Unsent for Probe<T> {}

impl<T: Send> Probe<T> {
    const IS_SEND: bool = true;
}
