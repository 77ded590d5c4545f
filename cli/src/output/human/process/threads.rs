//! The threads: what each waits for and holds, and what it did last.

use super::super::fold::fold;
use super::super::stacks;
use crate::escape;
use crate::postmortem::{End, Known, LastEvent, Polled, ThreadEnd, Wait};
use crate::words;
use crate::words::seconds;
use anstyle::Style;
use std::fmt::Write;
use syncscope_detector::finding::Place;

const BOLD: Style = Style::new().bold();

/// Threads that do the same are listed once from this number on.
const ALIKE: usize = 3;

/// How many of those are named, and how many holders of a lock.
const NAMED: usize = 6;

pub(super) fn render(end: &End, columns: usize, out: &mut String) {
    let mut text = String::new();
    list(end, columns, &mut text);
    out.push_str(&fold(&text, columns));
}

fn list(end: &End, columns: usize, out: &mut String) {
    let title = if end.is_live { "threads now" } else { "threads at the end" };
    let _ = writeln!(out, "\n  {BOLD}{title}{BOLD:#}: {}", counts(end));
    for group in groups(end) {
        match group.as_slice() {
            [only] => one(only, end, columns, out),
            many => alike(many, end, columns, out),
        }
    }
}

/// `2 blocked, 1 running (3 had ended)`.
fn counts(end: &End) -> String {
    let idle = |thread: &ThreadEnd| thread.wait.is_none() && thread.returned;
    let blocked = end.threads.iter().filter(|thread| thread.wait.is_some()).count();
    let returned = end.threads.iter().filter(|thread| idle(thread)).count();
    let running = end.threads.len() - blocked - returned;
    let parts = [(blocked, "blocked"), (running, "running"), (returned, "ending")];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let mut text = if parts.is_empty() { "none".to_owned() } else { parts.join(", ") };
    if end.ended_threads > 0 {
        let ended = words::count(end.ended_threads as u64, "thread", "threads");
        let _ = write!(text, " ({ended} had ended)");
    }
    if end.unrecorded_threads > 0 {
        let more = words::count(end.unrecorded_threads as u64, "more thread", "more threads");
        let _ = write!(text, "; {more} of the process never used a lock");
    }
    text
}

/// Threads that wait alike, hold nothing and keep nobody waiting are one group; all others are one each.
fn groups(end: &End) -> Vec<Vec<&ThreadEnd>> {
    let mut groups: Vec<Vec<&ThreadEnd>> = Vec::new();
    for thread in &end.threads {
        match groups
            .iter_mut()
            .find(|group| group.len() < end.threads.len() && is_alike(group[0], thread, end))
        {
            Some(group) => group.push(thread),
            None => groups.push(vec![thread]),
        }
    }
    groups
        .into_iter()
        .flat_map(|group| match group.len() >= ALIKE {
            true => vec![group],
            false => group.into_iter().map(|thread| vec![thread]).collect(),
        })
        .collect()
}

fn is_alike(a: &ThreadEnd, b: &ThreadEnd, end: &End) -> bool {
    let idle = |thread: &ThreadEnd| {
        thread.holds.is_empty()
            && thread.held_unlisted == 0
            && !end.waits.edges.iter().any(|edge| edge.blocker == thread.number)
            && !end.waits.stuck.contains(&thread.number)
    };
    let (Some(first), Some(second)) = (&a.wait, &b.wait) else { return false };
    first.call == second.call
        && first.object == second.object
        && first.place == second.place
        && first.caller == second.caller
        && first.timed == second.timed
        && a.spawned == b.spawned
        && idle(a)
        && idle(b)
}

fn alike(threads: &[&ThreadEnd], end: &End, columns: usize, out: &mut String) {
    let mut names: Vec<String> =
        threads.iter().take(NAMED).map(|thread| thread.label.clone()).collect();
    if threads.len() > NAMED {
        names.push(format!("{} more", threads.len() - NAMED));
    }
    let Some(first) = threads.first() else { return };
    let spawned = origin(first);
    let _ = writeln!(out, "    {BOLD}{}{BOLD:#}{spawned}", words::and(&names));
    let Some(wait) = &first.wait else { return };
    let long = words::lasted(threads.iter().filter_map(|thread| thread.wait.as_ref()?.lasted));
    let each = format!("each {}", what(wait));
    let caller = wait.caller.as_ref().map_or_else(String::new, |place| at("called from", place));
    let place = at("at", &wait.place);
    let _ = writeln!(out, "      {each}{long}{}{place}{caller}", at_least(end));
    holders(wait, out);
    stacks::of_wait(&wait.stack, 8, columns, out);
}

fn origin(thread: &ThreadEnd) -> String {
    match thread.part_of {
        Some(task) => at(&format!("part of task #{task}, at"), &thread.spawned),
        None => at("spawned at", &thread.spawned),
    }
}

fn one(thread: &ThreadEnd, end: &End, columns: usize, out: &mut String) {
    let spawned = origin(thread);
    let _ = writeln!(out, "    {BOLD}{}{BOLD:#}{spawned}", thread.label);
    match &thread.wait {
        Some(wait) => one_wait(wait, end, columns, out),
        None => {
            let _ = writeln!(out, "      {}", state(thread));
            stacks::of_wait(&thread.stack, 8, columns, out);
        }
    }
    if let Some(polled) = &thread.polled {
        let _ = writeln!(out, "      {}", self::polled(polled, end));
    }
    for hold in &thread.holds {
        let how = if hold.shared { "reads" } else { "holds" };
        let (since, taken) = (since(hold.since), at("taken at", &hold.place));
        let _ = writeln!(out, "      {how} {}{since}{taken}", hold.lock);
    }
    if thread.held_unlisted > 0 {
        let _ = writeln!(out, "      holds {} more", thread.held_unlisted);
    }
    for (index, event) in thread.events.iter().rev().enumerate() {
        let word = if index == 0 { "last:  " } else { "before:" };
        let _ = writeln!(out, "      {word} {}", self::event(event, end));
    }
}

pub(in crate::output::human) fn event(event: &LastEvent, end: &End) -> String {
    let ago = event.at.zip(end.until).map(|(at, until)| (until - at).max(0.0));
    let bound = match event.known {
        Known::Exactly => "",
        Known::AtLatest => "at least ",
        Known::AtEarliest => "at most ",
    };
    let word = if end.is_live { "ago" } else { "before" };
    let ago = match ago {
        None => String::new(),
        // Nothing that the process recorded is later.
        Some(0.0) if event.known == Known::Exactly && !end.is_live => ", last of all".to_owned(),
        Some(ago) => format!(", {bound}{} {word}", seconds(ago)),
    };
    format!("{}{ago}{}", event.what, at("at", &event.place))
}

fn one_wait(wait: &Wait, end: &End, columns: usize, out: &mut String) {
    let timed = if wait.timed && !wait.awaits { ", for a limited time" } else { "" };
    let long = match wait.lasted {
        Some(long) if long > 0.0 => format!(", for {}{}", seconds(long), at_least(end)),
        _ => String::new(),
    };
    let (since, place) = (since(wait.since), at("at", &wait.place));
    let caller = wait.caller.as_ref().map_or_else(String::new, |place| at("called from", place));
    let _ = writeln!(out, "      {}{timed}{since}{long}{place}{caller}", what(wait));
    holders(wait, out);
    stacks::of_wait(&wait.stack, 8, columns, out);
    if let Some(why) = &wait.not_asked {
        let _ = writeln!(out, "        {why}");
    }
}

fn holders(wait: &Wait, out: &mut String) {
    for holder in wait.holders.iter().take(NAMED) {
        let taken = at("taken at", &holder.place);
        let _ = writeln!(out, "        held by {}{taken}", holder.thread);
    }
    if wait.holders.len() > NAMED {
        let _ = writeln!(out, "        and by {} more", wait.holders.len() - NAMED);
    }
}

/// When a task was polled last, and by whom.
fn polled(polled: &Polled, end: &End) -> String {
    let long = polled.ago.map(seconds).unwrap_or_else(|| "some time".to_owned());
    let (at_least, by) = (at_least(end), &polled.by);
    match (polled.goes_on, end.is_live) {
        (true, _) => format!("polled by {by}, for {long}{at_least}"),
        (false, true) => format!("last polled {long} ago, by {by}"),
        (false, false) => format!("last polled {long}{at_least} before the end, by {by}"),
    }
}

/// What a thread does.
pub(in crate::output::human) fn state(thread: &ThreadEnd) -> String {
    match &thread.wait {
        Some(wait) => what(wait),
        None if thread.panicked => "has panicked".to_owned(),
        None if thread.returned => "has returned".to_owned(),
        None => match thread.was.as_deref().filter(|was| thread.os.is_none() && *was != "runs") {
            Some(was) => {
                format!("waits for nothing that is recorded; when last looked at, it {was}")
            }
            None => format!("runs{}", kernel(thread)),
        },
    }
}

/// What a thread does in its wait.
fn what(wait: &Wait) -> String {
    match &wait.object {
        Some(object) if wait.awaits => format!("awaits {object} ({})", wait.call),
        None if wait.awaits => format!("awaits a time ({})", wait.call),
        Some(object) => format!("waits for {object} ({})", wait.call),
        None => format!("waits in {}", wait.call),
    }
}

/// Of a process that does not run any more nobody knows how long it went on after the last thing that was recorded.
const fn at_least(end: &End) -> &'static str {
    if end.is_live { "" } else { " at least" }
}

/// What the kernel says of a thread that waits for nothing that is recorded.
fn kernel(thread: &ThreadEnd) -> String {
    match &thread.os {
        None => String::new(),
        Some(os) if os.sleeps_in.is_empty() => format!(" ({})", os.words()),
        Some(os) => format!(" ({}: {})", os.words(), escape::text(&os.sleeps_in)),
    }
}

/// `, taken at src/main.rs:3:5`, or nothing.
fn at(word: &str, place: &Place) -> String {
    match place.line {
        0 => String::new(),
        _ => format!(", {word} {}", words::short_place(place)),
    }
}

/// `, since 1.2 s after the start`, or nothing: counted from the start of the recording. How long it is ago is another number.
fn since(since: Option<f64>) -> String {
    let since = since.map(words::seconds);
    since.map_or_else(String::new, |since| format!(", since {since} after the start"))
}
