//! The primitives: all that depends on which one it is, a row for each.

use super::access::Access;
use crate::layout::primitive;

/// What is known of a primitive.
#[derive(Debug)]
struct Row {
    name: &'static str,
    is_lock: bool,
    keeps_out: bool,
    /// The call that takes it, and the one that only tries.
    calls: [&'static str; 2],
    /// The same for readers, where they have their own.
    reads: Option<[&'static str; 2]>,
    gives: &'static str,
    takes: &'static str,
}

/// What most locks have in common.
const LOCK: Row = Row {
    name: "lock",
    is_lock: true,
    keeps_out: true,
    calls: ["lock", "try_lock"],
    reads: None,
    gives: "sends to _",
    takes: "receives from _",
};

/// What orders nothing by being held.
const OTHER: Row = Row { is_lock: false, keeps_out: false, ..LOCK };

/// A primitive that this version does not know: may order, may refute nothing.
const UNKNOWN: Row = Row { keeps_out: false, ..LOCK };

macro_rules! primitives {
    ($($variant:ident = $code:ident: $row:expr;)+) => {
        /// The primitives.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the variants are the names of the primitives")]
        pub enum Primitive {
            #[default]
            Unknown,
            $($variant,)+
        }

        impl Primitive {
            /// All that are known, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// That of a number of the format.
            #[must_use]
            pub const fn of_code(code: u32) -> Self {
                match code {
                    $(primitive::$code => Self::$variant,)+
                    _ => Self::Unknown,
                }
            }

            /// Its number in the format; 0 when unknown.
            #[must_use]
            pub const fn code(self) -> u32 {
                match self {
                    Self::Unknown => 0,
                    $(Self::$variant => primitive::$code,)+
                }
            }

            const fn row(self) -> &'static Row {
                match self {
                    Self::Unknown => &UNKNOWN,
                    $(Self::$variant => const { &$row },)+
                }
            }
        }
    };
}

primitives! {
    Mutex = MUTEX: Row { name: "Mutex", ..LOCK };
    RwLock = RWLOCK: Row {
        name: "RwLock",
        calls: ["write", "try_write"],
        reads: Some(["read", "try_read"]),
        ..LOCK
    };
    Condvar = CONDVAR: Row { name: "Condvar", ..OTHER };
    Once = ONCE: Row { name: "Once", calls: ["call_once"; 2], ..LOCK };
    OnceLock = ONCE_LOCK: Row { name: "OnceLock", calls: ["get_or_init"; 2], ..LOCK };
    LazyLock = LAZY_LOCK: Row { name: "LazyLock", calls: ["force"; 2], ..LOCK };
    Barrier = BARRIER: Row { name: "Barrier", ..OTHER };
    Channel = CHANNEL: Row { name: "channel", ..OTHER };
    ReentrantLock = REENTRANT: Row { name: "ReentrantLock", ..LOCK };
    // It has no owner: someone else may give it back.
    Lock = LOCK: Row { name: "Lock", keeps_out: false, gives: "releases _", takes: "acquires _", ..LOCK };
    // Where it is known who has its permits. The only one keeps others out; of several, each is taken as readers take a lock.
    Semaphore = SEMAPHORE: Row {
        name: "Semaphore",
        calls: ["acquire"; 2],
        gives: "gives permits to _",
        takes: "takes permits of _",
        ..LOCK
    };
    Event = EVENT: Row { name: "Event", gives: "sets _", takes: "finds _ set", ..OTHER };
    Queue = QUEUE: Row { name: "Queue", gives: "puts into _", takes: "gets from _", ..OTHER };
    Cell = CELL: Row { name: "Cell", ..OTHER };
    // Who runs them is said to hold them.
    Jobs = JOBS: Row { name: "jobs of a thread pool", calls: ["run"; 2], ..OTHER };
    Parker = PARKER: Row {
        name: "Parker",
        gives: "unparks _",
        takes: "is unparked by _",
        ..OTHER
    };
    WaitGroup = WAIT_GROUP: Row { name: "WaitGroup", ..OTHER };
}

impl Primitive {
    /// Its name, as users write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether holding it orders what is taken inside it: whoever needs it waits until it is given back.
    #[must_use]
    pub const fn is_lock(self) -> bool {
        self.row().is_lock
    }

    /// Whether holding it surely keeps others out, so that it can be a gate. A lock without an owner may be given back by
    /// someone else, and of an unknown primitive nothing is known: neither may refute anything.
    #[must_use]
    pub const fn keeps_out(self) -> bool {
        self.row().keeps_out
    }

    /// The call that took or asked for it.
    #[must_use]
    pub const fn call(self, access: Access) -> &'static str {
        if access.reacquire {
            return "wait";
        }
        let row = self.row();
        let calls = match row.reads {
            Some(reads) if access.shared => reads,
            _ => row.calls,
        };
        // What was kept was not requested by a call that only tries.
        if access.is_try && !access.kept { calls[1] } else { calls[0] }
    }

    /// What a thread does that gives something to it; `_` stands for the object.
    #[must_use]
    pub const fn gives(self) -> &'static str {
        self.row().gives
    }

    /// What a thread does that takes something from it; `_` stands for the object.
    #[must_use]
    pub const fn takes(self) -> &'static str {
        self.row().takes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dense_and_lead_back() {
        for (number, primitive) in (1..).zip(Primitive::ALL) {
            assert_eq!((primitive.code(), Primitive::of_code(number)), (number, *primitive));
        }
        assert_eq!(Primitive::of_code(u32::MAX).code(), 0);
    }

    #[test]
    fn calls_say_how() {
        let access = |shared, is_try| Access { shared, is_try, ..Access::default() };
        let calls = |primitive: Primitive| {
            [(false, false), (true, false), (false, true), (true, true)]
                .map(|(shared, is_try)| primitive.call(access(shared, is_try)))
        };
        assert_eq!(calls(Primitive::Mutex), ["lock", "lock", "try_lock", "try_lock"]);
        assert_eq!(calls(Primitive::RwLock), ["write", "read", "try_write", "try_read"]);
        assert_eq!(calls(Primitive::Once), ["call_once"; 4]);
        let kept = Access { is_try: true, kept: true, ..Access::default() };
        assert_eq!(Primitive::Mutex.call(kept), "lock");
        assert_eq!(Primitive::Mutex.call(Access { reacquire: true, ..kept }), "wait");
    }
}
