//! The table of locks.

use super::graph::Graph;
use super::text;
use crate::names::{LockFacts, label};
use crate::output::View;
use crate::whose::short_file;
use crate::words;
use std::collections::BTreeMap;
use std::fmt::Write;
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
}

/// Name, and what else is known.
type Key = (String, String);

pub(super) fn section(view: &View<'_>, graph: &Graph) -> String {
    let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
    for recording in &view.recordings.readable {
        for class in recording.classes.iter().skip(1) {
            rows.entry(key(class, recording)).or_default().instances += class.instances;
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
    table(rows)
}

fn table(rows: BTreeMap<Key, Row>) -> String {
    let mut out = String::from(
        "<section id=\"locks\" aria-labelledby=\"locks-h\">\n<h2 id=\"locks-h\">Locks</h2>\n",
    );
    let count = rows.len();
    let mut rows: Vec<(Key, Row)> = rows.into_iter().collect();
    rows.sort_by_key(|(_, row)| {
        let nestings = row.inner.saturating_add(row.outer);
        (row.findings.is_empty(), std::cmp::Reverse(nestings))
    });
    out.push_str(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"locks\"><table data-filter=\"locks\"><thead><tr>\
         <th scope=\"col\">lock</th><th scope=\"col\">what it is</th><th scope=\"col\">how many</th>\
         <th scope=\"col\">taken while another was held</th><th scope=\"col\">held while another was taken</th>\
         <th scope=\"col\">findings</th></tr></thead><tbody>\n",
    );
    for ((name, facts), row) in rows.iter().take(ROWS) {
        let findings: Vec<String> =
            row.findings.iter().map(|id| format!("<a href=\"#{id}\">{id}</a> ")).collect();
        let _ = writeln!(
            out,
            "<tr{}><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            if findings.is_empty() { "" } else { " class=\"bad\"" },
            text::text(name),
            text::text(facts),
            words::number(row.instances),
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
