//! The end of a report: what was lost, what could not be read, what the program returned, and the verdict.

use super::super::View;
use crate::escape;
use crate::output::Repository;
use crate::policy::Remark;
use crate::words;
use anstyle::{AnsiColor, Style};
use std::fmt::Write;
use syncscope_detector::Level;

/// How many damaged places are listed for a recording.
const DAMAGE_LISTED: usize = 3;

/// Writes it.
pub(in crate::output) fn closing(view: &View<'_>, out: &mut String) {
    remarks(view, out);
    unreadable(view, out);
    if !view.quiet {
        unseen(view, out);
        losses(view, out);
        extent(view, out);
        program(view, out);
    }
    verdict(view, out);
}

/// What is wrong with the policy.
fn remarks(view: &View<'_>, out: &mut String) {
    for remark in &view.judged.remarks {
        let (word, colour) = match remark.level {
            Level::Deny => ("error", AnsiColor::BrightRed),
            Level::Warn | Level::Allow => ("warning", AnsiColor::Yellow),
        };
        let style = colour.on_default().bold();
        let place = remark_place(remark, view.repository);
        let (rule, message) = (remark.rule.name, &remark.message);
        let _ = writeln!(out, "{style}{word}[{rule}]{style:#}: {place}: {message}");
    }
}

/// Where a remark points, for people.
fn remark_place(remark: &Remark, repository: &Repository) -> String {
    let file = remark.file.display().to_string();
    let file = repository.path(&file).unwrap_or(file);
    format!("{}:{}", escape::text(&file), remark.line)
}

/// Accepted findings that may be gone.
fn unseen(view: &View<'_>, out: &mut String) {
    if view.judged.unseen > 0 && !view.nothing_checked {
        let note = AnsiColor::Green.on_default().bold();
        let unseen = view.judged.unseen as u64;
        let count = words::count(unseen, "accepted finding was", "accepted findings were");
        let _ = writeln!(
            out,
            "{note}note{note:#}: {count} not seen; `cargo syncscope baseline prune` drops what is gone"
        );
    }
}

fn unreadable(view: &View<'_>, out: &mut String) {
    let error = AnsiColor::BrightRed.on_default().bold();
    for file in &view.recordings.unreadable {
        let (path, message) = (escape::text(&file.path), escape::text(&file.message));
        let _ = writeln!(out, "{error}error{error:#}: cannot read `{path}`: {message}");
    }
}

fn losses(view: &View<'_>, out: &mut String) {
    let note = AnsiColor::Green.on_default().bold();
    for recording in &view.recordings.readable {
        let damage: Vec<&str> = recording.lost.all_damage().collect();
        for line in damage.iter().take(DAMAGE_LISTED) {
            let (path, line) = (escape::text(&recording.source), escape::text(line));
            let _ = writeln!(out, "{note}note{note:#}: `{path}` is damaged: {line}");
        }
        if damage.len() > DAMAGE_LISTED {
            let more = damage.len() - DAMAGE_LISTED;
            let _ = writeln!(out, "{note}note{note:#}: and {more} more damaged places");
        }
    }
    for loss in &view.analysis.coverage.losses {
        let _ = writeln!(out, "{note}note{note:#}: {}", escape::text(loss));
    }
}

/// What no finding can be about.
fn extent(view: &View<'_>, out: &mut String) {
    let note = AnsiColor::Green.on_default().bold();
    if view.recordings.repeated > 0 {
        let repeated = view.recordings.repeated as u64;
        let count = words::count(repeated, "recording is", "recordings are");
        let _ = writeln!(
            out,
            "{note}note{note:#}: {count} of a process that another one is of, too, and left out"
        );
    }
    let extent = view.extent;
    // The names are enough here; what of each is not recorded is in the JSON report, too.
    let package = |line: &String| escape::text(line.split(':').next().unwrap_or(line)).into_owned();
    let not_seen: Vec<String> = extent.not_seen.iter().map(package).collect();
    if !not_seen.is_empty() {
        let _ = writeln!(
            out,
            "{note}note{note:#}: not recorded in full, if it is used: {}; `cargo syncscope doctor` tells what",
            words::and(&not_seen)
        );
    }
    for said in &extent.notes {
        let _ = writeln!(out, "{note}note{note:#}: {}", escape::text(said));
    }
    // Where nothing was checked, nothing was missed by it.
    if extent.foreign_threads > 0 && !view.nothing_checked {
        let count = words::count(
            extent.foreign_threads,
            "thread was started by code that is not recorded, so what orders it",
            "threads were started by code that is not recorded, so what orders them",
        );
        let _ = writeln!(out, "{note}note{note:#}: {count} is not known");
    }
}

fn program(view: &View<'_>, out: &mut String) {
    let Some(program) = view.program else { return };
    let name = program.command.first().map_or("", String::as_str);
    let how = match (program.ended.code, program.ended.signal) {
        (Some(0), _) => return,
        (Some(code), _) => format!("ended with code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "ended".to_owned(),
    };
    let note = AnsiColor::Green.on_default().bold();
    let _ = writeln!(out, "{note}note{note:#}: `{}` {how}", escape::name(name));
}

fn verdict(view: &View<'_>, out: &mut String) {
    let findings = view.analysis.findings.len();
    let coverage = words::coverage(&view.analysis.coverage);
    let Some((word, colour)) = word(view) else { return };
    let style = colour.on_default().bold();
    if view.nothing_checked {
        if view.program.is_none() || !view.quiet {
            let why = nothing(view);
            let _ = writeln!(out, "{style}{word}{style:#}: {why}");
        }
        return;
    }
    let mut counted = words::count(findings as u64, "finding", "findings");
    let of = |level: Level| match view.count(level) {
        0 => None,
        n => Some(format!("{n} {}", level.name())),
    };
    let by = |name: &str, word: &str| {
        let suppressed = view.judged.suppressed.iter().filter(|one| one.by.name() == name);
        match suppressed.count() {
            // Those that are shown are counted by their level.
            _ if view.shows_suppressed => None,
            0 => None,
            n => Some(format!("{n} {word}")),
        }
    };
    let suppressed = [("level", "silenced"), ("allow", "allowed"), ("baseline", "accepted")];
    let suppressed = suppressed.into_iter().filter_map(|(name, word)| by(name, word));
    let levels = [Level::Deny, Level::Warn, Level::Allow].into_iter().filter_map(of);
    let levels: Vec<String> = levels.chain(suppressed).collect();
    if !levels.is_empty() {
        counted.push_str(&format!(" ({})", levels.join(", ")));
    }
    if !view.schedules.is_empty() {
        let failing = view.schedules.len() as u64;
        counted.push_str(&format!(
            ", {}",
            words::count(failing, "failing schedule", "failing schedules")
        ));
    }
    let bold = Style::new().bold();
    let lost = match view.lost {
        [] => String::new(),
        lost => format!("; lost: {}", words::and(lost)),
    };
    let _ = writeln!(out, "{style}{word}{style:#}: {coverage}, {bold}{counted}{bold:#}{lost}");
}

/// How it ended, in a word; `None` where nobody wants to know.
fn word(view: &View<'_>) -> Option<(&'static str, AnsiColor)> {
    let checked = !view.nothing_checked;
    let tests_failed = view.program.is_some_and(|program| program.ended.code != Some(0));
    Some(if checked && view.is_denied() {
        ("failed", AnsiColor::BrightRed)
    } else if checked && (view.lost_is_denied || !view.recordings.unreadable.is_empty()) {
        ("incomplete", AnsiColor::BrightRed)
    } else if checked && view.quiet {
        return None;
    } else if view.is_interrupted() {
        // What it had not done yet was not seen.
        ("interrupted", AnsiColor::Yellow)
    } else if !checked {
        ("nothing checked", AnsiColor::Yellow)
    } else if !view.lost.is_empty() {
        // Nothing of what was seen fails; but not all was.
        ("incomplete", AnsiColor::Yellow)
    } else if tests_failed && matches!(view.command, "test" | "nextest" | "bench") {
        ("tests failed", AnsiColor::Yellow)
    } else if view.program.is_some_and(|program| program.ended.signal.is_some()) {
        ("crashed", AnsiColor::Yellow)
    } else {
        ("ok", AnsiColor::Green)
    })
}

/// Why there was nothing, and what to do.
fn nothing(view: &View<'_>) -> String {
    let recorded = !view.recordings.readable.is_empty();
    if !view.recordings.unreadable.is_empty() {
        "no recording could be read".to_owned()
    } else if recorded {
        "no lock was used in what was recorded".to_owned()
    } else if view.program.is_some_and(|program| program.swapped) {
        "nothing was recorded: no lock or thread of std was used".to_owned()
    } else if view.program.is_some() {
        "nothing was recorded; does the program use `instrumented-sync` with the feature `instrument`?"
            .to_owned()
    } else {
        "there is no recording; `cargo syncscope run` makes one".to_owned()
    }
}
