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

/// Accesses that nobody checks.
#[derive(Debug)]
pub(in crate::ext) struct Unchecked;

impl Unchecked {
    #[inline]
    pub(in crate::ext) fn begin() -> Self {
        Self
    }
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

/// What tests ask of their own threads: nothing is recorded, so there is never an answer.
pub(in crate::ext) mod tested {
    /// An object that a test speaks of.
    #[derive(Clone, Copy, Debug)]
    pub(in crate::ext) enum Thing<'a> {
        Object,
        #[expect(dead_code, reason = "given by tests; only a runtime would read it")]
        Name(&'a str),
    }

    /// What was found.
    #[derive(Debug)]
    pub(in crate::ext) enum Found {}

    /// A finding in words.
    #[derive(Debug)]
    pub(in crate::ext) struct Told {
        pub(in crate::ext) rule: &'static str,
        pub(in crate::ext) grade: &'static str,
        pub(in crate::ext) message: String,
        pub(in crate::ext) places: Vec<String>,
    }

    /// How two locks were nested.
    #[derive(Debug)]
    pub(in crate::ext) struct Nested {
        pub(in crate::ext) outer: String,
        pub(in crate::ext) inner: String,
    }

    /// What a block did with two locks.
    #[derive(Debug)]
    pub(in crate::ext) struct Orders {
        pub(in crate::ext) kept: Option<Nested>,
        pub(in crate::ext) broken: Option<Nested>,
        pub(in crate::ext) is_incomplete: bool,
    }

    /// A block of which nothing is counted.
    #[derive(Debug)]
    pub(in crate::ext) struct Block;

    impl Found {
        #[expect(clippy::unnecessary_wraps, reason = "as of a runtime")]
        pub(in crate::ext) fn judge() -> Result<Option<Self>, String> {
            Ok(None)
        }

        pub(in crate::ext) fn told(&self) -> Vec<Told> {
            match *self {}
        }

        pub(in crate::ext) fn has(&self, _rule: &str, _: &[Thing<'_>]) -> bool {
            match *self {}
        }

        pub(in crate::ext) fn lost(&self) -> u64 {
            match *self {}
        }
    }

    impl Block {
        #[expect(clippy::unnecessary_wraps, reason = "as of a runtime")]
        pub(in crate::ext) fn begin() -> Result<Self, String> {
            Ok(Self)
        }

        #[expect(clippy::unnecessary_wraps, reason = "as of a runtime")]
        pub(in crate::ext) fn end(
            self,
            _first: Thing<'_>,
            _second: Thing<'_>,
        ) -> Result<Option<Orders>, String> {
            Ok(None)
        }
    }

    /// There are no rules to compare with.
    pub(in crate::ext) fn is_rule(_name: &str) -> bool {
        true
    }
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
