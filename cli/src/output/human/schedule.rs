//! The schedule that deadlocks: a column for each thread, time runs down.

use super::super::interleaving::{WIDEST, cell, ends_in, has_cycle, interleaved};
use crate::escape;
use crate::words;
use anstyle::AnsiColor;
use std::fmt::Write;
use syncscope_detector::finding::{Finding, Step};

/// More columns than this are not read side by side any more.
const COLUMNS: usize = 3;
const INDENT: &str = "    ";
const GAP: &str = "   ";

/// The schedule; `None` where there is none to show.
pub(super) fn render(finding: &Finding, labels: &[String], width: usize) -> Option<String> {
    let threads = finding.threads.len();
    if threads == 0 || !has_cycle(finding) {
        return None;
    }
    let order = interleaved(finding);
    let table = (threads <= COLUMNS).then(|| columns(finding, labels, &order));
    // Two columns are read side by side even where they are wider.
    let fits = |table: &String| {
        threads < COLUMNS || table.lines().all(|line| escape::width(line) <= width)
    };
    Some(table.filter(fits).unwrap_or_else(|| list(finding, labels, &order)))
}

fn columns(finding: &Finding, labels: &[String], order: &[(usize, &Step)]) -> String {
    let heads: Vec<String> =
        finding.threads.iter().map(|t| escape::fit(&words::thread(t), WIDEST)).collect();
    let cells: Vec<(usize, String)> = order
        .iter()
        .map(|&(index, step)| (step.thread, cell(finding, labels, index, step)))
        .collect();
    let width = |column: usize| {
        let own = cells.iter().filter(|(thread, _)| *thread == column).map(|(_, cell)| cell);
        own.chain(heads.get(column)).map(|cell| escape::width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut out = String::new();
    row(&mut out, &widths, |column| heads[column].clone());
    row(&mut out, &widths, |column| "-".repeat(widths[column]));
    for (thread, cell) in &cells {
        row(
            &mut out,
            &widths,
            |column| if column == *thread { cell.clone() } else { String::new() },
        );
    }
    let all: usize = widths.iter().sum::<usize>() + GAP.len() * (widths.len() - 1);
    verdict(&mut out, finding, all);
    out
}

fn row(out: &mut String, widths: &[usize], cell: impl Fn(usize) -> String) {
    let mut line = INDENT.to_owned();
    for (column, &width) in widths.iter().enumerate() {
        if column > 0 {
            line.push_str(GAP);
        }
        let cell = cell(column);
        line.push_str(&cell);
        line.push_str(&" ".repeat(width.saturating_sub(escape::width(&cell))));
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

/// For many threads: the same as a list.
fn list(finding: &Finding, labels: &[String], order: &[(usize, &Step)]) -> String {
    let mut out = String::new();
    for &(index, step) in order {
        let who =
            finding.threads.get(step.thread).map_or_else(|| "a thread".to_owned(), words::thread);
        let _ = writeln!(out, "{INDENT}{who}: {}", cell(finding, labels, index, step));
    }
    verdict(&mut out, finding, 0);
    out
}

fn verdict(out: &mut String, finding: &Finding, width: usize) {
    let text = format!("*** {} ***", ends_in(finding));
    let red = AnsiColor::Red.on_default().bold();
    let margin = " ".repeat(width.saturating_sub(text.len()) / 2);
    let _ = writeln!(out, "{INDENT}{margin}{red}{text}{red:#}");
}
