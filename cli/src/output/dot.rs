//! The order graph for Graphviz: a box for each class of locks, grouped by the file that creates it, an arrow for each order
//! that was recorded, red where a finding runs along it.

use super::View;
use super::cycles::cycles;
use crate::escape;
use crate::names::class_label;
use crate::words;
use std::collections::BTreeMap;
use std::fmt::Write;
use syncscope_detector::{ClassGraph, class_graph};

pub(super) fn render(view: &View<'_>) -> String {
    let graph = class_graph(&view.recordings.readable, view.sources);
    let mut out = String::from(
        "digraph locks {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  \
         edge [color=gray40, fontname=\"sans-serif\"];\n",
    );
    nodes(&graph, &mut out);
    let bad = cycles(&view.analysis.findings, &graph);
    for edge in &graph.edges {
        let red = match bad.contains_key(&(edge.from, edge.to)) {
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
