//! Records and tells long waits and long holds.

use super::look::BoardThread;
use super::tell;
use crate::rt::deadlock::verdict::{Names, call};
use crate::rt::machine::clock;
use crate::rt::shared::board::HeldEntry;
use crate::rt::shared::runtime::Runtime;
use std::fmt::Write;
use std::sync::atomic::Ordering;
use std::time::Duration;
use syncscope_recording::layout::{header, log, overdue_kind, slot};
use syncscope_recording::model::{Event, ThreadNum};
use syncscope_recording::writer::LogRecord;
use syncscope_recording::{Events, Recording, read_file_with};

/// A wait or a hold that has lasted too long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overdue {
    /// One of [`overdue_kind`].
    pub(crate) kind: u32,
    pub(crate) lasted: Duration,
    /// How many wait for the lock.
    pub(crate) waiters: u32,
    pub(crate) waiter: Option<BoardThread>,
    /// Who stands in the way, with the lock as it took it; a writer that is queued has taken nothing.
    pub(crate) holder: Option<(BoardThread, Option<HeldEntry>)>,
}

/// Events of each thread among which the last of a holder is looked for.
const LOOKED_AT: usize = 1024;

/// Records and tells them. The recording is read once for all, for names and for what the holders did last.
pub(crate) fn report(runtime: &Runtime, found: &[Overdue], are_last: bool) {
    runtime.calibrate();
    let recording = read_file_with(runtime.file.path(), Events::Last(LOOKED_AT));
    let names = Names::read(runtime, recording.as_ref());
    for overdue in found {
        let last = recording.as_ref().ok().and_then(|recording| last_event(recording, overdue));
        runtime.file.append(record(runtime, overdue, last));
        let rule = match overdue.kind {
            overdue_kind::WAIT => "long-wait",
            _ => "long-hold",
        };
        // What holds nobody up is recorded for those who ask for it.
        if overdue.waiters > 0 {
            tell::overdue(runtime, rule, &describe(&names, overdue, last));
        }
    }
    if are_last {
        let text = "further long waits and long holds of this process are not recorded";
        runtime.file.append(LogRecord::new(log::NOTE).u32(0).string(text));
    }
}

/// What the holder did last that has a place.
fn last_event(recording: &Recording, overdue: &Overdue) -> Option<Event> {
    let thread = ThreadNum(overdue.holder?.0.thread);
    let of_holder = recording.streams.iter().filter(|stream| stream.thread == thread);
    let placed = |event: &&Event| event.site.0 != 0;
    of_holder
        .filter_map(|stream| stream.events.iter().rfind(placed))
        .max_by_key(|e| e.ticks)
        .copied()
}

fn record(runtime: &Runtime, overdue: &Overdue, last: Option<Event>) -> LogRecord {
    let held = overdue.holder.and_then(|(_, held)| held);
    // Relaxed: stored once, long before anything is overdue; 0 would only make the length 0.
    let rate = runtime.file.header().u64(header::TICKS_PER_SECOND).load(Ordering::Relaxed);
    let lasted = u128::from(rate) * overdue.lasted.as_nanos() / 1_000_000_000;
    let participants = overdue
        .waiter
        .map(|waiter| (waiter, None))
        .into_iter()
        .chain(overdue.holder)
        .collect::<Vec<_>>();
    let head = LogRecord::new(log::OVERDUE)
        .u32(overdue.kind)
        .u32(overdue.waiters)
        .u64(clock::ticks())
        .u64(lasted as u64)
        .u64(held.map_or(0, |held| held.ticks))
        .u32(last.map_or(0, |last| last.site.0))
        .u64(last.map_or(0, |last| last.ticks))
        .u32(participants.len() as u32);
    participants.iter().fold(head, |record, (known, held)| participant(record, *known, *held))
}

/// See [`syncscope_recording::layout::participant`].
fn participant(record: LogRecord, known: BoardThread, held: Option<HeldEntry>) -> LogRecord {
    let wait = known.wait.unwrap_or_default();
    let field = |get: fn(&HeldEntry) -> u32| held.as_ref().map_or(0, get);
    record
        .u32(known.thread)
        .u32(wait.kind)
        .u32(wait.object)
        .u32(wait.class)
        .u32(wait.site)
        .u32(field(|held| held.instance))
        .u32(field(|held| held.class))
        .u32(field(|held| held.site))
        .u32(field(|held| u32::from(held.access)))
        .u32(wait.object2)
        .u64(wait.since)
        // Relaxed: numbers for readers.
        .u32(known.slot.u32(slot::SEGMENT).load(Ordering::Relaxed))
        .u32(known.slot.depth())
}

fn describe(names: &Names, overdue: &Overdue, last: Option<Event>) -> String {
    let mut text = String::new();
    let seconds = overdue.lasted.as_secs_f64();
    if let Some((waiter, wait)) = overdue.waiter.and_then(|waiter| Some((waiter, waiter.wait?))) {
        let (thread, site) = (names.thread(waiter.thread), names.site(wait.site));
        _ = write!(text, "{thread} has waited {seconds:.1} s in {} at {site}", call(wait.kind));
    }
    if let Some((holder, held)) = overdue.holder {
        let thread = names.thread(holder.thread);
        let site = held.map_or("an unknown place", |held| names.site(held.site));
        _ = match overdue.kind {
            overdue_kind::WAIT => write!(text, "; {thread} holds the lock, taken at {site}"),
            _ => write!(text, "{thread} has held a lock for {seconds:.1} s, taken at {site}"),
        };
        _ = match (holder.wait, last) {
            (Some(wait), _) => {
                write!(text, ", and is in {} at {}", call(wait.kind), names.site(wait.site))
            }
            (None, Some(last)) => {
                write!(text, ", and was last seen at {}", names.site(last.site.0))
            }
            (None, None) => Ok(()),
        };
    }
    _ = match overdue.waiters {
        1 => write!(text, "; 1 thread waits for it"),
        many => write!(text, "; {many} threads wait for it"),
    };
    text
}
