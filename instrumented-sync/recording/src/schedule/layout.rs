//! The numbers of a file with a schedule. All are little-endian.

/// The first eight bytes.
pub const MAGIC: [u8; 8] = *b"SYNCSCHD";
/// The version of the form.
pub const VERSION: u32 = 1;

/// Bytes before the first region.
pub const HEADER: usize = 4096;

/// Where the fields of the header are.
pub mod header {
    /// `u32`: [`VERSION`](super::VERSION).
    pub const VERSION: usize = 8;
    /// `u32`: the process that follows it; 0 before. A program that is started by it finds a number here, and goes on freely.
    pub const PID: usize = 12;
    /// `u32`: how it ended, see [`state`](super::state).
    pub const STATE: usize = 16;
    /// `u32`: who goes on, see [`strategy`](super::strategy).
    pub const STRATEGY: usize = 20;
    /// `u32`: for priorities, at how many steps one is lowered, and one.
    pub const DEPTH: usize = 24;
    /// `u32`: see [`option`](super::option).
    pub const OPTIONS: usize = 28;
    /// `u64`: where chance begins.
    pub const SEED: usize = 32;
    /// `u64`: about how many steps there will be.
    pub const LENGTH: usize = 40;
    /// `u64`: after how many it is ended.
    pub const LIMIT: usize = 48;
    /// `u64`: nanoseconds since 1970 at the beginning, by the clock of the program.
    pub const BEGINNING: usize = 56;
    /// `u64`: steps so far, and entries of the trace, as far as there is room.
    pub const STEPS: usize = 64;
    /// `u64`: steps at which another thread went on.
    pub const SWITCHES: usize = 72;
    /// `u64`: steps at which more than one could.
    pub const CHOICES: usize = 80;
    /// `u64`: a hash of all steps.
    pub const HASH: usize = 88;
    /// `u32`: threads so far.
    pub const THREADS: usize = 96;
    /// `u32`: how often a thread left the gate: it waited, or worked for long, where we see nothing.
    pub const LEFT: usize = 100;
    /// `u32`: how often a thread was kept before what it is steered to.
    pub const HELD_BACK: usize = 104;
    /// `u32`: the processor that all threads are to run on, and one; 0 for any.
    pub const PROCESSOR: usize = 108;
    /// `u64`: before which step, counted from 1, the process waits for a debugger; 0 for none.
    pub const DEBUGGED: usize = 112;
    /// `u64`: where the steps to follow begin, and how many there are.
    pub const FOLLOWED: usize = 128;
    /// `u64`: see [`FOLLOWED`].
    pub const FOLLOWED_LEN: usize = 136;
    /// `u64`: where the places to steer to begin, and how many bytes they are.
    pub const STEERED: usize = 144;
    /// `u64`: see [`STEERED`].
    pub const STEERED_LEN: usize = 152;
    /// `u64`: where the places of steps begin, how many bytes there are, and how many are used.
    pub const SITES: usize = 160;
    /// `u64`: see [`SITES`].
    pub const SITES_ROOM: usize = 168;
    /// `u64`: see [`SITES`].
    pub const SITES_LEN: usize = 176;
    /// `u64`: where the trace begins, and for how many steps there is room.
    pub const TRACE: usize = 184;
    /// `u64`: see [`TRACE`].
    pub const TRACE_ROOM: usize = 192;
    /// `u32` each: the kernel's numbers of the first threads, 0 for those that have not begun; and for how many there is room.
    pub const TIDS: usize = 2048;
    /// See [`TIDS`].
    pub const TIDS_ROOM: usize = 512;
}

/// How it ended.
pub mod state {
    /// No process has taken it up.
    pub const FRESH: u32 = 0;
    /// It goes on, or the process ended by itself in no orderly way.
    pub const RUNS: u32 = 1;
    /// The process has ended in an orderly way.
    pub const EXITED: u32 = 2;
    /// No thread could go on.
    pub const STUCK: u32 = 3;
    /// A deadlock of locks was found.
    pub const DEADLOCK: u32 = 4;
    /// It took more steps than allowed.
    pub const ENDLESS: u32 = 5;
    /// There were more threads than there is room for: from there on all went on freely.
    pub const GAVE_UP: u32 = 6;
    /// It waits for a debugger.
    pub const PAUSED: u32 = 7;
}

/// Who goes on.
pub mod strategy {
    /// Who is told, then the same as long as it can.
    pub const FOLLOW: u32 = 0;
    /// Any.
    pub const RANDOM: u32 = 1;
    /// Who has the highest priority; some steps lower one (PCT: Burckhardt et al., ASPLOS 2010).
    pub const PRIORITIES: u32 = 2;
    /// Who has the highest priority; each step has a new one (POS: Yuan et al., CAV 2018).
    pub const PARTIAL_ORDER: u32 = 3;
}

/// Bits of the options.
pub mod option {
    /// Atomic operations are steps.
    pub const ATOMICS: u32 = 1;
    /// The moment after a release is a step.
    pub const RELEASES: u32 = 1 << 1;
    /// A process whose threads are stuck ends at once, without a report.
    pub const BRIEFLY: u32 = 1 << 2;
    /// Waits may end without a reason, where std allows that.
    pub const SPURIOUS: u32 = 1 << 3;
    /// Sleeps may end before others go on.
    pub const EARLY: u32 = 1 << 4;
    /// Short ones only.
    pub const SHORT: u32 = 1 << 5;
    /// The moment before a release is a step.
    pub const HELD: u32 = 1 << 6;
}

/// What a step is.
pub mod op {
    /// A lock is about to be taken.
    pub const LOCK: u8 = 1;
    /// The same, if it is free.
    pub const TRY: u8 = 24;
    /// A lock is held, and about to be released.
    pub const RELEASE: u8 = 25;
    /// A condition variable is about to be waited for.
    pub const WAIT: u8 = 2;
    /// Those who wait for something are about to be told.
    pub const NOTIFY: u8 = 3;
    /// A message is about to be sent.
    pub const SEND: u8 = 4;
    /// One is about to be received.
    pub const RECEIVE: u8 = 5;
    /// Something is about to be initialised.
    pub const ONCE: u8 = 6;
    /// A barrier is about to be waited for.
    pub const BARRIER: u8 = 7;
    /// The thread is about to park.
    pub const PARK: u8 = 8;
    /// Another is about to be unparked.
    pub const UNPARK: u8 = 9;
    /// The end of a thread is about to be waited for.
    pub const JOIN: u8 = 10;
    /// The thread sleeps.
    pub const SLEEP: u8 = 11;
    /// It lets others go first.
    pub const YIELD: u8 = 12;
    /// It has started another thread.
    pub const SPAWN: u8 = 13;
    /// It has released a lock.
    pub const RELEASED: u8 = 14;
    /// An atomic operation is about to be made.
    pub const ATOMIC: u8 = 15;
    /// The thread begins.
    pub const BEGIN: u8 = 16;
    /// It has waited, and is woken.
    pub const WAKE: u8 = 17;
    /// It has waited, and its time is over.
    pub const TIME_OUT: u8 = 18;
    /// It looks for what comes from outside.
    pub const POLL: u8 = 19;
    /// It comes back from where we see nothing.
    pub const BACK: u8 = 20;
    /// Of those who wait, this thread is the one that is woken: no step of its own.
    pub const CHOSEN: u8 = 21;
    /// Some other operation.
    pub const OTHER: u8 = 22;
    /// The thread has asked for the time again and again.
    pub const CLOCK: u8 = 23;
}

/// Bytes of an entry of the trace: thread `u16`, operation `u8`, flags `u8`, place `u32`.
pub const STEP: usize = 8;
/// A flag of an entry: others could have gone on.
pub const CHOICE: u8 = 1;
/// Bytes of an entry of what is followed: thread `u32`, steps `u32`.
pub const SEGMENT: usize = 8;
/// A bit of the steps of a segment: it is no run of steps, but a thread that is to be the one that is woken.
pub const IS_CHOSEN: u32 = 1 << 31;
