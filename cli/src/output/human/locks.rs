//! Locks by how long was waited for them: a table of all, then who was in the way of those that were waited for.

use crate::escape;
use crate::names::{LockFacts, label};
use crate::words;
use anstyle::Style;
use std::fmt::Write;
use syncscope_detector::contention::{
    Contention, Holder, LockContention, Meanwhile, PlaceContention, Times, UsedAt,
};

const BOLD: Style = Style::new().bold();

/// Rows of the table.
const ROWS: usize = 50;
/// Locks that are told in detail.
const DETAILED: usize = 10;
/// Places, holders and threads of each.
const LISTED: usize = 5;

pub(super) fn render(contention: &Contention, columns: usize, out: &mut String) {
    let locks = &contention.locks;
    if locks.is_empty() {
        let _ = writeln!(
            out,
            "no lock was measured: nothing was locked, or the recording is of an earlier version\n"
        );
        return;
    }
    table(locks, columns, out);
    let waited_for = locks.iter().filter(|lock| lock.waits.count > 0);
    waited_for.take(DETAILED).for_each(|lock| details(lock, out));
    if contention.lost > 0 {
        let times = words::times(contention.lost);
        let _ = writeln!(out, "{times} something was not measured: there was no room for it\n");
    }
}

fn table(locks: &[LockContention], columns: usize, out: &mut String) {
    let header = ["waited", "waits", "share", "p50", "p99", "held p50", "p99", "lock"];
    let mut rows = vec![header.map(str::to_owned)];
    rows.extend(locks.iter().take(ROWS).map(row));
    let widths: Vec<usize> = (0..header.len())
        .map(|column| rows.iter().map(|row| escape::width(&row[column])).max().unwrap_or(0))
        .collect();
    for (index, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths).take(header.len() - 1) {
            let gap = width.saturating_sub(escape::width(cell));
            let _ = write!(line, "{:gap$}{cell}  ", "");
        }
        line.push_str(&row[header.len() - 1]);
        let line = escape::fit(&line, columns);
        let _ = match index {
            0 => writeln!(out, "{BOLD}{line}{BOLD:#}"),
            _ => writeln!(out, "{line}"),
        };
    }
    if locks.len() > ROWS {
        let _ = writeln!(out, "and {} more", words::number((locks.len() - ROWS) as u64));
    }
    out.push('\n');
}

fn row(lock: &LockContention) -> [String; 8] {
    let LockContention { waits, holds, .. } = lock;
    let none = || "-".to_owned();
    let at = |times: &Times, share| times.percentile(share).map_or_else(none, time);
    [
        if waits.count > 0 { time(waits.total) } else { none() },
        words::number(waits.count),
        lock.contended().map_or_else(none, percent),
        at(waits, 0.5),
        at(waits, 0.99),
        at(holds, 0.5),
        at(holds, 0.99),
        name(lock),
    ]
}

fn details(lock: &LockContention, out: &mut String) {
    let LockContention { waits, holds, acquisitions, .. } = lock;
    let created = match lock.lock.created.line {
        0 => String::new(),
        _ => format!(", created at {}", words::short_place(&lock.lock.created)),
    };
    let _ = writeln!(out, "{BOLD}`{}`{BOLD:#}{created}", name(lock));
    let error = match acquisitions.error() {
        0 => String::new(),
        error => format!(
            ", by {} that were looked at (19 times out of 20 off by {} at most)",
            words::number(acquisitions.samples),
            words::number(error)
        ),
    };
    let _ = writeln!(out, "  acquired {}{error}", words::times(acquisitions.count));
    let _ = writeln!(out, "  waits: {}", spread(waits));
    let _ = writeln!(out, "  holds: {}", spread(holds));
    list(&lock.places, out, |place: &PlaceContention| {
        format!("  {}: {}; {}", used(&place.at), waited(&place.waits), held(&place.holds))
    });
    let holders = lock.holders.iter().filter(|holder| holder.waits.count > 0);
    for holder in holders.take(LISTED) {
        in_the_way(holder, out);
    }
    list(&lock.threads, out, |pair| {
        let who = |thread: &Option<_>| {
            thread.as_ref().map_or_else(|| "other threads".to_owned(), words::thread)
        };
        let (waiter, holder) = (who(&pair.waiter), who(&pair.holder));
        format!("  {waiter} waited for {holder}: {}", sums(&pair.times))
    });
    out.push('\n');
}

fn list<T>(items: &[T], out: &mut String, line: impl Fn(&T) -> String) {
    for item in items.iter().take(LISTED) {
        let _ = writeln!(out, "{}", line(item));
    }
    if items.len() > LISTED {
        let _ = writeln!(out, "  and {} more", words::number((items.len() - LISTED) as u64));
    }
}

fn in_the_way(holder: &Holder, out: &mut String) {
    let who = match &holder.at {
        Some(at) => format!("who had taken it {}", used(at)),
        None => "an unknown holder".to_owned(),
    };
    let _ = writeln!(out, "  behind {who}: {}", sums(&holder.waits));
    for waiter in holder.waiters.iter().take(LISTED) {
        let _ = writeln!(out, "    waited {}: {}", used(&waiter.at), sums(&waiter.waits));
    }
    for Meanwhile { wait, place, times } in holder.meanwhile.iter().take(LISTED) {
        let (at, long) = (words::short_place(place), time(times.total));
        let _ = writeln!(out, "    meanwhile it was in {} at {at} for {long}", wait.words());
    }
}

fn spread(times: &Times) -> String {
    let percentiles = [(0.5, "p50"), (0.9, "p90"), (0.99, "p99")].map(|(share, name)| {
        times.percentile(share).map(|found| format!(", {name} {}", time(found)))
    });
    format!("{}{}", sums(times), percentiles.into_iter().flatten().collect::<String>())
}

fn sums(times: &Times) -> String {
    match times.count {
        0 => "none".to_owned(),
        n => format!(
            "{}, {} together, {} at most",
            words::times(n),
            time(times.total),
            time(times.longest)
        ),
    }
}

fn waited(times: &Times) -> String {
    match times.count {
        0 => "never waited".to_owned(),
        _ => format!("waited {}", sums(times)),
    }
}

fn held(times: &Times) -> String {
    match times.percentile(0.5) {
        None => "not held for a known time".to_owned(),
        Some(half) => format!("held for {}, {} at most", time(half), time(times.longest)),
    }
}

fn used(at: &UsedAt) -> String {
    let how = match (at.access.init, at.access.shared) {
        (true, _) => "initialised at",
        (_, true) => "read at",
        (_, false) => "at",
    };
    format!("{how} {}", words::short_place(&at.place))
}

fn name(lock: &LockContention) -> String {
    label(&LockFacts::of(&lock.lock))
}

fn time(nanoseconds: u64) -> String {
    words::seconds(nanoseconds as f64 / 1e9)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
