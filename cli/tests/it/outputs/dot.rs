//! The drawing, read by a reader of Graphviz's language that takes only what the report may write, and by Graphviz itself
//! where it is installed.

use super::forms::Forms;
use crate::support::Bank;
use std::io::Write;
use std::process::{Command, Stdio};

/// What was drawn.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    /// Labels of nodes, unescaped.
    pub(super) labels: Vec<String>,
    /// Ends of arrows, and whether they are red.
    pub(super) arrows: Vec<(String, String, bool)>,
}

/// Panics on anything but statements of the report's own.
pub(super) fn parse(text: &str) -> Drawing {
    let mut drawing = Drawing::default();
    let mut depth = 0;
    for statement in statements(text) {
        let line = statement.trim();
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["digraph", "locks"] | ["subgraph", _] => depth += 1,
            [] => depth -= 1,
            ["rankdir=LR"] | ["node" | "edge", ..] | ["color=gray80"] => {}
            [fontname] if fontname.starts_with("fontname=") => {}
            [label, ..] if label.starts_with("label=\"") => {}
            [from, "->", to, ..] => {
                assert!(is_id(from) && is_id(to), "{line}");
                drawing.arrows.push((from.into(), to.into(), line.contains("color=red")));
            }
            [node, label, ..] => {
                assert!(is_id(node) && label.starts_with("[label="), "{line}");
                drawing.labels.push(string(line).0);
            }
            [_] => panic!("{line}"),
        }
    }
    assert_eq!(depth, 0, "{text}");
    graphviz(text);
    drawing
}

fn is_id(word: &str) -> bool {
    word.strip_prefix('L').is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Splits at `;`, `{` and `}` outside of strings; a `}` is an empty statement.
fn statements(text: &str) -> Vec<String> {
    let (mut all, mut one, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for c in text.chars() {
        let end = !quoted && matches!(c, ';' | '{' | '}');
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && c == '\\' && !escaped;
        if !end {
            one.push(c);
            continue;
        }
        if !one.trim().is_empty() {
            all.push(std::mem::take(&mut one));
        }
        one.clear();
        if c == '}' {
            all.push(String::new());
        }
    }
    assert!(!quoted && one.trim().is_empty(), "unfinished: {one:?}");
    all
}

/// The first string of a statement, unescaped, and what is behind it.
fn string(statement: &str) -> (String, String) {
    let (mut text, mut chars) =
        (String::new(), statement.chars().skip_while(|c| *c != '"').skip(1));
    loop {
        match chars.next().unwrap() {
            '"' => break,
            '\\' => match chars.next().unwrap() {
                'n' => text.push('\n'),
                c @ ('"' | '\\') => text.push(c),
                c => panic!("\\{c} in {statement}"),
            },
            c => text.push(c),
        }
    }
    (text.replace("&amp;", "&"), chars.collect())
}

/// Graphviz takes it, if there is one.
fn graphviz(text: &str) {
    let started = Command::new("dot")
        .arg("-Tcanon")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut dot) = started else { return };
    dot.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = dot.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}\n{text}");
}

#[test]
fn the_order_is_drawn_and_the_inversion_is_red() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::inverted());
    let drawing = parse(Forms::of(&project, &[]).get("dot"));
    assert_eq!(drawing.labels, ["LEDGER\nline 3", "audit\nline 30"]);
    let arrow = |from: &str, to: &str, red| (from.to_owned(), to.to_owned(), red);
    assert_eq!(drawing.arrows, [arrow("L0", "L1", true), arrow("L1", "L0", true)]);
}

#[test]
fn a_kept_order_is_not_red() {
    let project = Bank::project();
    project.store("1.syncscope", Bank::correct());
    let drawing = parse(Forms::of(&project, &[]).get("dot"));
    assert_eq!(drawing.arrows.len(), 1);
    assert!(!drawing.arrows[0].2);
}
