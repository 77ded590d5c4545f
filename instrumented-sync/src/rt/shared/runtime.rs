//! The runtime of the process: made at the first event, never taken down.

use super::across_awaits::AcrossAwaits;
use super::across_pools::AcrossPools;
use super::bell::Bell;
use super::board::Board;
use super::calls::Calls;
use super::classes::Classes;
use super::joins::Joins;
use super::kinds::Kinds;
use super::leaks::Leaks;
use super::left_behind::LeftBehind;
use super::live_stacks::LiveStacks;
use super::measures::Measures;
use super::movable::Movable;
use super::must_order::MustOrder;
use super::nodes::Nodes;
use super::origin::Origin;
use super::orphans::Orphans;
use super::overflow::Overflows;
use super::pool::{Rings, Tables};
use super::queues::Queues;
use super::race::RaceObjects;
use super::receivers::Receivers;
use super::sites::Sites;
use super::sleepers::Sleepers;
use super::stacks::Stacks;
use super::suspects::Suspects;
use super::tasks::Tasks;
use super::workers::Workers;
use crate::rt::machine::clock;
use crate::rt::machine::modules::Modules;
use crate::rt::machine::settings::Settings;
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU32, AtomicU64, Ordering, fence};
use std::time::Duration;
use syncscope_recording::layout::header;
use syncscope_recording::writer::RecordingFile;

/// All of it.
#[derive(Debug)]
pub(crate) struct Runtime {
    pub(crate) settings: Settings,
    pub(crate) file: RecordingFile,
    pub(crate) board: Board,
    pub(crate) nodes: Nodes,
    pub(crate) kinds: Kinds,
    pub(crate) measures: Measures,
    pub(crate) sites: Sites,
    pub(crate) classes: Classes,
    pub(crate) stacks: Stacks,
    pub(crate) rings: Rings,
    pub(crate) tables: Tables,
    pub(crate) overflows: Overflows,
    pub(crate) must_order: MustOrder,
    pub(crate) orphans: Orphans,
    pub(crate) movable: Movable,
    pub(crate) tasks: Tasks,
    pub(crate) calls: Calls,
    /// Threads that poll tasks.
    pub(crate) workers: Workers,
    pub(crate) sleepers: Sleepers,
    pub(crate) suspects: Suspects,
    pub(crate) queues: Queues,
    pub(crate) receivers: Receivers,
    pub(crate) joins: Joins,
    pub(crate) live_stacks: LiveStacks,
    pub(crate) race: RaceObjects,
    pub(crate) across_pools: AcrossPools,
    pub(crate) across_awaits: AcrossAwaits,
    pub(crate) leaks: Leaks,
    pub(crate) service: Bell,
    pub(crate) modules: Modules,
    pub(crate) left_behind: LeftBehind,
    pub(crate) origin: Origin,
    next_thread: AtomicU32,
    start_ticks: u64,
    /// The process's id.
    pub(crate) pid: u32,
    start_ns: u64,
    /// Nanoseconds after the start at which the clock was last calibrated.
    calibrated: AtomicU64,
}

/// What a runtime begins with.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub(crate) settings: Settings,
    pub(crate) file: RecordingFile,
    pub(crate) origin: Origin,
    pub(crate) modules: Modules,
    pub(crate) start_ticks: u64,
    pub(crate) start_ns: u64,
    /// Starts the service; see [`Bell::new`].
    pub(crate) start_service: fn() -> bool,
}

static RUNTIME: AtomicPtr<Runtime> = AtomicPtr::new(std::ptr::null_mut());
/// The runtime of the process that forked; null in any other process.
static PARENT: AtomicPtr<Runtime> = AtomicPtr::new(std::ptr::null_mut());
static PHASE: AtomicU8 = AtomicU8::new(UNSTARTED);

const UNSTARTED: u8 = 0;
const STARTING: u8 = 1;
const STARTED: u8 = 2;
const OFF: u8 = 3;

/// Whether recording is switched off in this process.
#[inline]
pub(crate) fn is_off() -> bool {
    // Relaxed: a stale view only takes the slow path once more.
    PHASE.load(Ordering::Relaxed) == OFF
}

/// The runtime, if it has started.
pub(crate) fn started() -> Option<&'static Runtime> {
    // Acquire: pairs with the Release in `publish`.
    // SAFETY: the pointer is null or that of a leaked runtime.
    unsafe { RUNTIME.load(Ordering::Acquire).as_ref() }
}

/// Whether recording has started in this process: something was locked, or spawned.
#[inline]
pub(crate) fn is_recording() -> bool {
    // Relaxed: a stale view is as if asked a moment before.
    !RUNTIME.load(Ordering::Relaxed).is_null()
}

/// Events that were let pass, and are not counted in the recording yet.
static PASSED: AtomicU64 = AtomicU64::new(0);

/// An event is let pass: a loss, which is counted in the recording as soon as there is one. For signal handlers, too.
#[cold]
pub(crate) fn passed() {
    // Relaxed: a number; the fence decides who takes it.
    PASSED.fetch_add(1, Ordering::Relaxed);
    // SeqCst: pairs with the fence in `publish`: the event is found there, or the recording here.
    fence(Ordering::SeqCst);
    if let Some(runtime) = started() {
        runtime.count_passed();
    }
}

/// Whether some thread is just starting it.
pub(crate) fn is_starting() -> bool {
    // Relaxed: what the start has made is looked at through the pointer.
    PHASE.load(Ordering::Relaxed) == STARTING
}

/// Looks before giving up on a start by another thread: some tens of milliseconds.
const LOOKS: u32 = 200;

/// Waits for another thread's start, so that short threads that begin together (the first tests of a program) are all
/// recorded. Not for ever: the start may need the allocator, whose lock the caller may hold.
#[cold]
pub(crate) fn await_start() -> Option<&'static Runtime> {
    for _ in 0..LOOKS {
        if started().is_some() || is_off() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_micros(100));
    }
    started()
}

/// The caller starts the runtime, unless another thread does, or has. Ends by [`publish`] or [`switch_off`].
pub(crate) fn begin_start() -> bool {
    // AcqRel: one thread starts; the others see nothing of its work until the pointer is there.
    PHASE.compare_exchange(UNSTARTED, STARTING, Ordering::AcqRel, Ordering::Relaxed).is_ok()
}

/// The runtime has started.
pub(crate) fn publish(runtime: &'static Runtime) {
    // Release: pairs with the Acquire in `started`.
    RUNTIME.store(std::ptr::from_ref(runtime).cast_mut(), Ordering::Release);
    // Release: pairs with the Acquire of `begin_start`.
    PHASE.store(STARTED, Ordering::Release);
    // SeqCst: pairs with the fence in `passed`.
    fence(Ordering::SeqCst);
    runtime.count_passed();
}

/// Nothing is recorded in this process.
pub(crate) fn switch_off() {
    // Relaxed: nothing is published with it.
    PHASE.store(OFF, Ordering::Relaxed);
}

/// In the child of a fork: the runtime is the parent's; the next event starts another.
pub(crate) fn forget() {
    // Relaxed: the child has one thread.
    match PHASE.load(Ordering::Relaxed) {
        OFF => {}
        // Another thread of the parent's was in the midst of starting it, for longer than the fork has waited: what it held stays locked.
        STARTING => switch_off(),
        _ => {
            let parents = RUNTIME.swap(std::ptr::null_mut(), Ordering::Relaxed);
            // A child that records nothing before it forks hands on what it has inherited.
            if !parents.is_null() {
                PARENT.store(parents, Ordering::Relaxed);
            }
            PHASE.store(UNSTARTED, Ordering::Relaxed);
        }
    }
}

/// The runtime of the process that forked, in its child.
pub(crate) fn parent() -> Option<&'static Runtime> {
    // SAFETY: null, or a runtime, which is never freed. Relaxed: stored when there was one thread.
    unsafe { PARENT.load(Ordering::Relaxed).as_ref() }
}

impl Runtime {
    pub(crate) fn new(beginning: Beginning) -> Self {
        let Beginning { settings, file, origin, modules, start_ticks, start_ns, start_service } =
            beginning;
        let (ring_cap, node_cap) = (settings.ring_cap, settings.node_cap);
        Self {
            settings,
            file,
            board: Board::new(),
            nodes: Nodes::new(node_cap),
            kinds: Kinds::default(),
            measures: Measures::new(),
            sites: Sites::new(),
            classes: Classes::new(),
            stacks: Stacks::new(),
            rings: Rings::new(ring_cap),
            tables: Tables::default(),
            overflows: Overflows::default(),
            must_order: MustOrder::new(node_cap),
            orphans: Orphans::default(),
            movable: Movable::new(),
            live_stacks: LiveStacks::default(),
            race: RaceObjects::new(),
            across_pools: AcrossPools::new(),
            across_awaits: AcrossAwaits::default(),
            leaks: Leaks::default(),
            service: Bell::new(start_service),
            modules,
            left_behind: LeftBehind::default(),
            tasks: Tasks::default(),
            calls: Calls::default(),
            workers: Workers::default(),
            sleepers: Sleepers::default(),
            suspects: Suspects::default(),
            queues: Queues::new(),
            receivers: Receivers::default(),
            joins: Joins::default(),
            origin,
            next_thread: AtomicU32::new(1),
            start_ticks,
            pid: std::process::id(),
            start_ns,
            calibrated: AtomicU64::new(0),
        }
    }

    fn count_passed(&self) {
        // Relaxed: whoever takes them counts them.
        let passed = PASSED.swap(0, Ordering::Relaxed);
        if passed > 0 {
            self.file.count(header::LOST_RECORDS, passed);
        }
    }

    /// Whether it is this process's, and not that of the process that forked.
    pub(crate) fn is_current(&self) -> bool {
        started().is_some_and(|current| std::ptr::eq(current, self))
    }

    /// A number for a thread.
    pub(crate) fn next_thread(&self) -> u32 {
        // Relaxed: hands out numbers.
        self.next_thread.fetch_add(1, Ordering::Relaxed)
    }

    /// Measures the clock's rate, from a few milliseconds after the start on, better each time the time since has doubled.
    #[cold]
    pub(crate) fn calibrate(&self) {
        let rate = self.file.header().u64(header::TICKS_PER_SECOND);
        // Relaxed: a number for readers.
        if let Some(known) = clock::known_rate() {
            rate.store(known, Ordering::Relaxed);
            return;
        }
        let elapsed_ns = clock::monotonic_ns().saturating_sub(self.start_ns);
        let last = self.calibrated.load(Ordering::Relaxed);
        if elapsed_ns >= (CALIBRATION.as_nanos() as u64).max(last.saturating_mul(2)) {
            let elapsed_ticks = clock::ticks().saturating_sub(self.start_ticks);
            let per_second = u128::from(elapsed_ticks) * 1_000_000_000 / u128::from(elapsed_ns);
            self.calibrated.store(elapsed_ns, Ordering::Relaxed);
            rate.store(per_second as u64, Ordering::Relaxed);
        }
    }
}

/// How long the clock is measured at least.
pub(crate) const CALIBRATION: Duration = Duration::from_millis(2);
