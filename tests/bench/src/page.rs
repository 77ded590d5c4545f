//! The results as Markdown.

use crate::candidates::CANDIDATES;
use crate::cases::CASES;
use crate::driver::{Results, Settings};
use crate::machine::machine;
use std::fmt::Write;

/// The whole page `docs/benchmarks.md`.
pub fn page(settings: &Settings, results: &Results) -> String {
    let mut page = String::from(
        "# Benchmarks\n\n\
         What a lock costs under Syncscope, beside plain std and other tools. Made by one command, in `tests/bench`:\n\n\
         ```text\ncargo run --release -- --markdown > ../../docs/benchmarks.md\n```\n\n",
    );
    let _ = writeln!(
        page,
        "{}. {} rounds of {} ms per case and candidate. Every candidate is a process of its own; all live at once and \
         are measured in turns, so ratios compare numbers of the same moment. Absolute times depend on the machine.\n",
        machine(),
        settings.rounds,
        settings.slice.as_millis(),
    );
    page.push_str(&tables(results));
    page.push_str("\nOne operation is:\n\n");
    for case in CASES {
        let _ = writeln!(page, "- **{}**: {}.", case.name, case.operation);
    }
    page
}

/// The two tables.
pub fn tables(results: &Results) -> String {
    let ratio = |case: usize, candidate: usize| {
        let (own, base) = (&results[case][candidate], &results[case][0]);
        format!("{:.2}", median(own.iter().zip(base).map(|(own, base)| own / base)))
    };
    let time = |case: usize, candidate: usize| {
        let rounds = &results[case][candidate];
        let least = rounds.iter().copied().fold(f64::INFINITY, f64::min);
        format!("{} / {}", nanoseconds(least), nanoseconds(median(rounds.iter().copied())))
    };
    format!(
        "Ratio to std in the same round, median of all rounds:\n\n{}\n\
         Nanoseconds per operation, minimum / median:\n\n{}",
        table(ratio),
        table(time)
    )
}

fn table(cell: impl Fn(usize, usize) -> String) -> String {
    let mut text = String::from("| |");
    for case in CASES {
        let _ = write!(text, " {} |", case.name);
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: |".repeat(CASES.len()));
    text.push('\n');
    for (index, candidate) in CANDIDATES.iter().enumerate() {
        let _ = write!(text, "| {} |", candidate.name);
        for case in 0..CASES.len() {
            let _ = write!(text, " {} |", cell(case, index));
        }
        text.push('\n');
    }
    text
}

fn nanoseconds(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
