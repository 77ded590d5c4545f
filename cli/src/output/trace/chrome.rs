//! The JSON of Chrome's tracing, which most viewers open. A track is a thread of the format; those of locks have numbers above all threads'.

use super::processes::{Traced, place, processes};
use crate::output::View;
use crate::timeline::{Kind, Slice, Timeline, Track};
use serde::Serialize;

/// The number of the first lock's track: threads have lower ones.
const LOCKS: usize = 1 << 24;

/// The whole file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Trace {
    trace_events: Vec<Event>,
    display_time_unit: &'static str,
}

/// An event of the format; times are microseconds.
#[derive(Debug, Default, Serialize)]
struct Event {
    ph: &'static str,
    name: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    cat: &'static str,
    pid: u32,
    tid: usize,
    ts: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    /// Of both ends of an arrow.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    /// What an arrow's end belongs to: the slice around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'static str>,
    /// Of an instant: that it is one of its thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    args: Option<Args>,
}

#[derive(Debug, Default, Serialize)]
struct Args {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_the_end: Option<bool>,
}

pub(in crate::output) fn render(view: &View<'_>) -> String {
    let mut events = Vec::new();
    let mut arrows = 0;
    for traced in processes(view) {
        process(&traced, &mut events, &mut arrows);
    }
    let trace = Trace { trace_events: events, display_time_unit: "ns" };
    // Names are escaped already, and there are string keys only.
    let mut text = serde_json::to_string(&trace).unwrap_or_default();
    text.push('\n');
    text
}

fn process(traced: &Traced, events: &mut Vec<Event>, arrows: &mut usize) {
    let Traced { pid, name, offset, timeline, .. } = traced;
    let told = |what: &str, tid: usize, args: Args| Event {
        ph: "M",
        name: what.to_owned(),
        pid: *pid,
        tid,
        args: Some(args),
        ..Event::default()
    };
    let named = |name: &str| Args { name: Some(name.to_owned()), ..Args::default() };
    events.push(told("process_name", 0, named(name)));
    let us = |ns: u64| offset.saturating_add(ns) as f64 / 1e3;
    for (index, track) in timeline.tracks.iter().enumerate() {
        let tid = tid(timeline, index);
        events.push(told("thread_name", tid, named(&label(track))));
        let order = Args { sort_index: Some(index), ..Args::default() };
        events.push(told("thread_sort_index", tid, order));
        for slice in &track.slices {
            events.push(Event {
                ph: "X",
                name: words(track, slice),
                cat: if track.kind == Kind::Lock { "hold" } else { "wait" },
                pid: *pid,
                tid,
                ts: us(slice.start),
                dur: Some((slice.end - slice.start) as f64 / 1e3),
                args: Some(Args {
                    place: place(&slice.place),
                    to_the_end: slice.is_open.then_some(true),
                    ..Args::default()
                }),
                ..Event::default()
            });
        }
        for mark in &track.marks {
            events.push(Event {
                ph: "i",
                name: mark.what.clone(),
                cat: "event",
                pid: *pid,
                tid,
                ts: us(mark.at),
                s: Some("t"),
                args: Some(Args { place: place(&mark.place), ..Args::default() }),
                ..Event::default()
            });
        }
    }
    for wake in &timeline.wakes {
        *arrows += 1;
        for (ph, track, at) in [("s", wake.from, wake.at), ("f", wake.to, wake.woken)] {
            events.push(Event {
                ph,
                name: "wakes".to_owned(),
                cat: "wake",
                pid: *pid,
                tid: tid(timeline, track),
                ts: us(at),
                id: Some(*arrows),
                bp: (ph == "f").then_some("e"),
                ..Event::default()
            });
        }
    }
}

fn tid(timeline: &Timeline, track: usize) -> usize {
    match timeline.tracks[track].kind {
        Kind::Lock => LOCKS + track,
        Kind::Thread | Kind::Task => timeline.tracks[track].number as usize,
    }
}

/// What a track is called.
pub(super) fn label(track: &Track) -> String {
    let kind = match track.kind {
        Kind::Thread => "thread",
        Kind::Task => "task",
        Kind::Lock => "lock",
    };
    match track.lane {
        0 => format!("{kind} {}", track.name),
        lane => format!("{kind} {} ({})", track.name, lane + 1),
    }
}

/// What a slice is called.
pub(super) fn words(track: &Track, slice: &Slice) -> String {
    match track.kind {
        Kind::Lock => format!("{} {}", slice.what, slice.how),
        _ if slice.what.is_empty() => slice.how.to_owned(),
        _ => format!("{} {}", slice.how, slice.what),
    }
}
