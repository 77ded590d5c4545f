//! The results as Markdown.

use super::measure::{Measured, Task};
use super::{Row, Settings, plot};
use std::fmt::Write;

#[path = "../../machine.rs"]
mod machine;

/// The whole page `docs/benchmarks-offline.md`.
pub fn page(settings: &Settings, rows: &[Row], many: Option<&Row>) -> String {
    format!(
        "# Benchmarks of reading\n\n\
         What reading and checking recordings takes, and how it grows. One command, run in `tests/bench`, makes this page:\n\n\
         ```text\ncargo run --release --bin offline -- --write ../../docs\n```\n\n\
         {}. The recordings are made in mode `full`, which keeps every event; those above 50 million events are several \
         files, since a file holds at most 1 GiB. Median of {} rounds, each in a process of its own, the files in the \
         system's cache. Seconds are those on a processor, the kernel's included; one core.\n\n\
         ![Lines: seconds by events, for each task]({})\n\n{}",
        machine::machine(),
        settings.rounds,
        plot::FILE,
        tables(rows, many)
    )
}

/// All tables.
pub fn tables(rows: &[Row], many: Option<&Row>) -> String {
    let mut text = String::from("| events | files | bytes | bytes per event |");
    text.push_str("\n| ---: | ---: | ---: | ---: |\n");
    for row in rows {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.2} |",
            grouped(row.events),
            row.files,
            mebibytes(row.bytes),
            row.bytes as f64 / row.events as f64
        );
    }
    for (index, task) in Task::ALL.into_iter().enumerate() {
        let _ = write!(
            text,
            "\n**{}**: {}.\n\n| events | seconds | million events per second | peak memory | read |\n\
             | ---: | ---: | ---: | ---: | ---: |\n",
            task.name(),
            meaning(task)
        );
        for row in rows {
            let Some(measured) = row.measured.get(index) else { continue };
            let _ = writeln!(text, "| {} |{}", grouped(row.events), cells(row, measured));
        }
    }
    if let Some(many) = many {
        let _ = write!(
            text,
            "\n**{} recordings** of 64 MiB, {} in all, together (most are links to a few):\n\n\
             | command | seconds | million events per second | peak memory | read |\n\
             | --- | ---: | ---: | ---: | ---: |\n",
            many.files,
            mebibytes(many.bytes)
        );
        for (task, measured) in Task::ALL.iter().zip(&many.measured) {
            let _ = writeln!(text, "| {} |{}", task.name(), cells(many, measured));
        }
    }
    text
}

fn meaning(task: Task) -> &'static str {
    match task {
        Task::Check => "reads, merges and judges; no finding rests on events, so they are not read",
        Task::Report => "the same, and the state at the end with the last events, which are read",
        Task::Events => "every event read into memory, one file after the other",
    }
}

fn cells(row: &Row, measured: &Measured) -> String {
    let seconds = measured.nanoseconds as f64 / 1e9;
    format!(
        " {seconds:.3} | {:.1} | {} | {} |",
        row.events as f64 / seconds / 1e6,
        mebibytes(measured.peak),
        mebibytes(measured.read)
    )
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
