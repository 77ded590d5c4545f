//! The table of locks, by how long they were waited for.

use super::graph::Graph;
use super::text;
use crate::names::{LockFacts, label};
use crate::output::View;
use crate::whose::short_file;
use crate::words;
use std::collections::BTreeMap;
use std::fmt::Write;
use syncscope_detector::contention::{Contention, LockContention, Times, contention};
use syncscope_detector::finding::{LockInfo, Place};
use syncscope_recording::Recording;
use syncscope_recording::model::Class;

/// Sorts of locks that the table has.
const ROWS: usize = 5_000;

/// Locks of one sort in all processes.
#[derive(Default)]
struct Row {
    instances: u64,
    /// How often one was taken while another lock was held, and another one while it was held.
    inner: u64,
    outer: u64,
    findings: Vec<String>,
    /// Which one of the measured locks it is.
    measured: Option<usize>,
}

/// Name, and what else is known.
type Key = (String, String);

pub(super) fn section(view: &View<'_>, graph: &Graph) -> String {
    let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
    for recording in &view.recordings.readable {
        for class in recording.classes.iter().skip(1) {
            let row = rows.entry(key(class, recording)).or_default();
            row.instances = row.instances.saturating_add(class.instances);
        }
    }
    let of_graph: Vec<Key> =
        graph.locks.iter().map(|lock| (lock.name.clone(), without_number(&lock.facts))).collect();
    for order in &graph.orders {
        for (lock, is_outer) in [(order.from, true), (order.to, false)] {
            if let Some(row) = rows.get_mut(&of_graph[lock]) {
                let times = if is_outer { &mut row.outer } else { &mut row.inner };
                *times = times.saturating_add(order.count);
            }
        }
    }
    for (lock, key) in graph.locks.iter().zip(&of_graph) {
        if let Some(row) = rows.get_mut(key) {
            row.findings.clone_from(&lock.findings);
        }
    }
    let measured = contention(&view.recordings.readable, view.sources);
    for (number, lock) in measured.locks.iter().enumerate() {
        let name = label(&LockFacts::of(&lock.lock));
        let facts = without_number(&words::lock_facts(&lock.lock, &name));
        if let Some(row) = rows.get_mut(&(name, facts)) {
            row.measured.get_or_insert(number);
        }
    }
    table(rows, &measured)
}

fn table(rows: BTreeMap<Key, Row>, measured: &Contention) -> String {
    let mut out = String::from(
        "<section id=\"locks\" aria-labelledby=\"locks-h\">\n<h2 id=\"locks-h\">Locks</h2>\n",
    );
    let count = rows.len();
    let mut rows: Vec<(Key, Row)> = rows.into_iter().collect();
    // Measured locks come by their waiting time already.
    rows.sort_by_key(|(_, row)| {
        let nestings = row.inner.saturating_add(row.outer);
        (row.measured.unwrap_or(usize::MAX), row.findings.is_empty(), std::cmp::Reverse(nestings))
    });
    let has_times = !measured.locks.is_empty();
    if has_times {
        out.push_str(
            "<p>By how long threads waited for them. Of times the middle one (50 %), those that 90 % and 99 % did not exceed, and the \
             longest; acquisitions and holds are estimates by samples where there are many.</p>\n",
        );
    }
    let times = match has_times {
        true => {
            "<th scope=\"col\">acquired</th><th scope=\"col\">had to wait</th><th scope=\"col\">waited in all</th>\
             <th scope=\"col\">waits: 50 %, 90 %, 99 %, longest</th><th scope=\"col\">holds: 50 %, 90 %, 99 %, longest</th>"
        }
        false => "",
    };
    let _ = writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"locks\"><table data-filter=\"locks\"><thead><tr>\
         <th scope=\"col\">lock</th><th scope=\"col\">what it is</th><th scope=\"col\">how many</th>{times}\
         <th scope=\"col\">taken while another was held</th><th scope=\"col\">held while another was taken</th>\
         <th scope=\"col\">findings</th></tr></thead><tbody>"
    );
    for ((name, facts), row) in rows.iter().take(ROWS) {
        let findings: Vec<String> =
            row.findings.iter().map(|id| format!("<a href=\"#{id}\">{id}</a> ")).collect();
        let _ = writeln!(
            out,
            "<tr{}><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td>{}<td>{}</td><td>{}</td><td>{}</td></tr>",
            if findings.is_empty() { "" } else { " class=\"bad\"" },
            text::text(name),
            text::text(facts),
            words::number(row.instances),
            if has_times {
                cells(row.measured.and_then(|at| measured.locks.get(at)))
            } else {
                String::new()
            },
            words::number(row.inner),
            words::number(row.outer),
            findings.concat()
        );
    }
    out.push_str("</tbody></table></div>\n");
    if count > ROWS {
        let _ = writeln!(out, "<p>and {} more sorts</p>", count - ROWS);
    }
    out.push_str("</section>\n");
    out
}

/// What was measured of a lock.
fn cells(measured: Option<&LockContention>) -> String {
    let Some(lock) = measured else { return "<td></td>".repeat(5) };
    let share = match lock.contended() {
        Some(share) => format!("{:.1} %", share * 100.0),
        None => String::new(),
    };
    let time = |ns: u64| words::seconds(ns as f64 / 1e9);
    let waited = if lock.waits.count == 0 { String::new() } else { time(lock.waits.total) };
    let acquired = words::number(lock.acquisitions.count);
    let error = match lock.acquisitions.error() {
        0 => String::new(),
        error => format!(" ± {}", words::number(error)),
    };
    let percentiles = |times: &Times| {
        let shares = [0.5, 0.9, 0.99].into_iter().filter_map(|share| times.percentile(share));
        let all: Vec<String> = shares.chain([times.longest]).map(time).collect();
        if times.count == 0 { String::new() } else { all.join(", ") }
    };
    format!(
        "<td>{acquired}{error}</td><td>{share}</td><td>{waited}</td><td>{}</td><td>{}</td>",
        percentiles(&lock.waits),
        percentiles(&lock.holds)
    )
}

fn key(class: &Class, recording: &Recording) -> Key {
    let of_source = class.label.as_ref().map(|label| label.shown.as_str());
    let name = class.name.as_deref().or(of_source);
    let kind = class.primitive.name();
    let created = recording.site(class.site).map_or_else(Place::default, |site| Place {
        file: short_file(&site.file).to_owned(),
        line: site.line,
        column: site.column,
        stack: Vec::new(),
    });
    let label = label(&LockFacts { name, kind, type_name: &class.type_name });
    let info = LockInfo {
        name: name.map(str::to_owned),
        kind,
        type_name: class.type_name.clone(),
        created,
        instance: 0,
        instances_of_class: 1,
    };
    let facts = words::lock_facts(&info, &label);
    (label, facts)
}

/// What is known of a lock beside how many there are.
fn without_number(facts: &str) -> String {
    let end = facts.rfind(", one of ").unwrap_or(facts.len());
    facts[..end].to_owned()
}
