//! How the threads of a finding came to ask for what they wait for: in this wait, or when they first did so.

use super::super::View;
use super::frame_lines::{self, Line};
use crate::escape;
use crate::symbols::{Frame, Origin, Trace};
use crate::whose::short_file;
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
        let of_what = match finding.rule {
            RuleId::DATA_RACE | RuleId::LOST_UPDATE | RuleId::CHECK_THEN_ACT => "these accesses",
            _ if of_waits => "these waits",
            _ => "the thread's first such nesting",
        };
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
    rule.is_deadlock()
        || matches!(rule, RuleId::STALL | RuleId::BLOCKING_IN_TASK | RuleId::LONG_WAIT)
}

/// Writes where a thread waits: the program's own frames. Nothing where there are none with names.
pub(super) fn of_wait(trace: &Trace, margin: usize, columns: usize, out: &mut String) {
    let of_user = trace.frames.iter().filter(|frame| frame.origin == Origin::User);
    let of_user: Vec<&Frame> = of_user.collect();
    write_lines(&frame_lines::lines(&of_user), FRAMES, (margin, "in "), columns, out);
}

/// Writes the frames; gives how many were left out as not the user's.
fn stack(trace: &Trace, view: &View<'_>, out: &mut String) -> usize {
    let full = view.full;
    let shown: Vec<&Frame> = trace.shown(full).collect();
    let lines = match full {
        true => shown.iter().map(|frame| Line::Frame(frame)).collect(),
        false => frame_lines::lines(&shown),
    };
    let limit = if full { lines.len() } else { FRAMES };
    write_lines(&lines, limit, (8, ""), view.columns, out);
    if lines.len() > limit {
        let _ = writeln!(out, "        and {} more", lines.len() - limit);
    }
    trace.frames.len() - shown.len()
}

/// Writes so many of the lines, with their places below each other; names are cut where that makes them fit.
fn write_lines(
    lines: &[Line<'_>],
    limit: usize,
    (margin, before): (usize, &str),
    columns: usize,
    out: &mut String,
) {
    let lines = &lines[..limit.min(lines.len())];
    let widest = lines.iter().map(|line| match line {
        Line::Frame(frame) if frame.function.is_some() => escape::width(&place(frame)),
        _ => 0,
    });
    let taken = margin + before.len() + widest.max().unwrap_or(0) + 2;
    let room = columns.saturating_sub(taken).clamp(SHORTEST, 160);
    for shown in lines {
        let _ = match shown {
            Line::Frame(frame) => writeln!(out, "{:margin$}{before}{}", "", line(frame, room)),
            Line::Inside(inside) => writeln!(out, "{:margin$}{inside}", ""),
        };
    }
}

/// `bank::pay  src/main.rs:12`, or where the address lies, with so much room for the name.
fn line(frame: &Frame, room: usize) -> String {
    let Some(function) = frame.function.as_deref() else { return place(frame) };
    let function = fit_path(&escape::text(function), room);
    let margin = COLUMNS.min(room + 2).saturating_sub(escape::width(&function)).max(2);
    format!("{function}{:margin$}{}", "", place(frame))
}

/// A path in so much room: what stands last in it says most.
fn fit_path(path: &str, room: usize) -> String {
    if escape::width(path) <= room {
        return path.to_owned();
    }
    // The line tells which closure it is.
    let path = &path.replace("::{{closure}}", "");
    if escape::width(path) <= room {
        return path.clone();
    }
    let mut depth = 0_usize;
    let ends = path.match_indices(['<', '>', ':']).filter_map(|(at, mark)| {
        match mark {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_end = depth == 0 && mark == ":" && path[at..].starts_with("::");
        is_end.then(|| format!("…{}", &path[at..]))
    });
    let mut shorter = ends.filter(|rest| escape::width(rest) <= room);
    shorter.next().unwrap_or_else(|| escape::fit(path, room))
}

fn place(frame: &Frame) -> String {
    match (&frame.file, frame.line) {
        (Some(file), 0) => escape::text(short_file(file)).into_owned(),
        (Some(file), line) => format!("{}:{line}", escape::text(short_file(file))),
        (None, _) => address(frame),
    }
}

/// `bank+0x1a2b3`: what other tools can look up.
fn address(frame: &Frame) -> String {
    match Path::new(&frame.module).file_name() {
        Some(name) => format!("{}+{:#x}", escape::text(&name.to_string_lossy()), frame.offset),
        None => format!("{:#x}", frame.offset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_path_is_kept() {
        for (path, room, expected) in [
            ("bank::pay", 20, "bank::pay"),
            ("a_long_name_of_a_crate::pay::{{closure}}", 20, "…::pay"),
            ("bank::account::pay::{{closure}}", 20, "bank::account::pay"),
            ("<app::Bank as app::Teller<u8>>::pay", 20, "…::pay"),
            ("rayon::iter::bridge<a::b>::helper", 23, "…::bridge<a::b>::helper"),
            ("one::a_function_of_a_very_long_name", 20, "one::a_function_of_…"),
        ] {
            assert_eq!(fit_path(path, room), expected, "{path}");
        }
    }
}
