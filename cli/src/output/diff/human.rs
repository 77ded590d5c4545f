//! A comparison for people.

use super::super::location;
use super::compared::Compared;
use crate::compare::{ChangedWait, Order, WaitSums};
use crate::escape;
use crate::words;
use anstyle::{AnsiColor, Style};
use std::fmt::Write;
use syncscope_detector::{Finding, Level};

/// How many lines there are in a section.
const LISTED: usize = 50;

const BOLD: Style = Style::new().bold();

pub(super) fn render(compared: &Compared<'_>) -> String {
    let mut out = String::new();
    let difference = compared.difference;
    section(&mut out, "new findings", &difference.new_findings, |one| finding(one));
    section(&mut out, "gone findings", &difference.gone_findings, |one| finding(one));
    section(&mut out, "new orders", &difference.new_orders, order);
    section(&mut out, "gone orders", &difference.gone_orders, order);
    if let Some(waits) = &difference.waits {
        section(&mut out, "changed waits", waits, |one| wait(one, ["wait", "waits"]));
    }
    if let Some(holds) = &difference.holds {
        section(&mut out, "changed holds", holds, |one| wait(one, ["hold", "holds"]));
    }
    notes(compared, &mut out);
    verdict(compared, &mut out);
    out
}

fn section<T>(out: &mut String, title: &str, items: &[T], line: impl Fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(out, "{BOLD}{title}{BOLD:#}");
    for item in items.iter().take(LISTED) {
        let _ = writeln!(out, "{}", line(item));
    }
    if items.len() > LISTED {
        let _ = writeln!(out, "  and {} more", words::number((items.len() - LISTED) as u64));
    }
    out.push('\n');
}

fn finding(finding: &Finding) -> String {
    let (word, colour) = match finding.level {
        Level::Deny => ("error", AnsiColor::BrightRed),
        Level::Warn => ("warning", AnsiColor::Yellow),
        Level::Allow => ("note", AnsiColor::Green),
    };
    let style = colour.on_default().bold();
    let place = location::primary(finding).map(words::place);
    let place = place.map_or_else(String::new, |place| format!("\n      at {place}"));
    format!(
        "  {style}{word}[{}]{style:#}: {} ({}, {}){place}",
        finding.rule.name(),
        words::headline(finding),
        finding.grade.name(),
        finding.fingerprint,
    )
}

fn order(order: &Order) -> String {
    format!(
        "  `{}` before `{}`: {} by {}\n      held at {}, taken at {}",
        order.held,
        order.wanted,
        words::times(order.count),
        words::count(order.threads, "thread", "threads"),
        words::place(&order.held_at),
        words::place(&order.wanted_at),
    )
}

fn wait(wait: &ChangedWait, [one, many]: [&str; 2]) -> String {
    let percentile = |name: &str, seconds: Option<f64>| {
        seconds.map_or_else(String::new, |time| format!(", {name} {}", words::seconds(time)))
    };
    let sums = |sums: &WaitSums| match sums.count {
        0 => format!("no {one}"),
        n => format!(
            "{}, {} together, {} at most{}{}",
            words::count(n, one, many),
            words::seconds(sums.total),
            words::seconds(sums.longest),
            percentile("p50", sums.median),
            percentile("p99", sums.p99),
        ),
    };
    format!("  `{}`: {} -> {}", wait.lock, sums(&wait.old), sums(&wait.new))
}

fn notes(compared: &Compared<'_>, out: &mut String) {
    let error = AnsiColor::BrightRed.on_default().bold();
    for side in [&compared.old, &compared.new] {
        for file in &side.recordings.unreadable {
            let (path, message) = (escape::text(&file.path), escape::text(&file.message));
            let _ = writeln!(out, "{error}error{error:#}: cannot read `{path}`: {message}");
        }
    }
    if compared.quiet {
        return;
    }
    let note = AnsiColor::Green.on_default().bold();
    for (side, name) in [(&compared.old, "OLD"), (&compared.new, "NEW")] {
        if let Some(first) = side.changed_sources.first() {
            let help = match name {
                "OLD" => "; `--old-sources` names a folder with the sources of then",
                _ => "",
            };
            let _ = writeln!(
                out,
                "{note}note{note:#}: {} after {name} was recorded (`{}`), so what is the same there may look new and gone{help}",
                words::count(
                    side.changed_sources.len() as u64,
                    "source file was changed",
                    "source files were changed"
                ),
                escape::name(first),
            );
        }
        for loss in &side.coverage.losses {
            let _ = writeln!(out, "{note}note{note:#}: {name}: {}", escape::text(loss));
        }
    }
    if compared.difference.waits.is_none() && !compared.old.is_empty && !compared.new.is_empty {
        let _ = writeln!(
            out,
            "{note}note{note:#}: waits are not compared: one of the two has measured none, and kept no events"
        );
    }
}

fn verdict(compared: &Compared<'_>, out: &mut String) {
    let nothing = AnsiColor::Yellow.on_default().bold();
    for (side, name) in [(&compared.old, "OLD"), (&compared.new, "NEW")] {
        if side.is_empty {
            let _ = writeln!(out, "{nothing}nothing compared{nothing:#}: {name} has no lock in it");
            return;
        }
    }
    let difference = compared.difference;
    let denied = difference.new_findings.iter().any(|finding| finding.level == Level::Deny);
    let (word, colour) = match difference.is_empty() {
        _ if denied => ("failed", AnsiColor::BrightRed),
        true => ("same", AnsiColor::Green),
        false => ("differs", AnsiColor::Green),
    };
    if compared.quiet && !denied {
        return;
    }
    let style = colour.on_default().bold();
    let counts = [
        (difference.new_findings.len(), "new finding", "new findings"),
        (difference.gone_findings.len(), "gone finding", "gone findings"),
        (difference.new_orders.len(), "new order", "new orders"),
        (difference.gone_orders.len(), "gone order", "gone orders"),
    ];
    let counts = counts.map(|(n, one, many)| words::count(n as u64, one, many)).join(", ");
    let _ = writeln!(
        out,
        "{style}{word}{style:#}: {counts}\n  OLD: {}\n  NEW: {}",
        words::coverage(compared.old.coverage),
        words::coverage(compared.new.coverage),
    );
}
