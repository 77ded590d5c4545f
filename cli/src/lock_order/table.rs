//! The table for `syncscope.toml`.

use super::{Named, chains};
use crate::escape;
use std::fmt::Write;
use toml::Value;

/// How many locks without a name are listed.
const LISTED: usize = 20;

/// The table, and how many lists it has.
#[must_use]
pub fn table(named: &Named, recordings: usize) -> (String, usize) {
    let (lists, knots) = chains(named.names.len(), &named.edges);
    let mut out = format!(
        "# The order that {recordings} {} obeyed, outermost first. What is not connected may be taken in any order.\n[order]\n",
        if recordings == 1 { "recording" } else { "recordings" }
    );
    for (number, list) in lists.iter().enumerate() {
        let names = list.iter().map(|&node| Value::String(named.names[node].clone()));
        let _ = writeln!(out, "observed-{} = {}", number + 1, Value::Array(names.collect()));
    }
    for knot in knots {
        let names: Vec<String> = knot.iter().map(|&node| quoted(&named.names[node])).collect();
        let _ = writeln!(out, "# Taken both ways, so without an order: {}.", names.join(", "));
    }
    let mut left_out = Vec::new();
    for unnamed in &named.unnamed {
        let lock = &unnamed.lock;
        let what = match (&lock.name, lock.created.line) {
            (Some(name), _) => format!("the {} {}", lock.kind, quoted(name)),
            (None, 0) => format!("a {}", lock.kind),
            (None, line) => {
                format!("the {} created at {}:{line}", lock.kind, escape::text(&lock.created.file))
            }
        };
        let line = format!("# Left out: {what}: {}.", unnamed.why);
        if !left_out.contains(&line) {
            left_out.push(line);
        }
    }
    for line in left_out.iter().take(LISTED) {
        let _ = writeln!(out, "{line}");
    }
    if left_out.len() > LISTED {
        let _ = writeln!(out, "# And {} more.", left_out.len() - LISTED);
    }
    (out, lists.len())
}

fn quoted(name: &str) -> String {
    format!("`{}`", escape::name(name))
}
