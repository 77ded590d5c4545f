//! One finding in full.

use super::super::{View, words};
use super::frames::Frames;
use super::{schedule, stacks};
use annotate_snippets::{Group, Level as Look, Renderer};
use anstyle::{AnsiColor, Style};
use std::fmt::Write;
use syncscope_detector::Level;
use syncscope_detector::finding::{Finding, RuleId, ThreadInfo};

/// How many threads and locks are named in a line, and how many lines there are for each.
const DESCRIBED: usize = 8;

pub(super) fn render(finding: &Finding, view: &View<'_>, out: &mut String) {
    let labels = view.labels(finding);
    let frames = Frames::of(finding, &labels, view.sources);
    let look = match finding.level {
        Level::Deny => Look::ERROR,
        Level::Warn => Look::WARNING,
        Level::Allow => Look::NOTE,
    };
    let title = look.primary_title(words::headline(finding, &labels)).id(finding.rule.name());
    let mut group = Group::with_title(title);
    for frame in &frames.files {
        group = group.element(frame.snippet());
    }
    for note in notes(finding, &labels, &frames, view) {
        group = group.element(Look::NOTE.message(note));
    }
    out.push_str(&Renderer::styled().render(&[group]));
    out.push('\n');
    if let Some(schedule) = schedule::render(finding, &labels) {
        out.push('\n');
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
    let threads = finding.threads.iter();
    notes.extend(grouped(
        threads.map(|thread| (words::thread(thread), thread_facts(thread, finding, view))),
    ));
    let locks = finding.locks.iter().zip(labels).enumerate();
    notes.extend(grouped(locks.map(|(index, (lock, label))| {
        (words::lock(finding, labels, index), words::lock_facts(lock, label))
    })));
    // Of an order cycle each side was seen a number of times of its own: the detector's notes tell.
    if finding.rule != RuleId::LockOrderInversion {
        notes.push(format!("seen {}", words::count(finding.count, "time", "times")));
    }
    notes.push(words::grade(finding.grade).to_owned());
    notes.extend(words::refutation(finding, labels));
    notes.extend(finding.notes.iter().map(|note| crate::escape::text(note).into_owned()));
    notes
}

/// One line for all that have the same said of them.
fn grouped(items: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (name, facts) in items.filter(|(_, facts)| !facts.is_empty()) {
        match groups.iter_mut().find(|(known, _)| *known == facts) {
            // One thread may supply several sides of a cycle.
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => groups.push((facts, vec![name])),
        }
    }
    let all = groups.len();
    let mut notes: Vec<String> = groups
        .into_iter()
        .take(DESCRIBED)
        .map(|(facts, names)| {
            let more = names.len().saturating_sub(DESCRIBED);
            let mut names = names.into_iter().take(DESCRIBED).collect::<Vec<_>>();
            if more > 0 {
                names.push(format!("{more} more"));
            }
            format!("{}: {facts}", words::and(&names))
        })
        .collect();
    if all > DESCRIBED {
        notes.push(format!("and {} more", all - DESCRIBED));
    }
    notes
}

fn thread_facts(thread: &ThreadInfo, finding: &Finding, view: &View<'_>) -> String {
    let spawned = match &thread.spawned {
        _ if thread.is_main => "the first of its process".to_owned(),
        place if place.line == 0 => "spawned at an unknown place".to_owned(),
        place => format!("spawned at {}", words::place(place)),
    };
    let recording = view.recordings.readable.get(thread.process);
    match recording.filter(|_| finding.processes.len() > 1) {
        Some(recording) => format!("{spawned}, in process {}", recording.process.pid),
        None => spawned,
    }
}
