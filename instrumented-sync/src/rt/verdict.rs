//! What happens when a deadlock is seen: it is recorded, told, and then the user's choice is carried out.

use super::runtime::Runtime;
use super::settings::OnDeadlock;
use super::text::Clean;
use super::wait_for::{Cycle, Participant};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{deadlock_kind, exit_state, header, log, wait};
use syncscope_recording::writer::{LogRecord, patient};

/// Code of a process that was ended on a finding, as the sanitizers use it.
pub(super) const EXIT_CODE: i32 = 66;

/// Deadlocks told so far, so that a program that goes on is told once.
static TOLD: Mutex<Vec<u64>> = Mutex::new(Vec::new());

/// Records and tells the deadlock, and carries out the choice. With `closing` it is called by the thread that closes the
/// cycle, before it blocks; otherwise by the service thread.
///
/// # Panics
///
/// When the user chose `panic` and this is the closing thread.
#[cold]
pub(super) fn deadlock(runtime: &Runtime, cycle: &Cycle, closing: Option<&super::local::Local>) {
    if already_told(cycle) {
        return;
    }
    record(runtime, cycle);
    runtime.calibrate();
    let text = describe(runtime, cycle);
    match runtime.settings.on_deadlock {
        OnDeadlock::Panic if closing.is_some_and(can_panic) => {
            if let Some(local) = closing {
                local.end_wait();
                local.busy.set(0);
            }
            runtime.service.tell(text.clone());
            std::panic::panic_any(text);
        }
        OnDeadlock::Exit | OnDeadlock::Panic => {
            super::text::to_stderr(&text);
            end_process(runtime, exit_state::DEADLOCK);
        }
        OnDeadlock::Report => {
            super::text::to_stderr(&text);
            runtime.service.tell(text);
        }
    }
}

/// Ends the process at once: no destructors, no `atexit`, since a deadlocked program may hold what those need.
pub(super) fn end_process(runtime: &Runtime, state: u32) -> ! {
    let page = runtime.file.header();
    // Relaxed: for readers of the file after the end.
    page.u64(header::END_TICKS).store(super::clock::ticks(), Ordering::Relaxed);
    page.u32(header::EXIT_STATE).store(state, Ordering::Relaxed);
    // SAFETY: has no preconditions.
    unsafe { libc::_exit(EXIT_CODE) }
}

/// A panic while panicking aborts, and with `panic = "abort"` it ends the process without a word to the command. At the end of a
/// scope it frees nobody: std waits for the threads all the same.
fn can_panic(closing: &super::local::Local) -> bool {
    let at_scope_end = closing.slot.wait().is_some_and(|wait| wait.kind == wait::SCOPE);
    cfg!(panic = "unwind") && !std::thread::panicking() && !at_scope_end
}

fn already_told(cycle: &Cycle) -> bool {
    let mut threads: Vec<_> = cycle
        .participants
        .iter()
        .map(|participant| u64::from(participant.thread) << 32 | u64::from(participant.wait.seq))
        .collect();
    threads.sort_unstable();
    let key = super::stack::hash(&threads);
    let Some(mut told) = patient(&TOLD) else { return false };
    let known = told.contains(&key);
    if !known {
        told.push(key);
    }
    known
}

fn record(runtime: &Runtime, cycle: &Cycle) {
    let first = cycle.participants.first().map_or(0, |participant| participant.thread);
    let head = LogRecord::new(log::DEADLOCK)
        .u32(cycle.kind)
        .u32(first)
        .u64(super::clock::ticks())
        .u32(cycle.participants.len() as u32);
    runtime.file.append(cycle.participants.iter().fold(head, |record, participant| {
        let held = participant.holds;
        let field = |get: fn(&super::board::HeldEntry) -> u32| held.as_ref().map_or(0, get);
        record
            .u32(participant.thread)
            .u32(participant.wait.kind)
            .u32(participant.wait.object)
            .u32(participant.wait.class)
            .u32(participant.wait.site)
            .u32(field(|held| held.instance))
            .u32(field(|held| held.class))
            .u32(field(|held| held.site))
            .u32(field(|held| u32::from(held.access)))
            .u32(participant.wait.object2)
            .u64(participant.wait.since)
            .u32(participant.segment)
            .u32(participant.depth)
    }));
}

/// The deadlock in a few lines, from what is in memory: the command tells it better, with source lines.
fn describe(runtime: &Runtime, cycle: &Cycle) -> String {
    let names = Names::read(runtime);
    let title = match cycle.kind {
        deadlock_kind::SELF => "a thread waits for itself",
        deadlock_kind::ORPHAN => "a thread waits for a lock whose holder has ended",
        deadlock_kind::KNOT => "every thread is blocked and none can wake another",
        deadlock_kind::STALL => "nothing moves any more",
        _ => "threads wait for each other",
    };
    let mut text = format!("syncscope: deadlock: {title}\n");
    for participant in &cycle.participants {
        _ = writeln!(text, "  {}", line(&names, participant));
    }
    text
}

fn line(names: &Names, participant: &Participant) -> String {
    let mut text =
        format!("{} waits in {}", names.thread(participant.thread), call(participant.wait.kind));
    _ = write!(text, " at {}", names.site(participant.wait.site));
    if let Some(held) = participant.holds {
        _ = write!(text, ", holds what was taken at {}", names.site(held.site));
    }
    text
}

fn call(kind: u32) -> &'static str {
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
        _ => "a blocking call",
    }
}

/// Names of threads and sites, as far as the recording has them.
struct Names {
    threads: HashMap<u32, String>,
    sites: HashMap<u32, String>,
}

impl Names {
    fn read(runtime: &Runtime) -> Self {
        let mut names = Self { threads: HashMap::new(), sites: HashMap::new() };
        names.sites.extend(runtime.sites.known().into_iter().map(
            |(file, line, column, number)| (number, format!("{}:{line}:{column}", Clean(file))),
        ));
        let recording = syncscope_recording::read_file(runtime.file.path());
        for (number, thread) in recording.iter().flat_map(|recording| &recording.threads) {
            if let Some(name) = &thread.name {
                names.threads.insert(number.0, name.clone());
            }
        }
        names
    }

    fn thread(&self, number: u32) -> String {
        match self.threads.get(&number) {
            Some(name) => format!("thread `{}`", Clean(name)),
            None => format!("thread {number}"),
        }
    }

    fn site(&self, number: u32) -> &str {
        self.sites.get(&number).map_or("an unknown place", String::as_str)
    }
}
