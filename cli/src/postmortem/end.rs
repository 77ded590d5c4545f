//! A process at the end of its recording.

use super::event::{EVENTS_OF_A_THREAD, LastEvent, last_events};
use super::objects::Objects;
use super::panics::{Panicked, panics};
use super::thread::{Context, ThreadEnd, thread};
use super::waits::{Waits, waits};
use super::when::Takes;
use crate::live::Live;
use crate::symbols::Symbols;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use syncscope_recording::Recording;
use syncscope_recording::model::BoardSlot;

/// What to look at.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// How many of the last events of all threads.
    pub events: usize,
    /// Names of addresses.
    pub symbols: &'a Symbols,
    /// The process, while it runs.
    pub live: Option<&'a Live>,
}

/// A process at the end of its recording, or now if it runs. Names are escaped; times are seconds after the start.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// When the recording was begun.
    pub started: Option<SystemTime>,
    /// The last thing that was recorded.
    pub last: Option<f64>,
    /// The process runs: this is the state of now.
    pub is_live: bool,
    /// The moment that waits are measured to: now while the process runs, else the last sign of life.
    pub until: Option<f64>,
    /// Threads that had not ended.
    pub threads: Vec<ThreadEnd>,
    /// How many had ended.
    pub ended_threads: usize,
    /// While the process runs: how many threads of it have never used anything that is recorded.
    pub unrecorded_threads: usize,
    /// Threads whose closure has panicked.
    pub panics: Vec<Panicked>,
    /// Who keeps whom waiting.
    pub waits: Waits,
    /// The last events of all threads, oldest first.
    pub events: Vec<LastEvent>,
}

/// The state of a recorded process at its end.
#[must_use]
pub fn end(recording: &Recording, look: Look<'_>) -> End {
    let objects = Objects::new(recording);
    let last = last_ticks(recording);
    let alive = last.max(recording.process.alive_ticks.unwrap_or(0));
    let until = look.live.map_or(alive, |live| now(recording, live).max(alive));
    let mut slots: Vec<&BoardSlot> = recording.board.iter().filter(|s| s.thread.0 != 0).collect();
    slots.sort_by_key(|slot| slot.thread);
    let takes = Takes::new(recording, look.events.max(EVENTS_OF_A_THREAD + 1));
    let context = Context {
        recording,
        objects: &objects,
        takes: &takes,
        until,
        live: look.live,
        symbols: look.symbols,
        events: EVENTS_OF_A_THREAD,
    };
    let threads: Vec<_> = slots.iter().map(|slot| thread(slot, &context)).collect();
    let is_recorded = |tid: &u32| threads.iter().any(|thread| thread.os_tid == *tid);
    End {
        started: started(recording),
        last: objects.seconds(last),
        is_live: look.live.is_some(),
        until: objects.seconds(until),
        ended_threads: recording.threads.len().saturating_sub(threads.len()),
        unrecorded_threads: look.live.map_or(0, |live| {
            let others = live.threads.iter().filter(|(_, thread)| !thread.is_ours);
            others.filter(|(tid, _)| !is_recorded(tid)).count()
        }),
        panics: panics(recording, &objects),
        waits: waits(recording, &slots, &objects),
        threads,
        events: last_events(recording, &objects, &takes, look.events),
    }
}

fn started(recording: &Recording) -> Option<SystemTime> {
    let ns = recording.process.start_unix_ns;
    UNIX_EPOCH.checked_add(Duration::from_nanos(ns)).filter(|_| ns > 0)
}

/// The recording's clock at the moment when the process was looked at, by the wall clock. What stepped that clock since the start is
/// an error of this; nothing but the length of waits depends on it.
pub(crate) fn now(recording: &Recording, live: &Live) -> u64 {
    let process = &recording.process;
    let since = started(recording).and_then(|start| live.at.duration_since(start).ok());
    let ticks = since.map_or(0.0, |since| since.as_secs_f64() * process.ticks_per_second as f64);
    process.start_ticks.saturating_add(ticks as u64)
}

/// The clock at the last thing that was recorded.
fn last_ticks(recording: &Recording) -> u64 {
    let board = recording.board.iter().flat_map(|slot| {
        slot.held.iter().map(|held| held.since_ticks).chain(slot.wait.iter().map(|w| w.since_ticks))
    });
    let events = recording.streams.iter().filter_map(|stream| Some(stream.events.last()?.ticks));
    let deadlocks = recording.deadlocks.iter().map(|deadlock| deadlock.ticks);
    // Without events, in mode `order`, the nestings say more than nothing.
    let nodes = recording.nodes.iter().map(|node| node.first_ticks);
    let all = board.chain(events).chain(deadlocks).chain(nodes).chain(recording.process.end_ticks);
    all.max().unwrap_or(recording.process.start_ticks)
}
