//! Threads that wait, or work for long, where we see nothing: others go on meanwhile.
//!
//! A thread of ours looks at the kernel's side of whose turn it is. What is done outside has no order that we know, so a run with such a thread may
//! not be the same again; it is counted.

use super::calls::real;
use super::start;
use super::state;
use super::thread::State;
use super::turn;
use crate::rt::machine::os;
use crate::rt::machine::own_thread;
use crate::rt::machine::proc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use syncscope_recording::schedule::layout::{header, state as how};

/// Between two looks, in nanoseconds.
const LOOK: i64 = 1_000_000;
/// Looks at which a thread was found asleep, one after the other, before it is left alone.
const ASLEEP: u32 = 3;
/// Nanoseconds of work without a step.
const WORK: u64 = 200_000_000;
/// Looks at a process that is stuck before it is ended: the runtime has had time to tell it.
const STUCK: u32 = 10_000;

static IS_STARTED: AtomicBool = AtomicBool::new(false);
static TID: AtomicU32 = AtomicU32::new(0);

/// Starts it, once.
pub(super) fn watch() {
    // Relaxed: decides only who starts it.
    if !IS_STARTED.swap(true, Ordering::Relaxed) {
        own_thread::start(c"syncscope-gate", || (), run);
    }
}

/// Whether this is the kernel's number of the thread that looks.
pub(crate) fn is_watcher(tid: u32) -> bool {
    // Relaxed: a number that stands for itself.
    TID.load(Ordering::Relaxed) == tid
}

/// What was seen of whose turn it is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Seen {
    steps: u64,
    current: Option<usize>,
}

fn run() {
    // Relaxed: as in `is_watcher`.
    TID.store(os::own_tid(), Ordering::Relaxed);
    let (mut seen, mut asleep, mut stuck, mut work) = (Seen::default(), 0, 0, None);
    while start::is_on() {
        real::pause(LOOK);
        let Some(gate) = state::try_lock() else { continue };
        // While a deadlock is told nobody else goes on, however long that takes.
        if gate.shared.read(header::STATE) == how::DEADLOCK {
            continue;
        }
        let now = Seen { steps: gate.shared.steps, current: gate.current };
        if now != seen {
            (seen, asleep, stuck, work) = (now, 0, 0, None);
            continue;
        }
        let Some(current) = now.current else {
            turn::start_anybody(gate);
            stuck += 1;
            if stuck > STUCK && state::lock().shared.read(header::STATE) == how::STUCK {
                turn::exit();
            }
            continue;
        };
        let tid = gate.threads[current].tid;
        drop(gate);
        if tid == 0 {
            continue;
        }
        let sleeps = os::thread(tid).is_none_or(|thread| thread.sleeps);
        asleep = if sleeps { asleep + 1 } else { 0 };
        let worked = worked(tid);
        let since = *work.get_or_insert(worked);
        if asleep < ASLEEP && worked.saturating_sub(since) < WORK {
            continue;
        }
        let mut gate = state::lock();
        if (Seen { steps: gate.shared.steps, current: gate.current }) != seen {
            continue;
        }
        gate.threads[current].state = State::Outside;
        gate.shared.count(header::LEFT);
        gate.current = None;
        turn::start_anybody(gate);
        (asleep, work) = (0, None);
    }
}

/// Nanoseconds that a thread has run.
fn worked(tid: u32) -> u64 {
    let text = proc::read(&format!("task/{tid}/schedstat")).unwrap_or_default();
    text.split_ascii_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0)
}
