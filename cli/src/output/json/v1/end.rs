//! The state of a process at its end, in version 1.

use super::place::{Place, StackFrame, frames, place};
use crate::postmortem::{self, Look};
use serde::Serialize;
use std::time::UNIX_EPOCH;
use syncscope_recording::Recording;

/// A process at the end of its recording. Times are seconds after its start.
#[derive(Debug, Serialize)]
pub struct End {
    /// When the recording was begun, in milliseconds since 1970 UTC.
    pub started_unix_ms: Option<u64>,
    /// The process runs: this is the state of now, not of an end.
    pub live: bool,
    /// The moment that waits are measured to: now while the process runs, else the last sign of life.
    pub until_seconds: Option<f64>,
    /// The last thing that was recorded.
    pub last_seconds: Option<f64>,
    /// Threads that had not ended.
    pub threads: Vec<ThreadAtEnd>,
    /// How many had ended.
    pub ended_threads: usize,
    /// While it runs: threads of the process that never used anything that is recorded.
    pub unrecorded_threads: usize,
    /// Who waits for whom.
    pub wait_for: WaitFor,
    /// The last events across threads, oldest first.
    pub events: Vec<Event>,
}

/// Who waits for whom. Threads are given by their numbers.
#[derive(Debug, Serialize)]
pub struct WaitFor {
    /// Each thread that waits for something that another thread has.
    pub edges: Vec<WaitEdge>,
    /// Threads that wait for each other for good: each for the next, the last for the first.
    pub cycles: Vec<Vec<u32>>,
    /// All threads that can never go on.
    pub stuck: Vec<u32>,
}

/// A thread that waits for another.
#[derive(Debug, Serialize)]
pub struct WaitEdge {
    /// The thread that waits.
    pub waiter: u32,
    /// For what.
    #[serde(rename = "for")]
    pub object: String,
    /// The thread that has it.
    pub blocker: u32,
    /// How: `holding`, `queueing`, `going` or `permits`.
    pub by: &'static str,
}

/// What the kernel says of a thread.
#[derive(Debug, Serialize)]
pub struct OsState {
    /// The letter of `/proc`: `R`, `S`, `D`, `T` …
    pub state: String,
    /// The kernel's function in which it sleeps.
    pub sleeps_in: Option<String>,
}

/// A thread that had not ended.
#[derive(Debug, Serialize)]
pub struct ThreadAtEnd {
    /// Its number in its process.
    pub number: u32,
    /// Its name.
    pub name: Option<String>,
    /// The kernel's id.
    pub os_tid: u32,
    /// The first thread of its process.
    pub main: bool,
    /// Not a thread but a task of an async runtime, which threads poll.
    pub task: bool,
    /// Of one of several futures that a task polls in turn: the number of that task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<u32>,
    /// Where it was spawned.
    pub spawned: Option<Place>,
    /// `running`, `waiting` or `returned`.
    pub state: &'static str,
    /// What it waits for.
    pub wait: Option<Wait>,
    /// What it holds, oldest first.
    pub holds: Vec<Hold>,
    /// How many more it holds.
    pub holds_unlisted: u32,
    /// What it did last, oldest first, without the beginning of its present wait.
    pub events: Vec<Event>,
    /// What the kernel says of it, while the process runs.
    pub os: Option<OsState>,
    /// Where it is, innermost first, if it waits for nothing that is recorded and a debugger was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stack: Vec<StackFrame>,
    /// What the kernel said of it when it was last looked at while it waited for nothing that is recorded.
    pub was: Option<String>,
}

/// A wait.
#[derive(Debug, Serialize)]
pub struct Wait {
    /// The call: `lock`, `recv` …
    pub call: &'static str,
    /// What for.
    #[serde(rename = "for")]
    pub object: Option<String>,
    /// Ends by itself after a time.
    pub timed: bool,
    /// Where.
    pub site: Option<Place>,
    /// The nearest place of the workspace's own code that led there, where the site lies in a dependency and a stack tells.
    pub caller: Option<Place>,
    /// Since when.
    pub since_seconds: Option<f64>,
    /// How long it has waited while the process runs; else it waited at least so long.
    pub at_least_seconds: Option<f64>,
    /// Numbers of the threads that hold it.
    pub holders: Vec<u32>,
    /// The stack of this wait, innermost first, where it was taken.
    pub stack: Vec<StackFrame>,
    /// Why the thread was not asked for it, where the process was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_asked: Option<String>,
}

/// A lock that is held.
#[derive(Debug, Serialize)]
pub struct Hold {
    /// Which.
    pub lock: String,
    /// As a reader.
    pub shared: bool,
    /// Where it was taken.
    pub site: Option<Place>,
    /// Since when.
    pub since_seconds: Option<f64>,
}

/// An event.
#[derive(Debug, Serialize)]
pub struct Event {
    /// When.
    pub seconds: Option<f64>,
    /// `exact`, or what `seconds` is a bound of: `at-latest`, `at-earliest`.
    pub seconds_are: &'static str,
    /// The number of the thread.
    pub thread: u32,
    /// What, in words.
    pub what: String,
    /// Where.
    pub site: Option<Place>,
}

pub(super) fn end(recording: &Recording, look: Look<'_>, all_frames: bool) -> End {
    let end = postmortem::end(recording, look);
    let started = end.started.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    End {
        started_unix_ms: started.and_then(|since| u64::try_from(since.as_millis()).ok()),
        live: end.is_live,
        until_seconds: end.until,
        last_seconds: end.last,
        threads: end.threads.into_iter().map(|one| thread(one, all_frames)).collect(),
        ended_threads: end.ended_threads,
        unrecorded_threads: end.unrecorded_threads,
        wait_for: wait_for(end.waits),
        events: end.events.into_iter().map(event).collect(),
    }
}

fn wait_for(waits: postmortem::Waits) -> WaitFor {
    let edge = |edge: postmortem::Edge| WaitEdge {
        waiter: edge.waiter,
        object: edge.object,
        blocker: edge.blocker,
        by: edge.by.name(),
    };
    WaitFor {
        edges: waits.edges.into_iter().map(edge).collect(),
        cycles: waits.cycles,
        stuck: waits.stuck,
    }
}

fn thread(thread: postmortem::ThreadEnd, all_frames: bool) -> ThreadAtEnd {
    ThreadAtEnd {
        number: thread.number,
        os_tid: thread.os_tid,
        main: thread.is_main,
        task: thread.is_task,
        part_of: thread.part_of,
        spawned: place(&thread.spawned),
        state: match &thread.wait {
            Some(_) => "waiting",
            None if thread.returned => "returned",
            None => "running",
        },
        wait: thread.wait.map(|one| wait(one, all_frames)),
        holds: thread.holds.into_iter().map(hold).collect(),
        holds_unlisted: thread.held_unlisted,
        events: thread.events.into_iter().map(event).collect(),
        os: thread.os.map(|os| OsState {
            state: os.state.to_string(),
            sleeps_in: Some(os.sleeps_in).filter(|function| !function.is_empty()),
        }),
        stack: frames(thread.stack, all_frames),
        was: thread.was,
        name: thread.name,
    }
}

fn wait(wait: postmortem::Wait, all_frames: bool) -> Wait {
    Wait {
        call: wait.call,
        object: wait.object,
        timed: wait.timed,
        site: place(&wait.place),
        caller: wait.caller.as_ref().and_then(place),
        since_seconds: wait.since,
        at_least_seconds: wait.lasted,
        holders: wait.holders.iter().map(|holder| holder.number).collect(),
        stack: frames(wait.stack, all_frames),
        not_asked: wait.not_asked,
    }
}

fn hold(hold: postmortem::Hold) -> Hold {
    Hold {
        lock: hold.lock,
        shared: hold.shared,
        site: place(&hold.place),
        since_seconds: hold.since,
    }
}

fn event(event: postmortem::LastEvent) -> Event {
    Event {
        seconds: event.at,
        seconds_are: event.known.name(),
        thread: event.number,
        what: event.what,
        site: place(&event.place),
    }
}
