//! One finding in full.

use super::super::{View, test_of, tests_of};
use super::frames::Frames;
use super::{schedule, stacks, waits};
use crate::coverage::is_of_cargo_test;
use crate::explore::Confirmation;
use crate::words;
use annotate_snippets::{Group, Level as Look, Renderer};
use anstyle::{AnsiColor, Style};
use std::fmt::Write;
use syncscope_detector::Level;
use syncscope_detector::finding::{Finding, LockInfo, RuleId, ThreadInfo};
use syncscope_recording::model::ThreadNum;

/// How many threads and locks are named in a line, and how many lines there are for each.
const DESCRIBED: usize = 8;

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
    let threads = finding.threads.iter();
    notes.extend(grouped(
        threads.map(|thread| (words::thread(thread), thread_facts(thread, finding, view))),
    ));
    // A thread that is waited for is among the threads, where it is told already.
    let is_told = |lock: &LockInfo| {
        let is_it = |thread: &ThreadInfo| thread.number == lock.instance;
        matches!(lock.kind, "thread" | "task") && finding.threads.iter().any(is_it)
    };
    let locks = finding.locks.iter().zip(labels).enumerate();
    let locks = locks.filter(|(_, (lock, _))| !is_told(lock));
    notes.extend(grouped(locks.map(|(index, (lock, label))| {
        (words::lock(finding, labels, index), words::lock_facts(lock, label))
    })));
    // Of an order cycle each side was seen a number of times of its own: the detector's notes tell.
    if finding.rule != RuleId::LOCK_ORDER_INVERSION {
        notes.push(format!("seen {}", words::times(finding.count)));
    }
    notes.push(words::grade(finding.grade).to_owned());
    let confirmation = view.confirmations.get(&finding.fingerprint);
    notes.extend(confirmation.map(Confirmation::words));
    // The detector tells what the runner told.
    let told = |word: &str| finding.notes.iter().any(|note| note.starts_with(word));
    let is_told = told("seen in test") || told("seen in different processes: test");
    let tests = tests_of(finding, &view.recordings.readable);
    let tests: Vec<_> =
        tests.iter().map(|test| format!("`{}`", crate::escape::name(test))).collect();
    let is_one = test_of(finding, &view.recordings.readable).is_some();
    notes.extend(match tests.as_slice() {
        _ if is_told => None,
        [] => None,
        [test] if is_one => Some(format!("seen in test {test}")),
        [test] => Some(format!("seen in part in test {test}")),
        several => Some(format!("seen in tests {}", words::and(several))),
    });
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
    let recording = view.recordings.readable.get(thread.process);
    let is_of_harness = recording.is_some_and(|recording| {
        let known = recording.threads.get(&ThreadNum(thread.number));
        known.is_some_and(|thread| thread.is_foreign) && is_of_cargo_test(&recording.process.exe)
    });
    let spawned = match &thread.spawned {
        _ if thread.is_main => "the first of its process".to_owned(),
        place if let Some(task) = thread.part_of => {
            format!("part of task #{task}, polled beside others at {}", words::short_place(place))
        }
        place if place.line == 0 && thread.is_task => "a thread blocks on it".to_owned(),
        place if place.line == 0 && is_of_harness => "spawned by the test harness".to_owned(),
        place if place.line == 0 => "spawned at an unknown place".to_owned(),
        place => format!("spawned at {}", words::short_place(place)),
    };
    match recording.filter(|_| finding.processes.len() > 1 && thread.pid.is_none()) {
        Some(recording) => format!("{spawned}, in process {}", recording.process.pid),
        None => spawned,
    }
}
