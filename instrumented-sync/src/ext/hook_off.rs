//! The hooks of [`crate::ext`] without a runtime: the same names, and nothing behind them.

use std::panic::Location;

/// A place in the user's source.
pub(in crate::ext) type Site = &'static Location<'static>;

/// An identity that nobody asks for: no bytes.
#[derive(Debug)]
pub(in crate::ext) struct Meta;

/// A description that nobody reads.
#[derive(Debug)]
pub(in crate::ext) struct Desc;

/// What a thread waits for.
#[derive(Clone, Copy, Debug)]
#[expect(dead_code, reason = "given by the primitives; only a runtime would read it")]
pub(in crate::ext) enum Waited<'a> {
    /// An object with an identity.
    Object(&'a Meta, &'static Desc),
}

/// A wait that is not published.
#[derive(Debug)]
pub(in crate::ext) struct Waiting;

/// A wait for a lock that is not published.
#[derive(Debug)]
pub(in crate::ext) struct Blocked;

/// How a lock is taken.
pub(in crate::ext) mod access {
    /// By a call that does not wait for ever.
    pub(in crate::ext) const TRY: u8 = 2;
}

/// Which primitive.
pub(in crate::ext) mod primitive {
    pub(in crate::ext) const EVENT: u32 = 0;
    pub(in crate::ext) const LOCK: u32 = 0;
    pub(in crate::ext) const QUEUE: u32 = 0;
    pub(in crate::ext) const REENTRANT: u32 = 0;
    pub(in crate::ext) const SEMAPHORE: u32 = 0;
}

/// What is given.
pub(in crate::ext) mod way {
    pub(in crate::ext) const ITEM: u32 = 0;
    pub(in crate::ext) const ROOM: u32 = 0;
    pub(in crate::ext) const DONE: u32 = 0;
}

/// What kind of wait.
pub(in crate::ext) mod wait {
    pub(in crate::ext) const EVENT: u32 = 0;
    pub(in crate::ext) const GET: u32 = 0;
    pub(in crate::ext) const LOCK: u32 = 0;
    pub(in crate::ext) const MUTEX: u32 = 0;
    pub(in crate::ext) const PUT: u32 = 0;
    pub(in crate::ext) const QUEUE_JOIN: u32 = 0;
    pub(in crate::ext) const SEMAPHORE: u32 = 0;
    pub(in crate::ext) const TIMED: u32 = 0;
}

impl Meta {
    pub(in crate::ext) const fn new() -> Self {
        Self
    }
}

impl Desc {
    #[expect(clippy::extra_unused_type_parameters, reason = "a runtime would name the type")]
    pub(in crate::ext) const fn of<T: ?Sized>(_primitive: u32) -> Self {
        Self
    }
}

impl Blocked {
    pub(in crate::ext) fn acquired(self) {}
}

/// Nothing is known before an acquisition, and nothing said of it.
#[derive(Clone, Copy, Debug)]
pub(in crate::ext) struct Ready;

impl Ready {
    #[inline]
    pub(in crate::ext) fn acquired(self, _: &Meta, _: &'static Desc, _access: u8, _: Site) {}
}

#[inline]
pub(in crate::ext) fn ready(_: &Meta, _: &'static Desc) -> Ready {
    Ready
}

#[inline]
pub(in crate::ext) fn released(_: &Meta, _access: u8) {}

#[inline]
pub(in crate::ext) fn blocking(
    _: &Meta,
    _: &'static Desc,
    _access: u8,
    _kind: u32,
    _: Site,
) -> Blocked {
    Blocked
}

#[inline]
pub(in crate::ext) fn waiting(_kind: u32, _: Waited<'_>, _: Site) -> Waiting {
    Waiting
}

#[inline]
pub(in crate::ext) fn notified(_: &Meta, _: &'static Desc, _all: bool, _: Site) {}

#[inline]
pub(in crate::ext) fn sent(_: &Meta, _: &'static Desc, _: Site) {}

#[inline]
pub(in crate::ext) fn taken(_: &Meta, _: &'static Desc, _: Site) {}

#[inline]
pub(in crate::ext) fn giving(_: &Meta, _: &'static Desc, _way: u32) {}

#[inline]
pub(in crate::ext) fn took(_: &Meta, _: &'static Desc, _way: u32) {}

#[inline]
pub(in crate::ext) fn declared(_names: &[&str]) {}
