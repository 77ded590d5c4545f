//! Findings as diagnostics.

use super::shape::{Code, Diagnostic, Line, Message, Span, Target, Text};
use super::swapped::swapped;
use crate::escape;
use crate::output::change::{self, Lines};
use crate::output::facts::facts;
use crate::output::spots::{Spot, spots};
use crate::output::{View, human};
use crate::words;
use anstream::adapter::strip_str;
use syncscope_detector::finding::Place;
use syncscope_detector::{Finding, Level};

pub(in crate::output) fn render(view: &View<'_>) -> String {
    let findings = view.analysis.findings.iter();
    let messages = findings.map(|finding| {
        Line::CompilerMessage(Box::new(Message {
            package_id: format!("path+file://{}#0.0.0", view.repository.workspace().display()),
            manifest_path: manifest(view),
            target: Target {
                kind: ["lib"],
                crate_types: ["lib"],
                name: "syncscope",
                src_path: manifest(view),
                edition: "2024",
                doc: false,
                doctest: false,
                test: false,
            },
            message: diagnostic(finding, view),
        }))
    });
    let end = Line::BuildFinished { success: !view.is_denied() && !view.lost_is_denied };
    let lines = messages.chain([end]);
    // There are string keys only.
    lines.filter_map(|line| Some(serde_json::to_string(&line).ok()? + "\n")).collect()
}

fn manifest(view: &View<'_>) -> String {
    let path = view.repository.workspace().join("Cargo.toml");
    escape::text(&path.display().to_string()).into_owned()
}

fn diagnostic(finding: &Finding, view: &View<'_>) -> Diagnostic {
    let labels = view.labels(finding);
    let (Lines::Change(places) | Lines::Look(places)) = change::lines(finding);
    let primary = places.first().copied();
    let mut spans: Vec<Span> = (spots(finding, &labels).iter())
        .filter(|spot| spot.place.line != 0)
        .map(|spot| span(spot, primary == Some(spot.place), view))
        .collect();
    // Editors show nothing that has no place.
    if !spans.iter().any(|span| span.is_primary) {
        spans.insert(0, nowhere(view));
    }
    let mut children: Vec<Diagnostic> = Vec::new();
    let help = words::help(finding);
    if !help.is_empty() {
        children.push(child("help", help, Vec::new()));
    }
    if let Some(spans) = swapped(finding, view.sources) {
        let order = "take them in the other order here".to_owned();
        children.push(child("help", order, spans));
    }
    let facts = facts(finding, &labels, view).into_iter();
    children.extend(facts.map(|fact| child("note", fact, Vec::new())));
    let id = format!("the finding's id is {}", escape::text(&finding.fingerprint));
    children.push(child("note", id, Vec::new()));
    Diagnostic {
        message_type: Some("diagnostic"),
        message: words::headline(finding),
        code: Some(Code { code: finding.rule.name(), explanation: None }),
        level: match finding.level {
            Level::Deny => "error",
            Level::Warn => "warning",
            Level::Allow => "note",
        },
        spans,
        children,
        rendered: Some(strip_str(&human::one(finding, view)).to_string()),
    }
}

fn child(level: &'static str, message: String, spans: Vec<Span>) -> Diagnostic {
    Diagnostic {
        message_type: None,
        message,
        code: None,
        level,
        spans,
        children: Vec::new(),
        rendered: None,
    }
}

fn span(spot: &Spot<'_>, is_primary: bool, view: &View<'_>) -> Span {
    let Place { file, line, column, .. } = spot.place;
    let source = view.sources.file(file, *line, *column);
    let start = *column as usize;
    let name = source.as_ref().and_then(|source| source.name_at(*line, *column));
    let end = name.map_or(start + 1, |name| name.end + 1);
    let text = source.as_ref().and_then(|source| source.line(*line)).unwrap_or_default();
    let first = source.as_ref().and_then(|source| source.start_of(*line)).unwrap_or(0);
    let byte = |column: usize| {
        let inside = text.char_indices().nth(column.saturating_sub(1));
        first + inside.map_or(text.len(), |(at, _)| at)
    };
    Span {
        file_name: escape::text(file).into_owned(),
        byte_start: byte(start),
        byte_end: byte(end),
        line_start: *line,
        line_end: *line,
        column_start: start,
        column_end: end,
        is_primary,
        text: vec![Text {
            text: escape::source_line(text),
            highlight_start: start,
            highlight_end: end,
        }],
        label: Some(spot.label.clone()),
        suggested_replacement: None,
        suggestion_applicability: None,
        expansion: None,
    }
}

/// The place of what has none.
fn nowhere(view: &View<'_>) -> Span {
    Span {
        file_name: manifest(view),
        byte_start: 0,
        byte_end: 0,
        line_start: 1,
        line_end: 1,
        column_start: 1,
        column_end: 1,
        is_primary: true,
        text: Vec::new(),
        label: None,
        suggested_replacement: None,
        suggestion_applicability: None,
        expansion: None,
    }
}
