//! What happens when a deadlock is seen: it is recorded, told, and then the user's choice is carried out.

use super::wait_for::{Cycle, Participant};
use crate::rt::live_stack;
use crate::rt::machine::clock;
use crate::rt::machine::settings::{OnDeadlock, OnStall};
use crate::rt::machine::text::{self, Clean};
use crate::rt::machine::unwind;
use crate::rt::shared::board::{self, Slot};
use crate::rt::shared::runtime::Runtime;
use crate::rt::thread::{local, spawned};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::Ordering;
use std::time::Duration;
use syncscope_recording::layout::{self, deadlock_kind, exit_state, header, log, wait};
use syncscope_recording::writer::LogRecord;
use syncscope_recording::{Events, ReadError, Recording, read_file_with};

/// Code of a process that was ended on a finding, as the sanitizers use it.
pub(crate) const EXIT_CODE: i32 = 66;

/// Attempts to take the stacks of all that wait, and the time between two.
const STACK_LOOKS: u32 = 5;
const STACK_STEP: Duration = Duration::from_millis(2);

/// Records and tells the deadlock, and carries out the choice. With `closing` it is called by the thread that closes the
/// cycle, before it blocks; otherwise by the service thread.
///
/// # Panics
///
/// When the user chose `panic` and this is the closing thread.
#[cold]
pub(crate) fn deadlock(runtime: &Runtime, cycle: &Cycle, closing: Option<&local::Local>) {
    // A thread without room on the board has its slot elsewhere.
    let is_elsewhere = closing.is_some_and(|local| local.slot_index == u32::MAX);
    let is_known = is_elsewhere || are_recorded(cycle) && is_as_stored(runtime, cycle);
    if !is_known || !runtime.service.is_news(waits_of(cycle)) {
        return;
    }
    #[cfg(feature = "accesses")]
    crate::rt::gate::ended();
    // What runs on a task's stack by then is the task's runtime.
    if let Some(local) = closing.filter(|local| !local.slot.is_task()) {
        take_own_stack(local);
    }
    take_stacks(runtime, cycle);
    record(runtime, cycle);
    runtime.calibrate();
    let text = describe(runtime, cycle);
    let rule = if is_handed(cycle) { "futurelock" } else { "deadlock" };
    match runtime.settings.on_deadlock {
        OnDeadlock::Panic if closing.is_some_and(can_panic) => {
            if let Some(local) = closing {
                local.end_wait();
                local.leave_hook();
                let root = spawned::root(local.number);
                if root != local.number {
                    runtime.service.panicked(local.number, root);
                }
            }
            runtime.service.tell(rule, text.clone());
            std::panic::panic_any(text);
        }
        OnDeadlock::Exit | OnDeadlock::Panic => {
            text::to_stderr(&text);
            end_process(runtime, exit_state::DEADLOCK);
        }
        OnDeadlock::Report => {
            text::to_stderr(&text);
            runtime.service.tell(rule, text);
        }
    }
}

fn are_recorded(cycle: &Cycle) -> bool {
    cycle.participants.iter().all(|one| one.thread != 0)
}

/// Whether the board says of all of them what we have stored there: it lies in a file, and where somebody writes over it nothing that
/// it says accuses anyone.
fn is_as_stored(runtime: &Runtime, cycle: &Cycle) -> bool {
    // 0 is a thread that is not recorded.
    let known = cycle.participants.iter().filter(|one| one.thread != 0);
    known.map(|one| runtime.board.find(one.thread)).all(|slot| slot.is_some_and(Slot::is_as_stored))
}

/// Records the calling thread's own stack as that of the wait that it has just published.
fn take_own_stack(local: &local::Local) {
    let runtime: &Runtime = local.runtime;
    if let Some(wait) = local.slot.wait() {
        let to = (&runtime.file, &runtime.stacks);
        runtime.live_stacks.record(to, local.number, &wait, &unwind::long());
    }
}

/// Where the threads wait. One that is about to sleep is asked again, for some milliseconds.
fn take_stacks(runtime: &Runtime, cycle: &Cycle) {
    let waits: Vec<_> = cycle
        .participants
        .iter()
        .filter(|one| one.wait.kind != wait::NONE)
        .filter_map(|one| Some((runtime.board.find(one.thread)?, one.wait)))
        .collect();
    for _ in 0..STACK_LOOKS {
        if live_stack::take(runtime, &waits) {
            break;
        }
        std::thread::sleep(STACK_STEP);
    }
}

/// Records and tells the stall, and ends the process if the user chose so. Called by the service thread, once for each stall.
#[cold]
pub(crate) fn stall(runtime: &Runtime, cycle: &Cycle, lasted: Duration, may_end: bool) {
    if !is_as_stored(runtime, cycle) {
        return;
    }
    let text = format!(
        "syncscope: stall: every thread that could act has been blocked for {:.1} s\n",
        lasted.as_secs_f64()
    );
    let text = tell_stall(runtime, cycle, text);
    match runtime.settings.on_stall {
        OnStall::Exit if may_end => end_process(runtime, exit_state::STALL),
        OnStall::Exit | OnStall::Report => runtime.service.tell("stall", text),
    }
}

/// Records and tells that threads are held up while others go on. Called by the service thread.
#[cold]
pub(crate) fn partial_stall(runtime: &Runtime, cycle: &Cycle, lasted: Duration) {
    if !is_as_stored(runtime, cycle) {
        return;
    }
    let text =
        format!("syncscope: stall: threads have been held up for {:.1} s\n", lasted.as_secs_f64());
    let text = tell_stall(runtime, cycle, text);
    runtime.service.tell("stall", text);
}

/// Records that workers of an async runtime are kept by blocking calls. Gives it in words, for the service to tell.
#[cold]
pub(crate) fn blocking(runtime: &Runtime, cycle: &Cycle) -> String {
    take_stacks(runtime, cycle);
    record(runtime, cycle);
    runtime.calibrate();
    let title = match cycle.kind {
        deadlock_kind::STARVED => "blocking calls keep all workers of an async runtime",
        _ => "a blocking call keeps a worker of an async runtime",
    };
    let mut text = format!("{title}\n");
    add_lines(&mut text, runtime, cycle);
    text.trim_end().to_owned()
}

fn tell_stall(runtime: &Runtime, cycle: &Cycle, mut text: String) -> String {
    runtime.service.is_news(waits_of(cycle));
    take_stacks(runtime, cycle);
    record(runtime, cycle);
    runtime.calibrate();
    add_lines(&mut text, runtime, cycle);
    text::to_stderr(&text);
    text
}

/// What this process has recorded so far, without events: no verdict and no name rests on those.
pub(crate) fn own_recording(runtime: &Runtime) -> Result<Recording, ReadError> {
    if !runtime.file.is_there() {
        return Err(ReadError::Io(std::io::ErrorKind::NotFound.into()));
    }
    read_file_with(runtime.file.path(), Events::None)
}

/// Ends the process: a test goes on after a thread of it has panicked over a deadlock, which nobody took notice of. Called by
/// the service thread.
#[cold]
pub(crate) fn unnoticed(runtime: &Runtime, root: u32, lasted: Duration) -> ! {
    runtime.calibrate();
    let names = Names::read(runtime, own_recording(runtime).as_ref());
    text::to_stderr(&format!(
        "syncscope: deadlock: {} has gone on for {:.1} s after the panic, which did not reach it: the process is ended\n",
        names.thread(root),
        lasted.as_secs_f64()
    ));
    end_process(runtime, exit_state::DEADLOCK);
}

/// Ends the process at once: no destructors, no `atexit`, since a deadlocked program may hold what those need.
pub(crate) fn end_process(runtime: &Runtime, state: u32) -> ! {
    let page = runtime.file.header();
    // Relaxed: for readers of the file after the end.
    page.u64(header::END_TICKS).store(clock::ticks(), Ordering::Relaxed);
    page.u32(header::EXIT_STATE).store(state, Ordering::Relaxed);
    // SAFETY: has no preconditions.
    unsafe { libc::_exit(EXIT_CODE) }
}

/// A panic while panicking aborts, and with `panic = "abort"` it ends the process without a word to the command. At the end of a
/// scope it frees nobody: std waits for the threads all the same.
fn can_panic(closing: &local::Local) -> bool {
    let at_scope_end = closing.slot.wait().is_some_and(|wait| wait.kind == wait::SCOPE);
    // The runtime of a task would swallow the panic.
    cfg!(panic = "unwind") && !std::thread::panicking() && !at_scope_end && !closing.slot.is_task()
}

/// Each thread with the number of its wait.
fn waits_of(cycle: &Cycle) -> Vec<(u32, u32)> {
    cycle.participants.iter().map(|one| (one.thread, one.wait.seq)).collect()
}

fn record(runtime: &Runtime, cycle: &Cycle) {
    let first = cycle.participants.first().map_or(0, |participant| participant.thread);
    let head = LogRecord::new(log::DEADLOCK)
        .u32(cycle.kind)
        .u32(first)
        .u64(clock::ticks())
        .u32(cycle.participants.len() as u32);
    runtime.file.append(cycle.participants.iter().fold(head, |record, participant| {
        let held = participant.holds;
        let handed = if participant.is_handed { layout::participant::HANDED } else { 0 };
        let field = |get: fn(&board::HeldEntry) -> u32| held.as_ref().map_or(0, get);
        record
            .u32(participant.thread)
            .u32(participant.wait.kind)
            .u32(participant.wait.object)
            .u32(participant.wait.class)
            .u32(participant.wait.site)
            .u32(field(|held| held.instance))
            .u32(field(|held| held.class))
            .u32(field(|held| held.site))
            .u32(field(|held| u32::from(held.access)) | handed)
            .u32(participant.wait.object2)
            .u64(participant.wait.since)
            .u32(participant.segment)
            .u32(participant.depth)
    }));
}

/// The deadlock in a few lines, from what is in memory: the command tells it better, with source lines.
fn describe(runtime: &Runtime, cycle: &Cycle) -> String {
    let title = match cycle.kind {
        _ if is_handed(cycle) => {
            "a lock was handed to a future that its task no longer polls, and the task waits"
        }
        deadlock_kind::SELF => "a thread waits for itself",
        deadlock_kind::ORPHAN => "a thread waits for a lock whose holder has ended",
        deadlock_kind::FORKED => {
            "a thread waits for a lock that was held when this process was forked: its holder stayed in the parent"
        }
        deadlock_kind::KNOT if cycle.has_task(runtime) => {
            "tasks wait, and nothing is left that could wake them"
        }
        deadlock_kind::KNOT => "every thread is blocked and none can wake another",
        _ => "threads wait for each other",
    };
    let mut text = format!("syncscope: deadlock: {title}\n");
    add_lines(&mut text, runtime, cycle);
    text
}

fn is_handed(cycle: &Cycle) -> bool {
    cycle.participants.iter().any(|participant| participant.is_handed)
}

fn add_lines(text: &mut String, runtime: &Runtime, cycle: &Cycle) {
    let names = Names::read(runtime, own_recording(runtime).as_ref());
    for participant in &cycle.participants {
        _ = writeln!(text, "  {}", line(&names, participant));
    }
}

fn line(names: &Names, participant: &Participant) -> String {
    let thread = names.thread(participant.thread);
    let mut text = match participant.wait.kind {
        wait::NONE => format!("{thread} waits for nothing that is recorded"),
        kind => {
            format!("{thread} waits in {} at {}", call(kind), names.site(participant.wait.site))
        }
    };
    if let Some(held) = participant.holds.filter(|_| participant.is_handed) {
        let site = names.site(held.site);
        _ = write!(
            text,
            ", was handed what it has asked for at {site}, in a future that it does not poll"
        );
    } else if let Some(held) = participant.holds {
        _ = write!(text, ", holds what was taken at {}", names.site(held.site));
    }
    text
}

/// What a thread waits in, in words.
pub(crate) fn call(kind: u32) -> &'static str {
    match kind & !wait::TIMED {
        wait::MUTEX => "Mutex::lock",
        wait::READ => "RwLock::read",
        wait::WRITE => "RwLock::write",
        wait::CONDVAR => "Condvar::wait",
        wait::ONCE | wait::ONCE_WAIT => "a one-time initialisation",
        wait::BARRIER => "Barrier::wait",
        wait::RECV => "recv on an empty channel",
        wait::SEND => "send on a full channel",
        wait::JOIN => "join",
        wait::SCOPE => "the end of a scope",
        wait::PARK => "park",
        wait::SLEEP => "sleep",
        wait::SEMAPHORE => "Semaphore::acquire",
        wait::LOCK => "Lock::acquire",
        wait::EVENT => "Event::wait",
        wait::PUT => "put into a full queue",
        wait::GET => "get from an empty queue",
        wait::QUEUE_JOIN => "Queue::join",
        wait::JOBS => "jobs of a thread pool",
        wait::IDLE => "an idle worker of a thread pool",
        wait::SELECT => "a select over channels",
        wait::PARKER => "Parker::park",
        wait::WAIT_GROUP => "WaitGroup::wait",
        wait::NOTIFIED => "an await of a notification",
        wait::CHANGED => "an await of a change",
        wait::CLOSED => "an await of the end of a channel",
        _ => "a blocking call",
    }
}

/// Names of threads and sites, as far as the recording has them.
pub(crate) struct Names {
    threads: HashMap<u32, String>,
    sites: HashMap<u32, String>,
}

impl Names {
    pub(crate) fn read<E>(runtime: &Runtime, recording: Result<&Recording, E>) -> Self {
        let mut names = Self { threads: HashMap::new(), sites: HashMap::new() };
        names.sites.extend(runtime.sites.known().into_iter().map(
            |(file, line, column, number)| (number, format!("{}:{line}:{column}", Clean(file))),
        ));
        for (number, thread) in recording.into_iter().flat_map(|recording| &recording.threads) {
            let what = if thread.is_task { "task" } else { "thread" };
            let name = match &thread.name {
                Some(name) => format!("{what} `{}`", Clean(name)),
                None => format!("{what} {}", number.0),
            };
            names.threads.insert(number.0, name);
        }
        names
    }

    pub(crate) fn thread(&self, number: u32) -> String {
        match self.threads.get(&number) {
            Some(name) => name.clone(),
            None => format!("thread {number}"),
        }
    }

    pub(crate) fn site(&self, number: u32) -> &str {
        self.sites.get(&number).map_or("an unknown place", String::as_str)
    }
}
