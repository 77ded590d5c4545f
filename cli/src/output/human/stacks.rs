//! How the threads of a finding came to ask for what they wait for: in this wait, or when they first did so.

use super::super::{View, words};
use crate::escape;
use crate::symbols::{Frame, Origin, Trace};
use anstyle::Style;
use std::fmt::Write;
use std::path::Path;
use syncscope_detector::Finding;
use syncscope_detector::finding::RuleId;

/// How many frames are shown of a stack.
const FRAMES: usize = 12;

/// Columns of a function's name before its place is put on the next line.
const COLUMNS: usize = 60;

pub(super) fn render(finding: &Finding, labels: &[String], view: &View<'_>, out: &mut String) {
    let steps = finding.steps.iter().enumerate().filter(|(_, step)| !step.stack.is_empty());
    let (mut text, mut hidden, mut unnamed) = (String::new(), 0, 0);
    let mut of_waits = false;
    for (index, step) in steps {
        let process = finding.threads.get(step.thread).map_or(0, |thread| thread.process);
        let Some(recording) = view.recordings.readable.get(process) else { continue };
        of_waits |= is_of_waits(finding.rule) && !recording.wait_stacks.is_empty();
        let trace = view.symbols.trace(recording, &step.stack);
        if !view.full && trace.frames.iter().all(|frame| frame.origin == Origin::Unknown) {
            unnamed += trace.frames.len();
            continue;
        }
        let told = words::step(finding, labels, index);
        let _ = writeln!(text, "    ({}) {}", index + 1, told.trim_start_matches("... "));
        hidden += stack(&trace, view.full, &mut text);
    }
    let bold = Style::new().bold();
    if !text.is_empty() {
        let hidden = match hidden {
            0 => String::new(),
            n => format!(
                "; {} of std and the runtime hidden, `--full` shows them",
                words::count(n as u64, "frame", "frames")
            ),
        };
        let of_what = if of_waits { "these waits" } else { "the thread's first such nesting" };
        let _ = writeln!(out, "  {bold}stacks{bold:#} of {of_what}, innermost first{hidden}");
        out.push_str(&text);
        out.push('\n');
    }
    let missing = view.symbols.missing();
    if unnamed > 0 {
        let _ = writeln!(
            out,
            "  {bold}stacks{bold:#}: {} without names; `--full` shows them",
            words::count(unnamed as u64, "address", "addresses")
        );
        for (path, why) in missing {
            let path = escape::name(&path);
            let _ = writeln!(
                out,
                "    no symbols for `{path}`: {why}; `--symbols PATH` says where they are"
            );
        }
        out.push('\n');
    }
}

/// Whether findings of a rule show threads in a wait that was seen.
const fn is_of_waits(rule: RuleId) -> bool {
    matches!(rule, RuleId::Deadlock | RuleId::SelfDeadlock | RuleId::Stall | RuleId::LongWait)
}

/// Writes where a thread waits: the program's own frames. Nothing where there are none with names.
pub(super) fn of_wait(trace: &Trace, margin: &str, out: &mut String) {
    let of_user = trace.frames.iter().filter(|frame| frame.origin == Origin::User);
    for frame in of_user.take(FRAMES) {
        let _ = writeln!(out, "{margin}in {}", line(frame));
    }
}

/// Writes the frames; gives how many were left out as not the user's.
fn stack(trace: &Trace, full: bool, out: &mut String) -> usize {
    let shown: Vec<&Frame> = trace.shown(full).collect();
    let limit = if full { shown.len() } else { FRAMES };
    for frame in shown.iter().take(limit) {
        let _ = writeln!(out, "        {}", line(frame));
    }
    if shown.len() > limit {
        let _ = writeln!(out, "        and {} more", shown.len() - limit);
    }
    trace.frames.len() - shown.len()
}

/// `bank::pay  src/main.rs:12`, or where the address lies.
fn line(frame: &Frame) -> String {
    let function = frame.function.as_deref().map(|function| escape::text(function).into_owned());
    let place = match (&frame.file, frame.line) {
        (Some(file), 0) => escape::text(file).into_owned(),
        (Some(file), line) => format!("{}:{line}", escape::text(file)),
        (None, _) => address(frame),
    };
    let Some(function) = function else { return place };
    let function = escape::fit(&function, 160);
    let margin = COLUMNS.saturating_sub(escape::width(&function)).max(2);
    format!("{function}{}{place}", " ".repeat(margin))
}

/// `bank+0x1a2b3`: what other tools can look up.
fn address(frame: &Frame) -> String {
    match Path::new(&frame.module).file_name() {
        Some(name) => format!("{}+{:#x}", escape::text(&name.to_string_lossy()), frame.offset),
        None => format!("{:#x}", frame.offset),
    }
}
