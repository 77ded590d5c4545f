//! Threads and tasks, each with what it does now.

use super::table::{Cell, Column, Row, Table, Tone};
use crate::escape;
use crate::postmortem::{End, Hold, ThreadEnd, Wait};
use crate::symbols::{Frame, Origin};
use crate::whose::short_file;
use crate::words;
use std::collections::{BTreeMap, BTreeSet};
use syncscope_detector::finding::Place;

const COLUMNS: &[Column] = &[
    Column::text("state", 0, 8),
    Column::number("for", 0),
    Column::text("thread", 0, 28),
    Column::number("behind", 3),
    Column::number("holds", 4),
    Column::text("at", 2, 40),
    Column::text("waits for", 1, usize::MAX),
];

/// What a thread does, from what matters most to what matters least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Stuck,
    Waits,
    Runs,
    Panicked,
    Awaits,
    Sleeps,
    Ended,
}

impl State {
    const ALL: [Self; 7] = [
        Self::Stuck,
        Self::Waits,
        Self::Runs,
        Self::Panicked,
        Self::Awaits,
        Self::Sleeps,
        Self::Ended,
    ];

    fn of(thread: &ThreadEnd, stuck: &BTreeSet<u32>) -> Self {
        match &thread.wait {
            Some(_) if stuck.contains(&thread.number) => Self::Stuck,
            Some(wait) if wait.awaits => Self::Awaits,
            Some(wait) if wait.timed || wait.call == "sleep" => Self::Sleeps,
            Some(_) => Self::Waits,
            None if thread.panicked => Self::Panicked,
            None if thread.returned => Self::Ended,
            None => Self::Runs,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Stuck => "stuck",
            Self::Waits => "waits",
            Self::Runs => "runs",
            Self::Panicked => "panicked",
            Self::Awaits => "awaits",
            Self::Sleeps => "sleeps",
            Self::Ended => "ending",
        }
    }

    const fn tone(self) -> Tone {
        match self {
            Self::Stuck | Self::Panicked => Tone::Error,
            Self::Waits => Tone::Warning,
            Self::Runs => Tone::Plain,
            Self::Awaits | Self::Sleeps | Self::Ended => Tone::Quiet,
        }
    }
}

/// Those that are stuck first, then those that wait, the longest first.
pub(super) fn table(end: &End) -> Table {
    let stuck = end.waits.stuck.iter().copied().collect();
    let mut behind: BTreeMap<u32, u64> = BTreeMap::new();
    for edge in &end.waits.edges {
        *behind.entry(edge.blocker).or_default() += 1;
    }
    let mut threads: Vec<_> =
        end.threads.iter().map(|thread| (State::of(thread, &stuck), thread)).collect();
    let lasted = |thread: &ThreadEnd| thread.wait.as_ref().and_then(|wait| wait.lasted);
    threads.sort_by(|(one, first), (other, second)| {
        let longest = lasted(second).unwrap_or(0.0).total_cmp(&lasted(first).unwrap_or(0.0));
        one.cmp(other).then(longest)
    });
    let behind = |thread: &ThreadEnd| behind.get(&thread.number).copied().unwrap_or(0);
    let rows = threads
        .into_iter()
        .map(|(state, thread)| row(thread, state, behind(thread), end))
        .collect();
    Table { columns: COLUMNS, rows, empty: "no thread has used a lock so far" }
}

/// `2 stuck, 3 wait, 1 runs; 4 have ended`.
pub(super) fn counts(end: &End) -> String {
    let stuck = end.waits.stuck.iter().copied().collect();
    let mut counts: BTreeMap<State, usize> = BTreeMap::new();
    for thread in &end.threads {
        *counts.entry(State::of(thread, &stuck)).or_default() += 1;
    }
    let told = State::ALL.iter().filter_map(|state| {
        Some(format!("{} {}", words::number(*counts.get(state)? as u64), state.word()))
    });
    let mut parts: Vec<String> = told.collect();
    if end.ended_threads > 0 {
        parts.push(format!("{} ended", words::number(end.ended_threads as u64)));
    }
    let tasks = end.threads.iter().filter(|thread| thread.is_task).count();
    let what = match tasks {
        0 => words::count(end.threads.len() as u64, "thread", "threads"),
        _ => {
            let threads = (end.threads.len() - tasks) as u64;
            let threads = words::count(threads, "thread", "threads");
            format!("{threads} and {}", words::count(tasks as u64, "task", "tasks"))
        }
    };
    format!("{what}: {}", if parts.is_empty() { "none yet".to_owned() } else { parts.join(", ") })
}

fn row(thread: &ThreadEnd, state: State, behind: u64, end: &End) -> Row {
    let wait = thread.wait.as_ref();
    let place = wait.map(|wait| wait.caller.as_ref().unwrap_or(&wait.place));
    let known = place.filter(|place| place.line != 0);
    Row {
        key: thread.number.to_string(),
        cells: vec![
            Cell::text(state.word()),
            Cell::seconds(wait.and_then(|wait| wait.lasted)),
            Cell::value(thread.label.clone(), f64::from(thread.number)),
            Cell::count(behind),
            Cell::count(thread.holds.len() as u64 + u64::from(thread.held_unlisted)),
            Cell::text(known.map_or_else(String::new, words::short_place)),
            Cell::text(wait.map_or_else(|| alone(thread), wanted)),
        ],
        detail: detail(thread, end),
        tone: state.tone(),
    }
}

/// What a thread waits for, and who has it.
fn wanted(wait: &Wait) -> String {
    let what = match &wait.object {
        Some(object) => format!("{object} ({})", wait.call),
        None => wait.call.to_owned(),
    };
    let holders: Vec<String> = wait.holders.iter().map(|holder| holder.thread.clone()).collect();
    match holders.as_slice() {
        [] => what,
        few if few.len() <= 3 => format!("{what}, held by {}", words::and(few)),
        [first, rest @ ..] => format!("{what}, held by {first} and {} more", rest.len()),
    }
}

/// What the kernel says of a thread that waits for nothing that is recorded.
fn alone(thread: &ThreadEnd) -> String {
    match &thread.os {
        None => String::new(),
        Some(os) if os.sleeps_in.is_empty() => os.words().to_owned(),
        Some(os) => format!("{}: {}", os.words(), escape::text(&os.sleeps_in)),
    }
}

fn detail(thread: &ThreadEnd, end: &End) -> Vec<String> {
    let kind = if thread.is_task { "task" } else { "thread" };
    let mut lines = vec![match thread.os_tid {
        0 => format!("{kind} {}", thread.label),
        tid => format!("{kind} {}, {tid} in the kernel", thread.label),
    }];
    if thread.spawned.line != 0 {
        lines.push(format!("spawned at {}", words::short_place(&thread.spawned)));
    }
    if let Some(wait) = &thread.wait {
        let word = if wait.awaits { "awaits" } else { "waits for" };
        let long = wait.lasted.map(|long| format!(", for {}", words::seconds(long)));
        let (long, at) = (long.unwrap_or_default(), at(&wait.place));
        lines.push(format!("{word} {}{long}{at}", wanted(wait)));
        for holder in &wait.holders {
            lines.push(format!("  held by {}{}", holder.thread, taken(&holder.place)));
        }
        lines.extend(stack(wait));
        lines.extend(wait.not_asked.iter().map(|why| format!("  {why}")));
    }
    if let Some(polled) = &thread.polled {
        let word = if polled.goes_on { "polled" } else { "last polled" };
        lines.push(format!("{word} by {}", polled.by));
    }
    lines.extend(thread.holds.iter().map(hold));
    if thread.held_unlisted > 0 {
        lines.push(format!("holds {} more", thread.held_unlisted));
    }
    for edge in end.waits.edges.iter().filter(|edge| edge.blocker == thread.number).take(BEHIND) {
        lines.push(format!("keeps #{} waiting for {}", edge.waiter, edge.object));
    }
    lines
}

/// Threads that are named as waiting behind one.
const BEHIND: usize = 8;

fn hold(hold: &Hold) -> String {
    let how = if hold.shared { "reads" } else { "holds" };
    format!("{how} {}{}", hold.lock, taken(&hold.place))
}

/// The program's own frames of a wait.
fn stack(wait: &Wait) -> Vec<String> {
    let shown = wait.stack.frames.iter().filter(|frame| frame.origin == Origin::User);
    shown.map(|frame| format!("  in {}", self::frame(frame))).collect()
}

fn frame(frame: &Frame) -> String {
    let function = frame.function.as_deref().unwrap_or("a function without a name");
    let function = escape::text(function);
    match &frame.file {
        Some(file) => format!("{function}, {}:{}", escape::text(short_file(file)), frame.line),
        None => function.into_owned(),
    }
}

fn at(place: &Place) -> String {
    if place.line == 0 { String::new() } else { format!(", at {}", words::short_place(place)) }
}

fn taken(place: &Place) -> String {
    if place.line == 0 {
        String::new()
    } else {
        format!(", taken at {}", words::short_place(place))
    }
}
