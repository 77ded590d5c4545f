//! The state of a process at its end, in version 1.

use super::convert::place;
use super::shape::Place;
use crate::postmortem;
use crate::source::Sources;
use serde::Serialize;
use syncscope_recording::Recording;

/// A process at the end of its recording. Times are seconds after its start.
#[derive(Debug, Serialize)]
pub struct End {
    /// The last thing that was recorded.
    pub last_seconds: Option<f64>,
    /// Threads that had not ended.
    pub threads: Vec<ThreadAtEnd>,
    /// How many had ended.
    pub ended_threads: usize,
    /// The last events across threads, oldest first.
    pub events: Vec<Event>,
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
    /// Since when.
    pub since_seconds: Option<f64>,
    /// It waited at least so long.
    pub at_least_seconds: Option<f64>,
    /// Numbers of the threads that hold it.
    pub holders: Vec<u32>,
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
    /// The number of the thread.
    pub thread: u32,
    /// What, in words.
    pub what: String,
    /// Where.
    pub site: Option<Place>,
}

pub(super) fn end(recording: &Recording, sources: &Sources, events: usize) -> End {
    let end = postmortem::end(recording, sources, events);
    End {
        last_seconds: end.last,
        threads: end.threads.into_iter().map(thread).collect(),
        ended_threads: end.ended_threads,
        events: end.events.into_iter().map(event).collect(),
    }
}

fn thread(thread: postmortem::ThreadEnd) -> ThreadAtEnd {
    ThreadAtEnd {
        number: thread.number,
        os_tid: thread.os_tid,
        main: thread.is_main,
        spawned: place(&thread.spawned),
        state: match &thread.wait {
            Some(_) => "waiting",
            None if thread.returned => "returned",
            None => "running",
        },
        wait: thread.wait.map(wait),
        holds: thread.holds.into_iter().map(hold).collect(),
        holds_unlisted: thread.held_unlisted,
        name: thread.name,
    }
}

fn wait(wait: postmortem::Wait) -> Wait {
    Wait {
        call: wait.call,
        object: wait.object,
        timed: wait.timed,
        site: place(&wait.place),
        since_seconds: wait.since,
        at_least_seconds: wait.at_least,
        holders: wait.holders.iter().map(|holder| holder.number).collect(),
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
    Event { seconds: event.at, thread: event.number, what: event.what, site: place(&event.place) }
}
