//! What every mirrored object carries beside std's: its identity.

use std::panic::Location;
use std::sync::atomic::AtomicU32;

/// Identity of a lock (or other object): 24 bytes, no drop glue, `const`, valid when zeroed.
#[derive(Debug)]
pub(crate) struct Meta {
    /// Where it was created; `None` in zeroed memory.
    pub(super) site: Option<&'static Location<'static>>,
    /// Instance number, 0 until the first use.
    pub(super) id: AtomicU32,
    /// Board slot + 1 of the last exclusive owner: a hint, always checked against that thread's held stack.
    pub(super) owner: AtomicU32,
    /// Acquisitions so far, counted while it is held; wraps.
    pub(super) seq: AtomicU32,
    /// Class (low 24 bits) and flags, 0 until the first use.
    pub(super) class: AtomicU32,
}

const _: () = assert!(size_of::<Meta>() == 24);

/// What is known of an object at compile time. One static per type, passed by reference to keep the mirrors thin.
#[derive(Debug)]
pub(crate) struct Desc {
    /// See [`syncscope_recording::layout::primitive`].
    pub(super) primitive: u32,
    /// Name of the protected type.
    pub(super) type_name: fn() -> &'static str,
}

impl Meta {
    /// A new identity, created at the caller's place.
    #[track_caller]
    pub(crate) const fn new() -> Self {
        Self {
            site: Some(Location::caller()),
            id: AtomicU32::new(0),
            owner: AtomicU32::new(0),
            seq: AtomicU32::new(0),
            class: AtomicU32::new(0),
        }
    }
}

impl Desc {
    /// The description of `primitive` around a `T`.
    pub(crate) const fn of<T: ?Sized>(primitive: u32) -> Self {
        Self { primitive, type_name: std::any::type_name::<T> }
    }
}
