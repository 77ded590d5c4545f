//! Locks by class: who waits and who holds now, and what was measured so far.

use super::seen::Seen;
use super::table::{Cell, Column, Row, Table, Tone};
use crate::names::{LockFacts, label};
use crate::words;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use syncscope_detector::contention::{LockContention, Times};
use syncscope_recording::Recording;
use syncscope_recording::model::{ClassId, Primitive, ThreadNum, WaitKind};

const COLUMNS: &[Column] = &[
    Column::number("waiting", 0),
    Column::number("longest", 3),
    Column::number("waited", 0),
    Column::number("waits", 2),
    Column::number("share", 5),
    Column::number("p50", 4),
    Column::number("p99", 2),
    Column::number("held p50", 6),
    Column::number("held p99", 5),
    Column::text("held by", 1, 30),
    Column::text("lock", 0, usize::MAX),
];

/// Threads that are named in the details of a lock.
const NAMED: usize = 16;

/// What the board says of the locks of a class.
#[derive(Debug, Default)]
struct Now {
    /// Who waits, for which of them, and for how long.
    waiters: Vec<(ThreadNum, u32, Option<f64>)>,
    /// Who holds which of them.
    holders: Vec<(ThreadNum, u32)>,
}

/// Those that threads wait for now first, then those that were waited for longest in all.
pub(super) fn table(seen: &Seen<'_>) -> Table {
    let mut now = on_the_board(seen);
    let mut locks = Vec::new();
    for measured in &seen.contention.locks {
        let mut of_it = Now::default();
        for (_, class) in &measured.classes {
            let more = now.remove(class).unwrap_or_default();
            of_it.waiters.extend(more.waiters);
            of_it.holders.extend(more.holders);
        }
        locks.push((Some(measured), None, of_it));
    }
    locks.extend(now.into_iter().map(|(class, of_it)| (None, Some(class), of_it)));
    locks.sort_by_key(|(measured, _, now)| {
        (Reverse(now.waiters.len()), Reverse(measured.map_or(0, |lock| lock.waits.total)))
    });
    let rows = locks.into_iter().filter_map(|(measured, class, now)| {
        let facts = match (measured, class) {
            (Some(lock), _) => (
                lock.key.clone(),
                label(&LockFacts::of(&lock.lock)),
                words::lock_facts(&lock.lock, ""),
            ),
            (None, class) => of_class(seen.recording, class?)?,
        };
        Some(row(facts, measured, &now, seen))
    });
    Table { columns: COLUMNS, rows: rows.collect(), empty: "no lock was used so far" }
}

/// Of each class that is waited for or held: who.
fn on_the_board(seen: &Seen<'_>) -> BTreeMap<ClassId, Now> {
    let mut classes: BTreeMap<ClassId, Now> = BTreeMap::new();
    let lasted: BTreeMap<u32, Option<f64>> = seen
        .end
        .threads
        .iter()
        .map(|thread| (thread.number, thread.wait.as_ref().and_then(|wait| wait.lasted)))
        .collect();
    for slot in &seen.recording.board {
        if let Some(wait) = slot.wait.as_ref().filter(|wait| wait.kind != WaitKind::None)
            && let Some(class) = wait.class
        {
            let long = lasted.get(&slot.thread.0).copied().flatten();
            classes.entry(class).or_default().waiters.push((slot.thread, wait.object, long));
        }
        for held in &slot.held {
            if let Some(class) = held.class {
                let holders = &mut classes.entry(class).or_default().holders;
                holders.push((slot.thread, held.instance.0));
            }
        }
    }
    classes
}

/// Key, label and facts of a class of which nothing was measured.
fn of_class(recording: &Recording, id: ClassId) -> Option<(String, String, String)> {
    let class = recording.class(id)?;
    if class.primitive == Primitive::Unknown {
        return None;
    }
    let of_source = class.label.as_ref().map(|label| label.shown.as_str());
    let facts = LockFacts {
        name: class.name.as_deref().or(of_source),
        kind: class.primitive.name(),
        type_name: &class.type_name,
    };
    Some((format!("class {}", id.0), label(&facts), class.primitive.name().to_owned()))
}

fn row(
    (key, label, facts): (String, String, String),
    measured: Option<&LockContention>,
    now: &Now,
    seen: &Seen<'_>,
) -> Row {
    let none = Times::default();
    let (waits, holds) = measured.map_or((&none, &none), |lock| (&lock.waits, &lock.holds));
    let longest = now.waiters.iter().filter_map(|(_, _, long)| *long).max_by(f64::total_cmp);
    let share = measured.and_then(LockContention::contended).filter(|_| waits.count > 0);
    let tone = match (now.waiters.len(), waits.count) {
        (0, 0) => Tone::Quiet,
        (0, _) => Tone::Plain,
        _ => Tone::Warning,
    };
    let total = (waits.count > 0).then_some(waits.total);
    Row {
        key,
        cells: vec![
            Cell::count(now.waiters.len() as u64),
            Cell::seconds(longest),
            Cell::nanoseconds(total),
            Cell::count(waits.count),
            share.map_or_else(Cell::default, |share| {
                Cell::value(format!("{:.1} %", share * 100.0), share)
            }),
            Cell::nanoseconds(waits.percentile(0.5)),
            Cell::nanoseconds(waits.percentile(0.99)),
            Cell::nanoseconds(holds.percentile(0.5)),
            Cell::nanoseconds(holds.percentile(0.99)),
            Cell::text(holders(now, seen)),
            Cell::text(label.clone()),
        ],
        detail: detail(&label, &facts, measured, now, seen),
        tone,
    }
}

/// Those who hold what is waited for; else those who hold one of the class.
fn holders(now: &Now, seen: &Seen<'_>) -> String {
    let is_wanted = |instance: u32| now.waiters.iter().any(|(_, wanted, _)| *wanted == instance);
    let wanted: Vec<_> = now.holders.iter().filter(|(_, held)| is_wanted(*held)).collect();
    let all = if wanted.is_empty() { now.holders.iter().collect() } else { wanted };
    match all.as_slice() {
        [] => String::new(),
        [(only, _)] => thread(*only, seen),
        [(first, _), rest @ ..] => format!("{} and {} more", thread(*first, seen), rest.len()),
    }
}

fn detail(
    label: &str,
    facts: &str,
    measured: Option<&LockContention>,
    now: &Now,
    seen: &Seen<'_>,
) -> Vec<String> {
    let mut lines = vec![format!("`{label}`: {facts}")];
    if let Some(lock) = measured {
        lines.push(format!("acquired {}", words::times(lock.acquisitions.count)));
        lines.push(format!("waits: {}", spread(&lock.waits)));
        lines.push(format!("holds: {}", spread(&lock.holds)));
    }
    for (waiter, instance, long) in now.waiters.iter().take(NAMED) {
        let long = long.map(|long| format!(", for {}", words::seconds(long))).unwrap_or_default();
        let holders = now.holders.iter().filter(|(_, held)| held == instance);
        let holders: Vec<String> =
            holders.take(3).map(|(holder, _)| thread(*holder, seen)).collect();
        let held = match holders.as_slice() {
            [] => String::new(),
            some => format!(", held by {}", words::and(some)),
        };
        lines.push(format!("{} waits for #{instance}{long}{held}", thread(*waiter, seen)));
    }
    if now.waiters.len() > NAMED {
        lines.push(format!("and {} more wait", now.waiters.len() - NAMED));
    }
    for place in measured.into_iter().flat_map(|lock| lock.places.iter().take(NAMED)) {
        let at = words::short_place(&place.at.place);
        lines.push(format!(
            "at {at}: waits {}; holds {}",
            spread(&place.waits),
            spread(&place.holds)
        ));
    }
    lines
}

/// `12 times, 1.2 s together, p50 1.0 ms, p90 …`.
fn spread(times: &Times) -> String {
    if times.count == 0 {
        return "none".to_owned();
    }
    let time = |nanoseconds: u64| words::seconds(nanoseconds as f64 / 1e9);
    let percentiles = [(0.5, "p50"), (0.9, "p90"), (0.99, "p99")].map(|(share, name)| {
        times.percentile(share).map(|found| format!(", {name} {}", time(found)))
    });
    let percentiles: String = percentiles.into_iter().flatten().collect();
    let (total, longest) = (time(times.total), time(times.longest));
    format!("{}, {total} together{percentiles}, {longest} at most", words::times(times.count))
}

fn thread(number: ThreadNum, seen: &Seen<'_>) -> String {
    let known = seen.end.threads.binary_search_by_key(&number.0, |thread| thread.number);
    known.map_or_else(|_| format!("#{}", number.0), |at| seen.end.threads[at].label.clone())
}
