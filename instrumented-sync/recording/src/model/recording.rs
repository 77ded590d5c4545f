// Long: plain types with their meaning and no code; readers of the detector want them side by side.
//! A recording, part by part.

use super::access::Access;
use super::held::Held;
use super::ids::{ClassId, InstanceId, NodeId, SiteId, ThreadNum};
use super::likely_order::LikelyOrder;
use super::measure::Measure;
use super::memory_race::MemoryRace;
use super::panic::Panic;
use super::primitive::Primitive;
use super::race_guard::RaceGuard;
use super::totals::{Lost, Totals};
use super::wait_kind::WaitKind;
use std::collections::BTreeMap;

/// One process as it was recorded.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Where it was read from, for messages.
    pub source: String,
    /// The process.
    pub process: Process,
    /// Sites by id; index 0 is the unknown site.
    pub sites: Vec<Site>,
    /// Classes by id; index 0 is unused.
    pub classes: Vec<Class>,
    /// Threads by number.
    pub threads: BTreeMap<ThreadNum, Thread>,
    /// Steps of nestings, in the order of their creation. A parent comes before its children.
    pub nodes: Vec<ChainNode>,
    /// Must-order clocks that nodes refer to.
    pub clocks: Vec<Clock>,
    /// Stacks by id.
    pub stacks: Vec<Vec<u64>>,
    /// Loaded executables and libraries.
    pub modules: Vec<Module>,
    /// Deadlocks and stalls that the runtime observed.
    pub deadlocks: Vec<Deadlock>,
    /// Races that the runtime observed.
    pub races: Vec<Race>,
    /// Whether all accesses to memory were checked.
    pub accesses_checked: bool,
    /// Races between accesses to memory, of a program that was built so that all of them are checked.
    pub memory_races: Vec<MemoryRace>,
    /// What came before what in this schedule, and may not in another.
    pub likely_orders: Vec<LikelyOrder>,
    /// Locks that are held over waits for jobs which may take them.
    pub held_across_pools: Vec<HeldAcrossPool>,
    /// Locks that tasks keep while they sleep, and others want.
    pub kept_asleep: Vec<KeptAsleep>,
    /// Segments of threads that were spent in jobs of thread pools, sorted by thread and segment.
    pub strands: Vec<Strand>,
    /// How often locks were acquired, and how long they were held and waited for; sorted by class and by what was measured.
    pub measures: Vec<Measure>,
    /// Long waits and long holds that the runtime observed.
    pub overdue: Vec<Overdue>,
    /// Stacks that were taken of threads in their waits.
    pub wait_stacks: Vec<WaitStack>,
    /// What threads were doing that waited for nothing that is recorded, oldest first.
    pub thread_states: Vec<ThreadState>,
    /// Panics, in the order in which they were recorded.
    pub panics: Vec<Panic>,
    /// The board: the state of each thread that had not ended.
    pub board: Vec<BoardSlot>,
    /// Event streams, one per ring or per thread's segments, as far as they were asked for.
    pub streams: Vec<Stream>,
    /// Declared lock orders.
    pub declared_orders: Vec<Vec<String>>,
    /// Remarks of the runtime.
    pub notes: Vec<String>,
    /// Sums.
    pub totals: Totals,
    /// What could not be stored or read.
    pub lost: Lost,
}

/// The process of a recording.
#[derive(Clone, Debug, Default)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// The recorded process that this one is a fork of, where it is one that runs no other program since.
    pub forked_from: Option<u32>,
    /// Path of the executable.
    pub exe: String,
    /// Arguments, the first included.
    pub args: Vec<String>,
    /// Working directory at the first event. Relative source paths are relative to the workspace, often above it.
    pub cwd: String,
    /// Wall-clock start, nanoseconds since the Unix epoch.
    pub start_unix_ns: u64,
    /// Clock at start.
    pub start_ticks: u64,
    /// Ticks per second; 0 when it was never calibrated.
    pub ticks_per_second: u64,
    /// Clock at an orderly end.
    pub end_ticks: Option<u64>,
    /// Clock when the runtime's own thread last looked at the process: it was alive then.
    pub alive_ticks: Option<u64>,
    /// How it ended.
    pub exit: ExitState,
    /// The mode it ran in (`order`, `ring`, `full`).
    pub mode: String,
    /// The run this process belongs to, where the runner told.
    pub run: Option<String>,
    /// The test binary, where the runner told.
    pub binary: Option<String>,
    /// The test, where the runner told.
    pub test: Option<String>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExitState {
    /// Running still, or ended without a word (killed, aborted).
    #[default]
    Running,
    /// `exit` ran.
    Exited,
    /// Ended by Syncscope on a deadlock.
    Deadlock,
    /// Ended by Syncscope on a stall.
    Stall,
}

/// A place in the source, as `#[track_caller]` saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// File, as the compiler was given it: usually relative to the workspace root. Empty when unknown.
    pub file: String,
    /// 1-based; 0 when unknown.
    pub line: u32,
    /// 1-based; 0 when unknown.
    pub column: u32,
}

/// A lock class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// See [`crate::layout::primitive`].
    pub primitive: Primitive,
    /// Creation site.
    pub site: SiteId,
    /// Stack at the first acquisition, for classes whose creation site is the standard library's.
    pub stack: Option<u32>,
    /// `type_name` of the protected value.
    pub type_name: String,
    /// Name given by the user.
    pub name: Option<String>,
    /// A `static`.
    pub is_static: bool,
    /// Creation site inside the standard library: class taken from a stack.
    pub from_stack: bool,
    /// A guard of this class was released by another thread than the one that had acquired it.
    pub guards_move: bool,
    /// Tasks await locks of this class, and block no thread by that.
    pub is_awaited: bool,
    /// Readers do not wait for writers that wait.
    pub readers_pass: bool,
    /// A panic poisons a lock of this class when it drops a guard, but for those of readers.
    pub poisons: bool,
    /// When the locks come in groups, the number of low bits by which the instances of one group differ, else 0.
    pub group_bits: u32,
    /// Instances seen.
    pub instances: u64,
    /// What the source calls it. No recording holds it: who has the source puts it here.
    pub label: Option<Label>,
}

/// What the source calls the locks of a class.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The name of the field, static, variable or container.
    pub name: String,
    /// The name that is shown: with its owner where other locks have the same name.
    pub shown: String,
    /// The name with its owner, if that is known.
    pub full: String,
    /// The source file that says so.
    pub file: String,
}

impl Label {
    /// What tells the class: the name with its owner, and the file.
    #[must_use]
    pub fn told(&self) -> (&str, &str) {
        (&self.full, &self.file)
    }
}

/// A thread.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// Its number.
    pub number: ThreadNum,
    /// The kernel's id.
    pub os_tid: u32,
    /// Name, where it has one.
    pub name: Option<String>,
    /// The thread that spawned it.
    pub parent: Option<ThreadNum>,
    /// Where it was spawned.
    pub spawn_site: SiteId,
    /// The stack from which it was spawned, as an index into [`Recording::stacks`], where that place is in std.
    pub spawn_stack: Option<u32>,
    /// The first thread of the process.
    pub is_main: bool,
    /// Not spawned through the drop-in.
    pub is_foreign: bool,
    /// Not a thread but a task, which threads poll.
    pub is_task: bool,
    /// Clock at its first event.
    pub start_ticks: u64,
}

impl Thread {
    /// The task that polls it in turn with others, where it is a future of that task and not a task of its own.
    #[must_use]
    pub fn part_of(&self) -> Option<ThreadNum> {
        self.parent.filter(|_| self.is_task)
    }
}

/// One step of a thread's nestings: `instance` was requested while all of the ancestors were held, in that order.
#[derive(Clone, Debug, Default)]
pub struct ChainNode {
    /// Who; `None` when several threads were merged into this node by a cap.
    pub thread: Option<ThreadNum>,
    /// The lock held just before; its ancestors are the rest of the held set.
    pub parent: Option<NodeId>,
    /// The lock.
    pub instance: InstanceId,
    /// Its class.
    pub class: ClassId,
    /// How.
    pub access: Access,
    /// Where.
    pub site: SiteId,
    /// The thread's must-order clock at the first occurrence (index into [`Recording::clocks`]).
    pub first_clock: Option<u32>,
    /// The thread's own segment at the first occurrence.
    pub first_segment: u32,
    /// The thread's own segment at the last occurrence.
    pub last_segment: u32,
    /// Occurrences.
    pub count: u64,
    /// Clock at the first occurrence.
    pub first_ticks: u64,
    /// Stack at the first occurrence.
    pub stack: Option<u32>,
    /// Where the lock was in memory at the first occurrence; 0 when not noted. A lock that has moved has several.
    pub address: u64,
}

/// A sparse must-order clock: what `thread` in its `segment` knew of others. An occurrence of thread *u* in segment
/// *s* happened before it when `entries[u] >= s`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// Whose clock.
    pub thread: ThreadNum,
    /// At which segment of its own.
    pub segment: u32,
    /// Sorted by thread.
    pub entries: Vec<(ThreadNum, u32)>,
}

/// A loaded executable or library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// First address.
    pub base: u64,
    /// One past the last address.
    pub end: u64,
    /// Path of the file.
    pub path: String,
    /// Build id in hexadecimal, empty when it has none.
    pub build_id: String,
}

/// A wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    /// In what.
    pub kind: WaitKind,
    /// Ends by itself.
    pub timed: bool,
    /// Instance, thread number or scope number, by kind.
    pub object: u32,
    /// The mutex of a condition variable.
    pub object2: u32,
    /// Class of the object, where it has one.
    pub class: Option<ClassId>,
    /// Where.
    pub site: SiteId,
    /// Since when.
    pub since_ticks: u64,
}

impl Wait {
    /// Of a task: whether it sleeps until anyone gives it what it awaits, or until a time.
    #[must_use]
    pub const fn is_await(&self) -> bool {
        self.timed && self.kind.may_be_an_await()
    }
}

/// The state of a thread that had not ended.
#[derive(Clone, Debug, Default)]
pub struct BoardSlot {
    /// Which thread.
    pub thread: ThreadNum,
    /// What it is blocked in.
    pub wait: Option<Wait>,
    /// What it holds, oldest first.
    pub held: Vec<Held>,
    /// How many more it holds that are not listed.
    pub held_unlisted: u32,
    /// Scope number of a scoped thread.
    pub scope: Option<u32>,
    /// Acquisitions so far.
    pub acquisitions: u64,
    /// Its closure has returned.
    pub returned: bool,
    /// Of a task: when it was polled last, and by whom.
    pub polled: Option<Polled>,
}

/// The last poll of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polled {
    /// The thread that polled; 0 if that is not known.
    pub by: ThreadNum,
    /// When it began.
    pub began_ticks: u64,
    /// When it ended; `None` while it is polled.
    pub ended_ticks: Option<u64>,
}

/// A deadlock or stall that was observed.
#[derive(Clone, Debug, Default)]
pub struct Deadlock {
    /// Which sort.
    pub kind: DeadlockKind,
    /// Who saw it.
    pub thread: ThreadNum,
    /// When.
    pub ticks: u64,
    /// The cycle: each waits for something of the next, the last for something of the first.
    pub participants: Vec<Participant>,
}

/// Sorts of deadlock, see [`crate::layout::deadlock_kind`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "documented in `layout::deadlock_kind`")]
pub enum DeadlockKind {
    #[default]
    Cycle,
    SelfLock,
    Orphan,
    Knot,
    Stall,
    Partial,
    Forked,
    Blocking,
    Starved,
}

/// One thread of a deadlock.
#[derive(Clone, Debug, Default)]
pub struct Participant {
    /// Who.
    pub thread: ThreadNum,
    /// What it waits for.
    pub wait: Wait,
    /// The lock for which the *previous* participant waits, as this thread took it; `None` when that edge is no lock.
    pub holds: Option<Held>,
    /// That lock was handed to a future of this task which nobody polls any more.
    pub is_handed: bool,
}

impl WaitKind {
    /// Whether a task that sleeps in it is given by anyone what it awaits, or awaits a time; and no lock, permit or end.
    #[must_use]
    pub const fn may_be_an_await(self) -> bool {
        matches!(
            self,
            Self::Recv
                | Self::Send
                | Self::Barrier
                | Self::Sleep
                | Self::OnceWait
                | Self::Select
                | Self::Notified
                | Self::Changed
                | Self::Closed
        )
    }

    /// Whether what is waited for is held by threads, all of which must act: a lock, an initialiser, a thread's end.
    #[must_use]
    pub const fn is_for_holders(self) -> bool {
        matches!(
            self,
            Self::Mutex
                | Self::Read
                | Self::Write
                | Self::Once
                | Self::Join
                | Self::Scope
                | Self::Jobs
        )
    }
}

/// A lock that is held over a wait for jobs of a thread pool, and a job that takes it and may meet the wait in another schedule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldAcrossPool {
    /// The later one of the two may have waited for news of the earlier one.
    pub is_doubtful: bool,
    /// The lock.
    pub instance: InstanceId,
    /// Its class, where it is known.
    pub class: Option<ClassId>,
    /// When it was found.
    pub ticks: u64,
    /// Who holds it, and waits.
    pub holder: PoolUse,
    /// Who runs the job.
    pub taker: PoolUse,
}

/// A lock as a thread holds it over a wait for jobs, or takes it in a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolUse {
    /// Who.
    pub thread: ThreadNum,
    /// How the lock was taken.
    pub access: Access,
    /// Where.
    pub site: SiteId,
    /// Where jobs are waited for, or where the job was handed out.
    pub jobs_site: SiteId,
    /// The stack of the wait, or of the acquisition in the job.
    pub stack: Option<u32>,
}

/// How a task keeps a lock while it sleeps, or has left it, see [`crate::layout::kept_asleep`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "documented in `layout::kept_asleep`")]
pub enum KeptKind {
    #[default]
    Future,
    Guard,
    Forgotten,
    Left,
}

/// A lock that a task keeps while it sleeps, or never gives back, and that somebody wants meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptAsleep {
    /// How it is kept.
    pub kind: KeptKind,
    /// The lock.
    pub instance: InstanceId,
    /// Its class, where it is known.
    pub class: Option<ClassId>,
    /// When it was found.
    pub ticks: u64,
    /// Where the task sleeps with it; 0 where that is not known.
    pub awaits: SiteId,
    /// The task that keeps it.
    pub keeper: LockUse,
    /// Who wants it.
    pub taker: LockUse,
    /// How many permits of it were forgotten; 0 for other kinds.
    pub permits: u32,
}

/// A lock as a thread takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LockUse {
    /// Who.
    pub thread: ThreadNum,
    /// How.
    pub access: Access,
    /// Where.
    pub site: SiteId,
}

/// A segment of a thread that was spent in a job of a thread pool, or in a call that asks for jobs. Which thread runs a job is the schedule's choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strand {
    /// Who ran it.
    pub thread: ThreadNum,
    /// In which of its segments.
    pub segment: u32,
    /// Who asked for jobs first.
    pub caller: ThreadNum,
    /// In which of its calls: they are numbered upwards.
    pub call: u32,
    /// Whether that call waits for all of this.
    pub is_waited_for: bool,
    /// What was known when the job was asked for (index into [`Recording::clocks`]).
    pub clock: Option<u32>,
    /// The call, by a number that no other has.
    pub tree: u64,
    /// The way from the call to the job. The last step goes nowhere. Empty when it was not kept.
    pub steps: Vec<JobStep>,
}

/// A branch of the tree of jobs, on the way to a place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobStep {
    /// The branch: never the same for two.
    pub branch: u64,
    /// What had come out of it by then, or is the next step.
    pub at: u32,
    /// Whether the next step is a job, which runs beside what follows here; and not a call, which is waited for.
    pub is_job: bool,
    /// The branch whose end waits for that job; 0 when none is known to.
    pub waiter: u64,
}

/// The stack of a thread in one of its waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitStack {
    /// Who waits.
    pub thread: ThreadNum,
    /// Since when: the same number as that of the wait.
    pub since_ticks: u64,
    /// Its index among the stacks.
    pub stack: u32,
}

/// What a thread was doing, by the kernel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadState {
    /// Its number; `None` for one that is not recorded.
    pub thread: Option<ThreadNum>,
    /// The kernel's number.
    pub os_tid: u32,
    /// When it was looked at.
    pub ticks: u64,
    /// In words, such as `sleeps in read`.
    pub state: String,
}

/// A lock that was waited for, or held, too long.
#[derive(Clone, Debug, Default)]
pub struct Overdue {
    /// Which of the two.
    pub kind: OverdueKind,
    /// How many threads waited for the lock.
    pub waiters: u32,
    /// When it was seen.
    pub ticks: u64,
    /// How long it had lasted (ticks), measured against the progress of the process.
    pub lasted_ticks: u64,
    /// Who waits, for a long wait.
    pub waiter: Option<Participant>,
    /// Who holds the lock, with the wait that it is in itself; `None` when that is not known.
    pub holder: Option<Participant>,
    /// Site and time of the last event of the holder that has a place.
    pub last: Option<(SiteId, u64)>,
}

/// What has lasted too long, see [`crate::layout::overdue_kind`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "documented in `layout::overdue_kind`")]
pub enum OverdueKind {
    #[default]
    Wait,
    Hold,
}

/// Two accesses to a tracked place that nothing proper orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Race {
    /// Which sort.
    pub kind: RaceKind,
    /// The place.
    pub instance: InstanceId,
    /// Its class.
    pub class: Option<ClassId>,
    /// When it was seen.
    pub ticks: u64,
    /// The lock that was held at most accesses, and at how many.
    pub guard: Option<RaceGuard>,
    /// All accesses; those repeated between two releases count once.
    pub accesses: u32,
    /// The name of the lock that was declared to guard the place.
    pub declared: Option<String>,
    /// The access that was observed first.
    pub earlier: RaceAccess,
    /// The other one.
    pub later: RaceAccess,
}

/// Sorts of race, see [`crate::layout::race_kind`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "documented in `layout::race_kind`")]
pub enum RaceKind {
    #[default]
    DataRace,
    Unprotected,
    Undeclared,
}

/// One side of a race.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RaceAccess {
    /// Who.
    pub thread: ThreadNum,
    /// A write.
    pub is_write: bool,
    /// The creation of the place, which counts as a write.
    pub is_creation: bool,
    /// Where.
    pub site: SiteId,
    /// The locks held.
    pub held: Vec<Held>,
}

/// The events of one ring or of one thread's segments.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// Whose.
    pub thread: ThreadNum,
    /// In the order of the thread.
    pub events: Vec<Event>,
    /// Events that were overwritten before the first one here.
    pub overwritten: u64,
    /// Events that are in the file before the first one here, but were not asked for.
    pub omitted: u64,
}

/// An event of a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// When (ticks); releases carry the ticks of the event before them.
    pub ticks: u64,
    /// What.
    pub op: Op,
    /// Instance, thread or scope, by operation.
    pub object: u32,
    /// Site, where it has one.
    pub site: SiteId,
    /// Class, where it has one.
    pub class: Option<ClassId>,
    /// By operation: the lock's acquisition count (low 24 bits), the message number, the wait kind.
    pub seq: u32,
}

/// Operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "documented in `layout::event`")]
pub enum Op {
    #[default]
    Unknown,
    Acquire(Access),
    Release,
    BlockBegin(WaitKind),
    BlockEnd(WaitKind),
    Spawn,
    Join,
    NotifyOne,
    NotifyAll,
    Send,
    Recv,
    Unpark,
    Barrier,
    ThreadStart,
    ThreadEnd,
    InitDone,
}

impl Recording {
    /// The site, or the unknown one.
    #[must_use]
    pub fn site(&self, id: SiteId) -> Option<&Site> {
        self.sites.get(id.0 as usize).filter(|site| !site.file.is_empty())
    }

    /// The class.
    #[must_use]
    pub fn class(&self, id: ClassId) -> Option<&Class> {
        self.classes.get(id.0 as usize).filter(|_| id.0 != 0)
    }

    /// The stack of a thread in a wait; empty where none was taken.
    #[must_use]
    pub fn stack_of_wait(&self, thread: ThreadNum, wait: &Wait) -> &[u64] {
        let is_it =
            |known: &&WaitStack| known.thread == thread && known.since_ticks == wait.since_ticks;
        let known = self.wait_stacks.iter().rfind(is_it);
        known.and_then(|known| self.stacks.get(known.stack as usize)).map_or(&[], Vec::as_slice)
    }

    /// What a thread was doing when it was last looked at, not after `until`, and it waited for nothing that is recorded.
    #[must_use]
    pub fn state_of(&self, thread: ThreadNum, until: u64) -> Option<&str> {
        let is_it = |known: &&ThreadState| known.thread == Some(thread) && known.ticks <= until;
        self.thread_states.iter().rfind(is_it).map(|known| known.state.as_str())
    }

    /// The releases between the last other event of a thread and its end; empty where events were not read.
    #[must_use]
    pub fn released_at_its_end(&self, thread: ThreadNum) -> Vec<&Event> {
        let streams = self.streams.iter().rev().filter(|stream| stream.thread == thread);
        let mut events = streams.flat_map(|stream| stream.events.iter().rev());
        match events.next() {
            Some(last) if last.op == Op::ThreadEnd => {
                events.take_while(|event| event.op == Op::Release).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The panics, the earliest first, as far as that is known. Where the beginning of one was not recorded, its thread is known to have
    /// panicked when it has ended; but what it held it had released before, and others may have panicked for that.
    #[must_use]
    pub fn panics_in_order(&self) -> Vec<&Panic> {
        let mut panics: Vec<&Panic> = self.panics.iter().collect();
        panics.sort_by_cached_key(|panic| {
            if panic.start.is_some() {
                return panic.ticks;
            }
            let released = self.released_at_its_end(panic.thread);
            released.iter().map(|event| event.ticks).min().unwrap_or(panic.ticks)
        });
        panics
    }

    /// Seconds between two clock readings, where the clock was calibrated.
    #[must_use]
    pub fn seconds_between(&self, from: u64, to: u64) -> Option<f64> {
        (self.process.ticks_per_second > 0)
            .then(|| to.saturating_sub(from) as f64 / self.process.ticks_per_second as f64)
    }
}
