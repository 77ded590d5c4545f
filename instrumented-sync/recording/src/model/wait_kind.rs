//! What threads are blocked in: a row for each call.

use crate::layout::wait;

/// The number of a call that this version does not know: any that no version has given out.
const UNKNOWN: u32 = 0x7FFF;

macro_rules! waits {
    ($($variant:ident = $code:ident, $call:literal, $words:literal;)+) => {
        /// What a thread is blocked in.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "documented in `layout::wait`")]
        pub enum WaitKind {
            #[default]
            None,
            $($variant,)+
            Unknown,
        }

        impl WaitKind {
            /// All that are known, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// That of a number of the format, with its flags or without.
            #[must_use]
            pub const fn of_code(code: u32) -> Self {
                match code & !wait::TIMED {
                    wait::NONE => Self::None,
                    $(wait::$code => Self::$variant,)+
                    _ => Self::Unknown,
                }
            }

            /// Its number in the format.
            #[must_use]
            pub const fn code(self) -> u32 {
                match self {
                    Self::None => wait::NONE,
                    $(Self::$variant => wait::$code,)+
                    Self::Unknown => UNKNOWN,
                }
            }

            /// The name of the call that a thread is blocked in.
            #[must_use]
            pub const fn call(self) -> &'static str {
                match self {
                    $(Self::$variant => $call,)+
                    Self::None | Self::Unknown => "wait",
                }
            }

            /// The call in a sentence.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$variant => $words,)+
                    Self::None | Self::Unknown => "an unknown call",
                }
            }
        }
    };
}

// The number in the format; the name of the call; the call in a sentence.
waits! {
    Mutex = MUTEX, "lock", "lock";
    Read = READ, "read", "read";
    Write = WRITE, "write", "write";
    Condvar = CONDVAR, "wait", "wait";
    Once = ONCE, "call_once", "initialisation";
    Barrier = BARRIER, "wait", "wait";
    Recv = RECV, "recv", "recv";
    Send = SEND, "send", "send";
    Join = JOIN, "join", "join";
    Scope = SCOPE, "scope", "end of a scope";
    Park = PARK, "park", "park";
    Sleep = SLEEP, "sleep", "sleep";
    Semaphore = SEMAPHORE, "acquire", "acquire";
    Lock = LOCK, "acquire", "acquire";
    Event = EVENT, "wait", "wait";
    Put = PUT, "put", "put";
    Get = GET, "get", "get";
    QueueJoin = QUEUE_JOIN, "join", "join";
    OnceWait = ONCE_WAIT, "wait", "wait";
    Jobs = JOBS, "wait", "jobs of a thread pool";
    Idle = IDLE, "idle", "next job of a thread pool";
    Select = SELECT, "select", "select";
    Parker = PARKER, "park", "park";
    WaitGroup = WAIT_GROUP, "wait", "wait";
    Notified = NOTIFIED, "notified", "notified";
    Changed = CHANGED, "changed", "changed";
    Closed = CLOSED, "closed", "closed";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dense_and_lead_back() {
        for (number, wait) in (1..).zip(WaitKind::ALL) {
            assert_eq!((wait.code(), WaitKind::of_code(number | wait::TIMED)), (number, *wait));
        }
        assert_eq!(WaitKind::of_code(WaitKind::Unknown.code()), WaitKind::Unknown);
    }
}
