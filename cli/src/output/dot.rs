//! The order graph for Graphviz: a box for each class of locks, grouped by the file that creates it, an arrow for each order
//! that was recorded, red where a finding runs along it.

use super::View;
use crate::escape;
use crate::names::class_label;
use crate::words;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use syncscope_detector::finding::{Finding, LockInfo, StepKind};
use syncscope_detector::{ClassGraph, Grade, class_graph};

pub(super) fn render(view: &View<'_>) -> String {
    let graph = class_graph(&view.recordings.readable, view.sources);
    let mut out = String::from(
        "digraph locks {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  \
         edge [color=gray40, fontname=\"sans-serif\"];\n",
    );
    nodes(&graph, &mut out);
    let bad = bad_pairs(view, &graph);
    for edge in &graph.edges {
        let red = match bad.contains(&(edge.from, edge.to)) {
            true => ", color=red, penwidth=2",
            false => "",
        };
        let times = words::times(edge.count);
        let threads = words::count(edge.threads as u64, "thread", "threads");
        let (held, wanted) = (words::place(&edge.held_at), words::place(&edge.wanted_at));
        let tooltip = format!("{times} by {threads}: held at {held}, taken at {wanted}");
        let _ = writeln!(
            out,
            "  L{} -> L{} [label=\"{}\", tooltip=\"{}\"{red}];",
            edge.from,
            edge.to,
            edge.count,
            quoted(&tooltip)
        );
    }
    out.push_str("}\n");
    out
}

fn nodes(graph: &ClassGraph, out: &mut String) {
    let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, class) in graph.classes.iter().enumerate() {
        files.entry(&class.lock.created.file).or_default().push(index);
    }
    for (cluster, (file, classes)) in files.into_iter().enumerate() {
        let is_known = !file.is_empty();
        if is_known {
            let name = quoted(&escape::text(file));
            let _ = writeln!(
                out,
                "  subgraph cluster_{cluster} {{\n    label=\"{name}\"; color=gray80; fontname=\"sans-serif\";"
            );
        }
        for index in classes {
            let class = &graph.classes[index];
            let (lock, name) = (&class.lock, class_label(class));
            let tooltip = words::lock_facts(lock, &name);
            let place = match lock.created.line {
                0 => String::new(),
                line => format!("\\nline {line}"),
            };
            let _ = writeln!(
                out,
                "    L{index} [label=\"{}{place}\", tooltip=\"{}\"];",
                quoted(&name),
                quoted(&tooltip)
            );
        }
        if is_known {
            out.push_str("  }\n");
        }
    }
}

/// Pairs of classes that a finding's cycle runs along.
fn bad_pairs(view: &View<'_>, graph: &ClassGraph) -> BTreeSet<(usize, usize)> {
    let index = |lock: &LockInfo| graph.classes.iter().position(|class| same(&class.lock, lock));
    let mut pairs = BTreeSet::new();
    let shown = view.analysis.findings.iter().filter(|finding| finding.grade != Grade::Refuted);
    for finding in shown {
        for (held, wanted) in held_and_wanted(finding) {
            if let (Some(held), Some(wanted)) = (index(held), index(wanted)) {
                pairs.insert((held, wanted));
            }
        }
    }
    pairs
}

fn same(a: &LockInfo, b: &LockInfo) -> bool {
    (&a.name, a.kind, &a.type_name, &a.created) == (&b.name, b.kind, &b.type_name, &b.created)
}

fn held_and_wanted(finding: &Finding) -> impl Iterator<Item = (&LockInfo, &LockInfo)> {
    let of = |thread: usize, kind: StepKind| {
        let steps = finding.steps.iter();
        steps
            .filter(move |step| step.thread == thread && step.kind == kind)
            .filter_map(|step| finding.locks.get(step.lock))
    };
    (0..finding.threads.len()).flat_map(move |thread| {
        of(thread, StepKind::Holds)
            .flat_map(move |held| of(thread, StepKind::Wants).map(move |wanted| (held, wanted)))
    })
}

/// Text between quotes. Labels know escapes with backslashes and character references.
fn quoted(escaped: &str) -> String {
    escaped.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_backslashes_and_references_are_text() {
        assert_eq!(quoted(r#"a"];x->y\N&lt;"#), r#"a\"];x->y\\N&amp;lt;"#);
    }
}
