//! How the threads of a finding came to ask for what they wait for: in this wait, or when they first did so.

use super::super::View;
use crate::escape;
use crate::symbols::{Frame, Origin, Trace};
use crate::words;
use anstyle::Style;
use std::fmt::Write;
use std::path::Path;
use syncscope_detector::Finding;
use syncscope_detector::finding::RuleId;

/// How many frames are shown of a stack.
const FRAMES: usize = 12;

/// Where the places stand in a wide terminal, and how much a name is not cut below.
const COLUMNS: usize = 60;
const SHORTEST: usize = 20;

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
        hidden += stack(&trace, view, &mut text);
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
fn is_of_waits(rule: RuleId) -> bool {
    matches!(rule, RuleId::DEADLOCK | RuleId::SELF_DEADLOCK | RuleId::STALL | RuleId::LONG_WAIT)
}

/// Writes where a thread waits: the program's own frames. Nothing where there are none with names.
pub(super) fn of_wait(trace: &Trace, margin: usize, columns: usize, out: &mut String) {
    let of_user = trace.frames.iter().filter(|frame| frame.origin == Origin::User);
    for frame in of_user.take(FRAMES) {
        let _ =
            writeln!(out, "{:margin$}in {}", "", line(frame, columns.saturating_sub(margin + 3)));
    }
}

/// Writes the frames; gives how many were left out as not the user's.
fn stack(trace: &Trace, view: &View<'_>, out: &mut String) -> usize {
    let full = view.full;
    let shown: Vec<&Frame> = trace.shown(full).collect();
    let limit = if full { shown.len() } else { FRAMES };
    for frame in shown.iter().take(limit) {
        let _ = writeln!(out, "        {}", line(frame, view.columns.saturating_sub(8)));
    }
    if shown.len() > limit {
        let _ = writeln!(out, "        and {} more", shown.len() - limit);
    }
    trace.frames.len() - shown.len()
}

/// `bank::pay  src/main.rs:12`, or where the address lies, in so many columns where a name can be cut for that.
fn line(frame: &Frame, columns: usize) -> String {
    let function = frame.function.as_deref().map(|function| escape::text(function).into_owned());
    let place = match (&frame.file, frame.line) {
        (Some(file), 0) => escape::text(file).into_owned(),
        (Some(file), line) => format!("{}:{line}", escape::text(file)),
        (None, _) => address(frame),
    };
    let Some(function) = function else { return place };
    let room = columns.saturating_sub(escape::width(&place) + 2).clamp(SHORTEST, 160);
    let function = escape::fit(&function, room);
    let margin = COLUMNS.min(room + 2).saturating_sub(escape::width(&function)).max(2);
    format!("{function}{:margin$}{place}", "")
}

/// `bank+0x1a2b3`: what other tools can look up.
fn address(frame: &Frame) -> String {
    match Path::new(&frame.module).file_name() {
        Some(name) => format!("{}+{:#x}", escape::text(&name.to_string_lossy()), frame.offset),
        None => format!("{:#x}", frame.offset),
    }
}
