//! One finding in full.

use super::super::View;
use super::super::facts::facts;
use super::frames::Frames;
use super::{schedule, stacks, waits};
use crate::words;
use annotate_snippets::{Group, Level as Look, Renderer};
use anstyle::{AnsiColor, Style};
use std::fmt::Write;
use syncscope_detector::Level;
use syncscope_detector::finding::Finding;

/// Columns of source lines: in fewer, too little of them would be left beside what is said of them.
const NARROWEST: usize = 120;
const WIDEST: usize = 1000;

pub(super) fn render(finding: &Finding, view: &View<'_>, out: &mut String) {
    let labels = view.labels(finding);
    let frames = Frames::of(finding, &labels, view.sources);
    let look = match finding.level {
        Level::Deny => Look::ERROR,
        Level::Warn => Look::WARNING,
        Level::Allow => Look::NOTE,
    };
    let title = look.clone().primary_title(words::headline(finding)).id(finding.rule.name());
    let renderer = Renderer::styled().term_width(view.columns.clamp(NARROWEST, WIDEST));
    out.push_str(&renderer.render(&[Group::with_title(title)]));
    out.push('\n');
    let before = out.len();
    waits::causes(finding, view, out);
    waits::render(finding, &labels, view, out);
    if out.len() > before {
        out.push('\n');
    }
    let mut group = Group::with_level(look);
    for frame in &frames.files {
        group = group.element(frame.snippet());
    }
    for note in notes(finding, &labels, &frames, view) {
        group = group.element(Look::NOTE.message(note));
    }
    out.push_str(&renderer.render(&[group]));
    out.push('\n');
    out.push('\n');
    if let Some(schedule) = schedule::render(finding, &labels, view.columns) {
        out.push_str(&schedule);
        out.push('\n');
    }
    stacks::render(finding, &labels, view, out);
    let help = AnsiColor::Cyan.on_default().bold();
    let bold = Style::new().bold();
    let text = words::help(finding);
    if !text.is_empty() {
        let _ = writeln!(out, "{help}help{help:#}{bold}:{bold:#} {text}");
    }
    let _ = writeln!(
        out,
        "{help}more{help:#}{bold}:{bold:#} cargo syncscope explain {}",
        finding.rule.name()
    );
}

fn notes(finding: &Finding, labels: &[String], frames: &Frames, view: &View<'_>) -> Vec<String> {
    let mut notes = frames.unseen.clone();
    for path in &frames.changed {
        notes.push(format!("{path} was changed after this was recorded: the lines may differ"));
    }
    notes.extend(facts(finding, labels, view));
    notes
}
