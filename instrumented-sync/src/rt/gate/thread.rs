//! What is known of a thread.

/// What a thread does, as far as the gate is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It goes on when it is chosen.
    Ready,
    /// It waits.
    Blocked(Wait),
    /// It waits, or works, where we see nothing, and goes on as it likes.
    Outside,
    /// It has ended.
    Done,
}

/// What a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) on: On,
    /// Until when, by the program's clock; [`NEVER`] without a limit.
    pub(super) until: u64,
}

/// What ends a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// A wake-up at this address, of those who have one of these bits.
    Futex { address: usize, bits: u32 },
    /// Its time.
    Time,
    /// The end of this thread.
    End(usize),
    /// What comes from outside.
    Input,
}

/// No limit.
pub(super) const NEVER: u64 = u64::MAX;

/// A thread of the program.
#[derive(Debug)]
pub(super) struct Thread {
    pub(super) state: State,
    /// The kernel's number; 0 until the thread has begun.
    pub(super) tid: u32,
    /// The C library's.
    pub(super) handle: u64,
    /// What it does next: the operation, the object, the number of the place.
    pub(super) op: u8,
    pub(super) object: usize,
    pub(super) site: u32,
    pub(super) priority: u64,
    /// Its time was over.
    pub(super) is_late: bool,
    /// It has looked for what comes from outside in vain, when others had made so many steps.
    pub(super) looked_at: Option<u64>,
    /// It is to wait for it where we see nothing: there is nothing else to do.
    pub(super) goes_outside: bool,
    /// It is kept as long as another can go on.
    pub(super) is_held_back: bool,
    /// It holds a lock there.
    pub(super) is_inner: bool,
    /// Since this step.
    pub(super) since: u64,
}

impl Thread {
    pub(super) const fn new() -> Self {
        Self {
            state: State::Ready,
            tid: 0,
            handle: 0,
            op: 0,
            object: 0,
            site: 0,
            priority: 0,
            is_late: false,
            looked_at: None,
            goes_outside: false,
            is_held_back: false,
            is_inner: false,
            since: 0,
        }
    }

    /// When its wait ends by itself.
    pub(super) fn deadline(&self) -> u64 {
        match self.state {
            State::Blocked(wait) => wait.until,
            _ => NEVER,
        }
    }
}
