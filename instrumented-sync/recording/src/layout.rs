// Long: all numbers of the format in one table, which `docs/format.md` follows.
//! The numbers of the format, shared by the writer and the reader.
//!
//! All integers are little-endian. A file is a sequence of *chunks*; every chunk starts on a [`PAGE`] boundary with
//! a [`chunk`] header and is a whole number of pages long. The first chunk is the [`header`] chunk. A reader walks
//! chunk by chunk; where a header is damaged it resumes at the next page that carries [`CHUNK_MAGIC`].

// By its path, since the loom tests take this file by its own.
#[path = "layout/parts.rs"]
mod parts;

pub use parts::*;

/// Chunks start on multiples of this many bytes and are multiples of it long.
pub const PAGE: usize = 4096;

/// First eight bytes of every recording.
pub const FILE_MAGIC: [u8; 8] = *b"SYNCSCOP";

/// First four bytes of every chunk but the first (`"SYCK"`).
pub const CHUNK_MAGIC: u32 = u32::from_le_bytes(*b"SYCK");

/// A reader refuses another major version.
pub const VERSION_MAJOR: u16 = 1;
/// A reader of a newer minor version reads older ones, and an older reader skips what it does not know.
pub const VERSION_MINOR: u16 = 3;

/// The extension of recordings.
pub const EXTENSION: &str = "syncscope";

/// Readers–writer locks of which writers are recorded from their first use, even where nothing else is held; of the rest from a nested read on.
pub const WATCHED_RWLOCKS: u32 = 16_384;

/// The header chunk: one page at offset 0.
pub mod header {
    /// `[u8; 8]`: [`super::FILE_MAGIC`].
    pub const MAGIC: usize = 0;
    /// `u16`.
    pub const MAJOR: usize = 8;
    /// `u16`.
    pub const MINOR: usize = 10;
    /// `u32`: 0x0102_0304 as the writer stores it; tells the byte order.
    pub const ENDIAN: usize = 12;
    /// `u32`: process id.
    pub const PID: usize = 16;
    /// `u32`: pointer width in bits.
    pub const POINTER_BITS: usize = 20;
    /// `u64`: wall-clock start, nanoseconds since the Unix epoch.
    pub const START_UNIX_NS: usize = 24;
    /// `u64`: clock reading (ticks) at start.
    pub const START_TICKS: usize = 32;
    /// `u64`: ticks per second; 0 while not calibrated yet.
    pub const TICKS_PER_SECOND: usize = 40;
    /// `u32`: how the process went, see [`super::exit_state`].
    pub const EXIT_STATE: usize = 48;
    /// `u32`: the mode, see [`super::mode`].
    pub const MODE: usize = 52;
    /// `u64`, counted: instances of all primitives.
    pub const INSTANCES: usize = 56;
    /// `u64`, counted: threads seen.
    pub const THREADS: usize = 64;
    /// `u64`, counted: events of threads that have ended (the board counts for the living).
    pub const EVENTS: usize = 72;
    /// `u64`, counted: events that found no ring (cap reached, disk full).
    pub const LOST_EVENTS: usize = 80;
    /// `u64`, counted: chain nodes refused by the cap.
    pub const LOST_NODES: usize = 88;
    /// `u64`, counted: threads that found no board slot.
    pub const LOST_THREADS: usize = 96;
    /// `u64`, counted: chunks that had to be private memory (disk full, directory gone), and one if the file was cut.
    pub const LOST_CHUNKS: usize = 104;
    /// `u64`, counted: log records that could not be stored, and events that passed unrecorded, as in a signal handler.
    pub const LOST_RECORDS: usize = 112;
    /// `u64`: ticks when the process ended in an orderly way or was ended by a finding; 0 otherwise.
    pub const END_TICKS: usize = 120;
    /// `u64`, counted: acquisitions of locks by threads that have ended.
    pub const ACQUISITIONS: usize = 128;
    /// `u64`: ticks when the runtime's own thread last looked at the process, several times a second while a thread is blocked; 0 when it never did.
    pub const ALIVE_TICKS: usize = 136;
    /// `u32` length, then that many bytes of NUL-separated `key=value` strings: `exe`, `arg` (repeated), `cwd`,
    /// `run`, `binary`, `test`, `host`, `forked` (the id of the process that this one is a fork of). Ends before [`ASKED`].
    pub const STRINGS: usize = 144;
    /// `u64`: changes when somebody asks for the stacks of waits: all that others than the process write. Before 1.3 there may be strings.
    pub const ASKED: usize = 4080;
    /// `u64`: what [`ASKED`] was when the process answered last.
    pub const ANSWERED: usize = 4088;
}

/// Values of [`header::EXIT_STATE`].
pub mod exit_state {
    /// Still running, or ended without a word: killed, aborted, out of memory.
    pub const RUNNING: u32 = 0;
    /// `exit` ran.
    pub const EXITED: u32 = 1;
    /// Ended by Syncscope on an observed deadlock.
    pub const DEADLOCK: u32 = 2;
    /// Ended by Syncscope on a stall.
    pub const STALL: u32 = 3;
}

/// Values of [`header::MODE`].
pub mod mode {
    /// Nothing is recorded.
    pub const OFF: u32 = 0;
    /// Graph and statistics.
    pub const ORDER: u32 = 1;
    /// Plus a bounded ring of events per thread.
    pub const RING: u32 = 2;
    /// Every event is kept.
    pub const FULL: u32 = 3;
}

/// The header of every chunk but the first; 64 bytes.
pub mod chunk {
    /// `u32`: [`super::CHUNK_MAGIC`].
    pub const MAGIC: usize = 0;
    /// `u32`: see [`super::chunk_kind`].
    pub const KIND: usize = 4;
    /// `u64`: length in bytes, header included; a multiple of [`super::PAGE`].
    pub const LEN: usize = 8;
    /// `u32`: thread number of the owner, 0 for shared ones. Changes when a chunk is reused.
    pub const OWNER: usize = 16;
    /// `u32`, by kind. Nodes: number of the first node. Segments: ordinal within the thread, from 0. Log: ordinal of the
    /// log chunk (or 0: then their order in the file counts).
    pub const INDEX: usize = 20;
    /// `u64`, by kind. Log: bytes of records from [`PAYLOAD`] on, stored after the record. Chain table: capacity in
    /// entries, a power of two. Ring and segment: the word counter, which counts all words ever written and never goes
    /// back, stored after the words; see [`super::event`].
    pub const USED: usize = 24;
    /// `u64`, by kind. Ring: value of the word counter when the owner took the chunk over, a multiple of
    /// [`super::event::BLOCK`]. Segment: value of its word counter at its first word, likewise.
    pub const BASE: usize = 32;
    /// Payload starts here.
    pub const PAYLOAD: usize = 64;
}

/// Values of [`chunk::KIND`].
pub mod chunk_kind {
    /// Board slots.
    pub const BOARD: u32 = 1;
    /// Log records.
    pub const LOG: u32 = 2;
    /// Chain nodes.
    pub const NODES: u32 = 3;
    /// Chain table of one thread.
    pub const CHAINS: u32 = 4;
    /// Event ring of one thread.
    pub const RING: u32 = 5;
    /// Overflow of a thread's held stack.
    pub const HELD: u32 = 6;
    /// Class counters.
    pub const CLASSES: u32 = 7;
    /// Event segment of one thread (mode `full`): like a ring that is never overwritten.
    pub const SEGMENT: u32 = 8;
    /// Returned to the pool; content has no meaning.
    pub const FREE: u32 = 9;
    /// What was measured of locks, see [`super::measure`].
    pub const MEASURES: u32 = 10;
    /// Counts in the histograms of that, see [`super::bucket`].
    pub const BUCKETS: u32 = 11;
}

/// A board slot: one thread, 512 bytes. Written by its thread only, read by all. The first slot of a board chunk is at
/// offset 512: the one before would lie under the chunk's header.
pub mod slot {
    /// Bytes of a slot.
    pub const SIZE: usize = 512;
    /// `u32`: thread number, 0 when the slot is free.
    pub const THREAD: usize = 0;
    /// `u32`: the kernel's thread id.
    pub const OS_TID: usize = 4;
    /// `u32`: see [`super::wait`]; plus [`super::wait::TIMED`].
    pub const WAIT: usize = 8;
    /// `u32`: changes (+1) at every begin and end of a wait.
    pub const WAIT_SEQ: usize = 12;
    /// `u32`: what is waited for: instance, or thread number, or scope number.
    pub const WAIT_OBJECT: usize = 16;
    /// `u32`: site of the waiting call.
    pub const WAIT_SITE: usize = 20;
    /// `u64`: ticks when the wait began.
    pub const WAIT_SINCE: usize = 24;
    /// `u64`: one word, so that an acquisition publishes all of it with one store.
    ///
    /// | bits | meaning |
    /// | --- | --- |
    /// | 0-15 | locks held |
    /// | 16 | [`STATE_BUSY`] |
    /// | 17 | [`STATE_SKIPPING`] |
    /// | 18 | [`STATE_TRACKING`] |
    /// | 19 | [`STATE_IN_JOB`] |
    /// | 20-63 | [`STATE_ACQUISITIONS`]: acquisitions so far |
    pub const STATE: usize = 32;
    /// Bit of [`STATE`]: the thread was inside of a hook.
    pub const STATE_BUSY: u64 = 1 << 16;
    /// Bit of [`STATE`]: the thread held a lock that is not recorded, its allocator's.
    pub const STATE_SKIPPING: u64 = 1 << 17;
    /// Bit of [`STATE`]: the thread has taken part in the search for races, which is told of each release; or it holds a lock that is measured.
    pub const STATE_TRACKING: u64 = 1 << 18;
    /// Bit of [`STATE`]: the thread ran a job of a thread pool, or polled a task, or is a worker of a pool: its acquisitions are looked at one by one.
    pub const STATE_IN_JOB: u64 = 1 << 19;
    /// How far the acquisitions are shifted in [`STATE`].
    pub const STATE_ACQUISITIONS: u32 = 20;
    /// `u64`: file offset of the ring chunk, 0 when none.
    pub const RING: usize = 48;
    /// `u32`: class of what is waited for.
    pub const WAIT_CLASS: usize = 56;
    /// `u32`: segment, this thread's own count of must-order events.
    pub const SEGMENT: usize = 60;
    /// `u64`: file offset of the overflow chunk of the held stack, 0 when none.
    pub const HELD_CHUNK: usize = 64;
    /// `u64`: events other than acquisitions and releases so far.
    pub const OTHER_EVENTS: usize = 72;
    /// `u32`: state flags, see [`super::thread_flag`].
    pub const FLAGS: usize = 80;
    /// `u32`: second object of a wait: the mutex of a condition variable.
    pub const WAIT_OBJECT_2: usize = 84;
    /// `u64`: ticks when the last wait ended, 0 before the first.
    pub const LAST_TICKS: usize = 88;
    /// `u32`: of one of several futures that a task polls in turn: number of that task, else 0.
    pub const PART_OF: usize = 96;
    /// `u32`: what the last wait was that ended, as in [`WAIT`]; 0 before the first. Object, class, site and begin of it stay where they are
    /// until the next one begins. Recordings before 1.2 have 0.
    pub const LAST_WAIT: usize = 100;
    /// `u32`: scope number when this is a scoped thread, else 0.
    pub const SCOPE: usize = 104;
    /// `u32`: of a task: number of the thread that polls it, or polled it last.
    pub const POLLED_BY: usize = 108;
    /// `u64`: of a task: ticks when its last poll began, 0 before the first.
    pub const POLLED: usize = 112;
    /// `u64`: of a task: ticks when its last poll ended, 0 while it is polled.
    pub const POLL_ENDED: usize = 120;
    /// Held stack, oldest first, [`HELD_INLINE`] entries; the rest is in the overflow chunk.
    pub const HELD: usize = 128;
    /// Entries that fit into the slot.
    pub const HELD_INLINE: usize = 24;
}

/// A held-stack entry: 16 bytes. The runtime writes the first eight as one word:
///
/// | bits | meaning |
/// | --- | --- |
/// | 0-31 | instance |
/// | 32-55 | site |
/// | 56-63 | access |
pub mod held {
    /// Bytes of an entry.
    pub const SIZE: usize = 16;
    /// `u32`: instance.
    pub const INSTANCE: usize = 0;
    /// `u32`: site (24 bits) | access (8 bits, see [`super::access`]) << 24.
    pub const SITE_ACCESS: usize = 4;
    /// `u64`:
    ///
    /// | bits | meaning |
    /// | --- | --- |
    /// | 0-47 | ticks at the acquisition, without their low 8 bits |
    /// | 48-63 | class; 0xFFFF when it does not fit |
    pub const TICKS_CLASS: usize = 8;
}

/// How a lock is held or wanted: bits.
pub mod access {
    /// Shared (a reader); without it exclusive.
    pub const SHARED: u8 = 1;
    /// By a `try_` or timed call: adds no incoming edge, since it does not wait for ever.
    pub const TRY: u8 = 2;
    /// Re-acquired inside a condition variable's wait.
    pub const REACQUIRE: u8 = 4;
    /// A running initialiser of a `Once`, `OnceLock` or `LazyLock`.
    pub const INIT: u8 = 8;
    /// A recursive read that is not blocked by queued writers.
    pub const RECURSIVE: u8 = 16;
    /// Of an entry of a held stack only: another thread has released the lock.
    pub const GONE: u8 = 128;
    /// Still held in a chain in which it was never requested, since a lock below it was released first. Always with [`TRY`]: it adds
    /// no incoming edge there either.
    pub const KEPT: u8 = 32;
    /// The bit of [`KEPT`] without [`TRY`]: a task gives the wait up after a time. It waits like any other until then. Not in events.
    pub const LIMITED: u8 = 32;
    /// One lock of a group, requested in an order that the group itself keeps to: orders nothing within the group. Not in events.
    pub const IN_TURN: u8 = 64;
}

/// Values of [`slot::WAIT`]: what a thread is blocked in.
pub mod wait {
    /// Not blocked as far as we know.
    pub const NONE: u32 = 0;
    /// `Mutex::lock`.
    pub const MUTEX: u32 = 1;
    /// `RwLock::read`.
    pub const READ: u32 = 2;
    /// `RwLock::write`.
    pub const WRITE: u32 = 3;
    /// `Condvar::wait`: object is the condition variable, second object the mutex.
    pub const CONDVAR: u32 = 4;
    /// A `Once`, `OnceLock` or `LazyLock` that another thread initialises; or `Once::wait`.
    pub const ONCE: u32 = 5;
    /// `Barrier::wait`.
    pub const BARRIER: u32 = 6;
    /// `Receiver::recv` on an empty channel: object is the channel.
    pub const RECV: u32 = 7;
    /// `SyncSender::send` on a full channel.
    pub const SEND: u32 = 8;
    /// `JoinHandle::join`: object is the thread number.
    pub const JOIN: u32 = 9;
    /// The end of a `thread::scope`: object is the scope number.
    pub const SCOPE: u32 = 10;
    /// `thread::park`.
    pub const PARK: u32 = 11;
    /// `thread::sleep`.
    pub const SLEEP: u32 = 12;
    /// `Semaphore::acquire`.
    pub const SEMAPHORE: u32 = 13;
    /// `ext::Lock::acquire`, a lock without an owner.
    pub const LOCK: u32 = 14;
    /// `Event::wait`.
    pub const EVENT: u32 = 15;
    /// `Queue::put`.
    pub const PUT: u32 = 16;
    /// `Queue::get`.
    pub const GET: u32 = 17;
    /// `Queue::join`.
    pub const QUEUE_JOIN: u32 = 18;
    /// `OnceLock::wait` or `Once::wait`: any thread may initialise.
    pub const ONCE_WAIT: u32 = 19;
    /// Jobs of a thread pool: object is what stands for them, held by the thread that runs them, as far as that is told.
    pub const JOBS: u32 = 20;
    /// A worker of a thread pool has no job.
    pub const IDLE: u32 = 21;
    /// A choice among several messages and rooms: object and second object are the first two channels.
    pub const SELECT: u32 = 22;
    /// `Parker::park` of another crate.
    pub const PARKER: u32 = 23;
    /// `WaitGroup::wait` of another crate.
    pub const WAIT_GROUP: u32 = 24;
    /// A task awaits a notification: object is what notifies.
    pub const NOTIFIED: u32 = 25;
    /// A task awaits that a value changes, or is as it wants it.
    pub const CHANGED: u32 = 26;
    /// A task awaits that all other ends of a channel are gone.
    pub const CLOSED: u32 = 27;
    /// Flag: ends by itself after a time.
    pub const TIMED: u32 = 1 << 31;
}

/// Bits of [`slot::FLAGS`].
pub mod thread_flag {
    /// The first thread of the process.
    pub const MAIN: u32 = 1;
    /// Not spawned through the drop-in.
    pub const FOREIGN: u32 = 2;
    /// The closure has returned; destructors of thread locals may still run.
    pub const RETURNED: u32 = 4;
    /// The closure panicked.
    pub const PANICKED: u32 = 8;
    /// Not a thread but a task, which threads poll.
    pub const TASK: u32 = 16;
}

/// A log record: `u8` kind, `u8` version, `u16` reserved, `u32` total length (multiple of 8), payload.
/// Integers are `u32` unless said otherwise; a string is `u32` length and that many bytes, padded to 4.
pub mod log {
    /// Bytes before the payload.
    pub const HEADER: usize = 8;
    /// `id, line, column, string file`.
    pub const SITE: u8 = 1;
    /// `id, kind, flags, site, stack (id + 1, 0 for none), string type, string name`.
    pub const CLASS: u8 = 2;
    /// `number, os tid, parent number, spawn site, flags, scope, u64 ticks, string name`.
    pub const THREAD: u8 = 3;
    /// `id, thread, segment, count, count × (thread, segment), count, count × resting`, where what rests on something is
    /// `thread, segment, count, count × ground`.
    pub const CLOCK: u8 = 4;
    /// `id, count, count × u64 address`.
    pub const STACK: u8 = 5;
    /// `kind, thread, u64 ticks, count, count × participant`; see [`super::participant`].
    pub const DEADLOCK: u8 = 6;
    /// `u64 base, u64 end, string path, string build id (hex)`: a loaded executable or library.
    pub const MODULE: u8 = 7;
    /// `number, string name`: a better name for a thread.
    pub const THREAD_NAME: u8 = 8;
    /// `code, string text`: a remark of the runtime.
    pub const NOTE: u8 = 9;
    /// `count, count × string name`: locks in their declared order, outermost first.
    pub const DECLARED_ORDER: u8 = 10;
    /// `kind, instance, class, u64 ticks, guard instance, guard class, accesses under the guard, accesses, string declared guard,
    /// 2 × access`, the earlier one first; see [`super::race_access`].
    pub const RACE: u8 = 11;
    /// `kind, waiters, u64 ticks, u64 lasted (ticks), u64 held since (ticks), site of the holder's last event, u64 ticks of that event,
    /// count, count × participant`; see [`super::overdue_kind`].
    pub const OVERDUE: u8 = 12;
    /// `class, instance, thread that acquired, thread that released (0: one without a number)`: a guard of this class moved to another
    /// thread. The first time for each class.
    pub const GUARD_MOVED: u8 = 13;
    /// `thread, stack (id + 1), u64 since`: the stack of a thread in the wait that began then.
    pub const WAIT_STACK: u8 = 14;
    /// `thread (0: none that is known), os tid, u64 ticks, string state`: what a thread without a recorded wait was doing, by the kernel.
    pub const THREAD_STATE: u8 = 15;
    /// `thread, u64 ticks, string message`: the closure of a thread has panicked. The first line of the message; empty where it is no text.
    pub const THREAD_PANIC: u8 = 16;
    /// `how, instance, class, u64 ticks, 2 × side`, see [`super::across_pool`]: the lock is held over a wait for jobs of a thread pool, and a job takes it that may meet the wait; who
    /// holds it first. A side is `thread, site (24 bits) with the access (8 bits) above it, site of the wait or where the job was handed out, stack (id + 1,
    /// 0 for none)`.
    pub const HELD_ACROSS_POOL: u8 = 17;
    /// `kind, instance, class, u64 ticks, site of the await (0: not known), 2 × side, permits`, see [`super::kept_asleep`]: a task keeps the lock while it
    /// sleeps, or never gives it back, and somebody wants it; who keeps it first. A side is `thread, site (24 bits) with the access (8 bits) above it`.
    pub const KEPT_ASLEEP: u8 = 18;
    /// `thread, segment, caller, call, is waited for, clock + 1, u64 tree, count, count × step`: what the thread did in this segment it did in a job of a
    /// thread pool, or in a call that asks for jobs. `caller` asked first, in its call with this number; the steps lead there from that. A step is
    /// `u64 branch, u64 waiter, at, is job`; there are none where nothing more is told. The clock is what was known when the job was asked for.
    pub const STRAND: u8 = 19;
    /// `ground`: it has proved shared, so that what rests on it in any clock is void.
    pub const SHARED: u8 = 20;
    /// `class`: tasks await locks of this class, and block no thread by that.
    pub const AWAITED: u8 = 21;
    /// `u64 ticks, u64 address, size, kind, accesses, u64 start, u64 size, thread, count, count × u64 return address`: the accesses, the earliest one first, see [`super::memory_access`]; two to four of them, see
    /// [`super::memory_race_kind`]; and the block of memory (0: not known) with who allocated it, and where. Of `UNPROTECTED` ones follows `instance, class, turns, all turns`: the lock
    /// (0: none) under which threads accessed the memory in so many of their turns. Each pair of places in the code once, or a few times.
    pub const MEMORY_RACE: u8 = 22;
    /// `u64 address, size, 2 × side, count, count × instance`: a value of an atomic was stored, then read by another thread, so that what came before the store
    /// came before what follows; as long as that value is read. A side is `thread, segment, u64 return address`; the store covers its segment and all
    /// before it, the load begins its own. The instances are locks held at the load.
    pub const ATOMIC_ORDER: u8 = 23;
    /// Nothing more: all accesses to memory are checked in this process.
    pub const ACCESSES_CHECKED: u8 = 24;
    /// `thread, segment, thread, segment, site, count, count × instance`: the second thread has joined the first, or one that had, by a join
    /// that another schedule may leave out. It covers that segment of the first and all before it, and begins the segment of the second. The instances are locks held then.
    pub const JOIN_ORDER: u8 = 25;
    /// `thread, stack`: the stack from which a thread was spawned, where the place of its spawn is in std.
    pub const SPAWN_STACK: u8 = 26;
    /// `thread, segment, site, thread, segment, site, ground, count, count × instance`: the second thread has waited for a condition variable that only the first had notified. The first notification covers its segment and all before it; the wait begins its own. It holds unless the ground proves shared. The instances are locks held then.
    pub const NOTIFY_ORDER: u8 = 27;
    /// `thread, u64 ticks, site, stack (id + 1, 0 for none), count, count × held, string message`: a thread has panicked, before it unwinds. The stack is there where the site is in std, a held lock is as in a `RACE` record, and the message is as in `THREAD_PANIC`.
    pub const PANIC: u8 = 28;
}

/// Bits of a class's flags.
pub mod class_flag {
    /// The first instance lay in the writable data of an executable or library: a `static`.
    pub const STATIC: u32 = 1;
    /// The creation site is the standard library's; the class is taken from a stack.
    pub const FROM_STACK: u32 = 2;
    /// Readers do not wait for writers that wait.
    pub const READERS_PASS: u32 = 4;
    /// A panic poisons a lock of this class when it drops a guard, but for those of readers.
    pub const POISONS: u32 = 8;
    /// How far [`GROUP_MASK`] is shifted.
    pub const GROUP_SHIFT: u32 = 8;
    /// What is at [`GROUP_SHIFT`]: 0, or the number of low bits that tell the locks of one group apart. Numbers of instances that agree
    /// in all other bits are of one group, such as the shards of one map: which of them a thread takes depends on its data.
    pub const GROUP_MASK: u32 = 31;
}

/// The kinds of primitives, as classes name them.
pub mod primitive {
    /// `Mutex`.
    pub const MUTEX: u32 = 1;
    /// `RwLock`.
    pub const RWLOCK: u32 = 2;
    /// `Condvar`.
    pub const CONDVAR: u32 = 3;
    /// `Once`.
    pub const ONCE: u32 = 4;
    /// `OnceLock`.
    pub const ONCE_LOCK: u32 = 5;
    /// `LazyLock`.
    pub const LAZY_LOCK: u32 = 6;
    /// `Barrier`.
    pub const BARRIER: u32 = 7;
    /// A channel of `mpsc`, or of another crate.
    pub const CHANNEL: u32 = 8;
    /// `ReentrantLock`.
    pub const REENTRANT: u32 = 9;
    /// `ext::Lock`.
    pub const LOCK: u32 = 10;
    /// `ext::Semaphore`.
    pub const SEMAPHORE: u32 = 11;
    /// `ext::Event`.
    pub const EVENT: u32 = 12;
    /// `ext::Queue`.
    pub const QUEUE: u32 = 13;
    /// A tracked cell.
    pub const CELL: u32 = 14;
    /// Jobs of a thread pool that a thread waits for.
    pub const JOBS: u32 = 15;
    /// A parker of another crate.
    pub const PARKER: u32 = 16;
    /// A wait group of another crate.
    pub const WAIT_GROUP: u32 = 17;
}

/// A class counter: 16 bytes, indexed by class: `u32 id + 1` (0: unused), `u32 reserved`, `u64 instances`.
pub mod class_counter {
    /// Bytes of a counter.
    pub const SIZE: usize = 16;
    /// `u32`: class + 1, 0 while unused. Counters of the same class in several chunks add up.
    pub const ID: usize = 0;
    /// `u64`: instances.
    pub const INSTANCES: usize = 8;
}

/// A chain node: one step of a thread's nestings; 64 bytes, written once.
pub mod node {
    /// Bytes of a node.
    pub const SIZE: usize = 64;
    /// `u32`: 1 once the node is complete; stored last.
    pub const READY: usize = 0;
    /// `u32`: thread number; 0 when many threads were merged.
    pub const THREAD: usize = 4;
    /// `u32`: index + 1 of the node of the lock held just before, 0 when there is none.
    pub const PARENT: usize = 8;
    /// `u32`: instance.
    pub const INSTANCE: usize = 12;
    /// `u32`: class.
    pub const CLASS: usize = 16;
    /// `u32`: site (24 bits) | access << 24.
    pub const SITE_ACCESS: usize = 20;
    /// `u32`: clock at the first occurrence, index + 1 of a `CLOCK` record; 0 when empty.
    pub const FIRST_CLOCK: usize = 24;
    /// `u32`: segment at the first occurrence.
    pub const FIRST_SEGMENT: usize = 28;
    /// `u32`: id + 1 of a `STACK` record; 0 when none was taken.
    pub const STACK: usize = 32;
    /// `u32`: segment at the last occurrence, as far as folded in here (the chain table may know a later one).
    pub const LAST_SEGMENT: usize = 36;
    /// `u64`: occurrences folded in here; those in a live chain table are added by the reader.
    pub const COUNT: usize = 40;
    /// `u64`: ticks of the first occurrence.
    pub const FIRST_TICKS: usize = 48;
    /// `u64`: where the lock was in memory at the first occurrence; 0 when not noted. Stored after READY.
    pub const ADDRESS: usize = 56;
}

/// An entry of a chain table: 16 bytes, open addressing, written by its thread only. Behind the last entry lie the numbers of the nodes, a `u32` for each entry.
pub mod chain {
    /// Bytes of an entry.
    pub const SIZE: usize = 16;
    /// `u64`: hash of the chain, 0 when the entry is free.
    pub const TAG: usize = 0;
    /// `u32`: occurrences since the entry was made.
    pub const COUNT: usize = 8;
    /// `u32`: segment of the last occurrence.
    pub const LAST_SEGMENT: usize = 12;
    /// Bytes of the number of a node behind the entries: index + 1; 0: known but without a node (cap).
    pub const NODE_SIZE: usize = 4;
}

/// What was measured of some locks: 96 bytes, in a table with open addressing. Entries of the same, also those of several chunks, add up.
pub mod measure {
    /// Bytes of an entry.
    pub const SIZE: usize = 96;
    /// `u64`: hash of what tells the entry, 0 when it is free.
    pub const TAG: usize = 0;
    /// `u32`: 1 once what tells the entry is complete; stored last.
    pub const READY: usize = 8;
    /// `u32`: what is measured, see [`super::measure_kind`].
    pub const KIND: usize = 12;
    /// `u32`: class of the locks.
    pub const CLASS: usize = 16;
    /// `u32`: site (24 bits) | access << 24: where a lock was acquired or waited for; a thread in [`super::measure_kind::THREADS`].
    pub const SITE_ACCESS: usize = 20;
    /// `u32`: the same of who held the lock when the wait began, 0 where it is not known; a thread in [`super::measure_kind::THREADS`].
    pub const HOLDER: usize = 24;
    /// `u32`: what the holder waited for meanwhile, see [`super::wait`].
    pub const HOLDER_WAIT: usize = 28;
    /// `u32`: site of that wait.
    pub const HOLDER_WAIT_SITE: usize = 32;
    /// `u64`: how often, each sample as often as it stands for.
    pub const COUNT: usize = 40;
    /// `u64`: how many were looked at for that.
    pub const SAMPLES: usize = 48;
    /// `u64`: sum of *w* (*w* - 1) over the samples, each of which stands for *w*: the variance of the count.
    pub const VARIANCE: usize = 56;
    /// `u64`: ticks in all, each sample as often as it stands for.
    pub const TOTAL: usize = 64;
    /// `u64`: the most ticks of one.
    pub const LONGEST: usize = 72;
}

/// Values of [`measure::KIND`].
pub mod measure_kind {
    /// How often locks were acquired at a place, and how long they were held. What is still held is counted, and has no time yet.
    pub const HELD: u32 = 1;
    /// How long threads waited for locks at a place, behind a holder that had acquired at another place.
    pub const WAITED: u32 = 2;
    /// How much of those waits the holder spent in a wait of its own.
    pub const MEANWHILE: u32 = 3;
    /// How long one thread waited for locks that another one held.
    pub const THREADS: u32 = 4;
}

/// A count of a histogram: 16 bytes, in a table with open addressing. Counts of the same bucket in several places add up.
pub mod bucket {
    /// Bytes of a count.
    pub const SIZE: usize = 16;
    /// `u64`: which bucket (16 bits) | (number of the measure + 1) << 16, 0 when the entry is free. The measures of a chunk are numbered from
    /// [`super::chunk::INDEX`] on.
    pub const KEY: usize = 0;
    /// `u64`: how many, each sample as often as it stands for.
    pub const COUNT: usize = 8;
    /// As many values have a bucket each: of fewer ticks than this.
    pub const EXACT: u64 = 64;
    /// Into so many buckets each further doubling is cut.
    pub const PARTS: u64 = 32;
    /// Values are below 2 to this power; greater ones count as the greatest.
    pub const BITS: u32 = 48;
}

/// Events in rings and segments: one or two 64-bit words. The first word's low byte is the operation.
///
/// The first word, which may be the only one:
///
/// | bits | meaning |
/// | --- | --- |
/// | 0-7 | operation |
/// | 8-31 | aux |
/// | 32-63 | object |
///
/// The second word:
///
/// | bits | meaning |
/// | --- | --- |
/// | 0-19 | [`SEQ_BITS`](event::SEQ_BITS): seq |
/// | 20-35 | [`CLASS_SHIFT`](event::CLASS_SHIFT): class |
/// | 36-40 | [`DEPTH_SHIFT`](event::DEPTH_SHIFT): depth |
/// | 41-63 | [`TICKS_SHIFT`](event::TICKS_SHIFT): ticks, without their low 10 bits and as far as they fit |
///
/// The depth is how many locks the thread held right before, [`event::DEPTH_UNKNOWN`] or more when the writer does not say. A release
/// of the lock that was taken last has no event: the depth of the next event tells. So an acquisition and its release take
/// two words together.
///
/// Every [`event::BLOCK`] words the stream has an [`event::ANCHOR`] of four words, and no event crosses a block's end: it is
/// padded with zero words.
///
/// Words are counted from 0 by a counter that never goes back. In a ring, word *n* is at *n* modulo the ring's capacity,
/// which is the whole blocks that fit behind the chunk's header; a new owner starts at the next block (the rest of the
/// block is padding). In a segment, word *n* is at *n* less [`chunk::BASE`]. The block index of an
/// anchor is *n* / [`event::BLOCK`]: a reader knows by it what was overwritten. Events in an anchor are counted per
/// thread, from 0.
pub mod event {
    /// Words between anchors; a ring is a whole number of blocks.
    pub const BLOCK: usize = 512;
    /// Words of an anchor: `op | depth in aux | block index (low 32 bits) in object`, ticks, segment | thread << 32, events before it.
    pub const ANCHOR_WORDS: usize = 4;
    /// Locks that are listed behind an anchor, at most.
    pub const HELD_LISTED: usize = 120;
    /// In the aux of an anchor: the writer does not say how many locks are held.
    pub const ANCHOR_DEPTH_UNKNOWN: u32 = 0x00FF_FFFF;
    /// Padding: the whole word is zero.
    pub const PAD: u8 = 0;
    /// Four words, see above.
    pub const ANCHOR: u8 = 1;
    /// Two words: an acquisition, `ACQUIRE_BASE | access`; aux = site, object = instance, seq = the lock's acquisition count.
    pub const ACQUIRE_BASE: u8 = 0x80;
    /// Two words, behind an anchor: a lock that is held when the block begins, outermost first, laid out like its acquisition. No event.
    pub const HELD_BASE: u8 = 0xC0;
    /// One word: aux = class (16 bits) | depth before it << 16, object = instance. A release out of order, or from far inside.
    pub const RELEASE: u8 = 2;
    /// Two words: the second is the clock, all 64 bits; written where the next event's bits could not tell it. No event.
    pub const TIME: u8 = 16;
    /// Two words: a blocking call begins; aux = site, object as in [`super::slot::WAIT_OBJECT`], seq = [`super::wait`] kind.
    pub const BLOCK_BEGIN: u8 = 3;
    /// Two words: a blocking call ended; aux = class, object, seq = kind.
    pub const BLOCK_END: u8 = 4;
    /// Two words: a thread was spawned; object = its number, aux = site.
    pub const SPAWN: u8 = 5;
    /// Two words: a thread was joined.
    pub const JOIN: u8 = 6;
    /// Two words: notify_one; aux = site, object = condition variable.
    pub const NOTIFY_ONE: u8 = 7;
    /// Two words: notify_all.
    pub const NOTIFY_ALL: u8 = 8;
    /// Two words: a message was sent; aux = site, object = channel, seq = message number.
    pub const SEND: u8 = 9;
    /// Two words: a message was received.
    pub const RECV: u8 = 10;
    /// Two words: unpark; object = target thread number.
    pub const UNPARK: u8 = 11;
    /// Two words: a barrier was passed; seq = generation.
    pub const BARRIER: u8 = 12;
    /// Two words: thread begins; object = its number.
    pub const THREAD_START: u8 = 13;
    /// Two words: thread's closure has returned.
    pub const THREAD_END: u8 = 14;
    /// Two words: an initialiser of a Once-like object finished.
    pub const INIT_DONE: u8 = 15;
    /// In the seq of [`BLOCK_BEGIN`] and [`BLOCK_END`]: the wait ends by itself. ([`super::wait::TIMED`] does not fit.)
    pub const SEQ_TIMED: u32 = 1 << 19;
    /// Bits of the seq in a second word.
    pub const SEQ_BITS: u32 = 20;
    /// How far the class is shifted in a second word; 0xFFFF: one that does not fit.
    pub const CLASS_SHIFT: u32 = 20;
    /// How far the depth is shifted in a second word.
    pub const DEPTH_SHIFT: u32 = 36;
    /// This depth, or more, or not told.
    pub const DEPTH_UNKNOWN: u32 = 31;
    /// How far the ticks are shifted in a second word.
    pub const TICKS_SHIFT: u32 = 41;
    /// Low bits of the ticks that an event does not have.
    pub const TICKS_CUT: u32 = 10;
    /// Acquisitions are `ACQUIRE_BASE | access` (see [`super::access`]).
    pub const ACQUIRE_MASK: u8 = 0x1F;
}
