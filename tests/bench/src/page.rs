//! The results as Markdown.

use crate::candidates::CANDIDATES;
use crate::cases::CASES;
use crate::machine::machine;
use crate::programs::{MODES, Row};
use crate::races;
use crate::rare;
use crate::settings::Settings;
use crate::sizes::{self, Growth};
use crate::statistics::{Ratio, least, median};
use crate::{driver, instructions, plot, targets};
use std::fmt::{Display, Write};
use std::io;

/// Whatever was measured.
#[derive(Clone, Debug, Default)]
pub struct Results {
    pub locks: Option<driver::Results>,
    pub accesses: Option<String>,
    pub growth: Option<Vec<Growth>>,
    pub instructions: Option<Vec<instructions::Row>>,
    pub programs: Option<Vec<Row>>,
    pub races: Option<Vec<races::Row>>,
    pub rare: Option<Vec<rare::Row>>,
}

/// Prints the tables, or writes the page and its plots.
///
/// # Errors
///
/// When a file cannot be written.
pub fn show(settings: &Settings, results: &Results) -> io::Result<()> {
    let Some(folder) = &settings.write else {
        print!("{}", sections(settings, results, &[]));
        return Ok(());
    };
    let plots = plot::write(folder, results)?;
    let mut page = String::from(
        "# Benchmarks\n\n\
         What a lock costs under Syncscope, beside plain std and other tools. One command, run in `tests/bench`, makes this \
         page and its plots ([CONTRIBUTING.md](../CONTRIBUTING.md) lists more commands):\n\n\
         ```text\ncargo run --release -- --write ../../docs\n```\n\n",
    );
    let _ = writeln!(page, "{}. Absolute times depend on the machine.\n", machine());
    page.push_str(&sections(settings, results, &plots));
    std::fs::write(folder.join("benchmarks.md"), page)
}

fn sections(settings: &Settings, results: &Results, plots: &[plot::Plot]) -> String {
    let mut text = String::new();
    let targets = targets::table(results);
    let _ = writeln!(
        text,
        "## Targets\n\nRatios to std: the median of the rounds' ratios, and the ratio of the least times, which are the \
         least disturbed ones. Without the feature `instrument` the drop-in is std itself and costs nothing: the tests of \
         `instrumented-sync` compare the types.\n\n{targets}"
    );
    if let Some(results) = &results.locks {
        locks(&mut text, settings, results, plots);
    }
    if let Some(rows) = &results.instructions {
        instructions(&mut text, rows);
    }
    if let Some(rows) = &results.races {
        races(&mut text, settings, rows);
    }
    if let Some(rows) = &results.rare {
        rare(&mut text, rows);
    }
    if let Some(rows) = &results.programs {
        programs(&mut text, settings, rows, plots);
    }
    if let Some(growth) = &results.growth {
        bytes(&mut text, growth);
    }
    if let Some(accesses) = &results.accesses {
        let _ = write!(text, "## Tracked accesses\n{accesses}");
    }
    text
}

fn locks(text: &mut String, settings: &Settings, results: &driver::Results, plots: &[plot::Plot]) {
    let _ = writeln!(
        text,
        "## Locks\n\n{} rounds of {} ms per case and candidate. Every candidate is a process of its own. All of them live at \
         once and are measured in turns, so ratios compare numbers of the same moment. Before each measurement the candidate \
         runs as long without being measured, to fill the caches. `off`, `order`, `ring` and `full` are modes of Syncscope. A \
         dash means that the candidate has no such thing, or (`no_deadlocks`) would take too long, as it looks through all locks \
         at each call. `parking_lot` is version 0.12; with its detector it is 0.13, so that both fit into one program.\n",
        settings.rounds,
        settings.slice.as_millis(),
    );
    plot::link(text, plots, plot::LOCKS);
    let names = CANDIDATES.map(|candidate| candidate.name);
    let of = |cell: &dyn Fn(usize, usize) -> Option<String>| {
        let rows = (0..CASES.len()).map(|case| {
            let cells = (0..names.len()).map(|candidate| cell(case, candidate));
            (CASES[case].name, cells.map(|cell| cell.unwrap_or_else(|| "–".to_owned())).collect())
        });
        table(&names, rows)
    };
    let ratio = |case: usize, candidate: usize| {
        let ratio = Ratio::of(&results[case][candidate], &results[case][0])?;
        Some(format!("{:.2}", ratio.median))
    };
    let minima = |case: usize, candidate: usize| {
        let ratio = Ratio::of(&results[case][candidate], &results[case][0])?;
        Some(format!("{:.2}", ratio.of_minima))
    };
    let time = |case: usize, candidate: usize| {
        let rounds = &results[case][candidate];
        let median = nanoseconds(median(rounds.iter().copied()));
        (!rounds.is_empty()).then(|| format!("{} / {median}", nanoseconds(least(rounds))))
    };
    let _ = writeln!(
        text,
        "Ratio to std in the same round, median of all rounds:\n\n{}\nRatio of the least times:\n\n{}\n\
         Nanoseconds per operation, minimum / median:\n\n{}\nOne operation is:\n",
        of(&ratio),
        of(&minima),
        of(&time)
    );
    for case in CASES {
        let _ = writeln!(text, "- **{}**: {}.", case.name, case.operation);
    }
    text.push('\n');
}

fn instructions(text: &mut String, rows: &[instructions::Row]) {
    text.push_str(
        "## Instructions\n\nPer operation, counted by valgrind (callgrind) as the difference of two runs. A process that locks \
         very often takes the time from a *beat* and not from the clock. `clock` means that the beat did not start, since \
         valgrind is slow, and that each lock read the clock: one instruction here, which takes as long as dozens.\n\n",
    );
    let names: Vec<&str> = instructions::candidates().map(|candidate| candidate.name).collect();
    let rows = rows.iter().map(|row| {
        let cell = |(index, count): (usize, &instructions::Count)| {
            // std has no clock, and neither has `off`.
            let reads_clock = index > 1 && !count.has_beat;
            let note = if reads_clock { " (clock)" } else { "" };
            format!("{:.1}{note}", count.instructions)
        };
        (row.name, row.counts.iter().enumerate().map(cell).collect())
    });
    let _ = writeln!(text, "{}", table(&names, rows));
}

fn races(text: &mut String, settings: &Settings, rows: &[races::Row]) {
    let _ = writeln!(
        text,
        "## Check of all accesses\n\nKernels (`tests/bench/kernels`) with `--races` and with this compiler's ThreadSanitizer, std not rebuilt: times and \
         memory as multiples of the plain program's, medians of {} rounds in which each ran once.\n",
        settings.runs
    );
    let _ = writeln!(
        text,
        "| | plain, ms | {0} | {1} | memory, {0} | {1} |",
        races::CHECKS[0],
        races::CHECKS[1]
    );
    let _ = writeln!(text, "| --- | ---: | ---: | ---: | ---: | ---: |");
    for row in rows {
        let ([theirs, ours], [their_memory, our_memory]) = (row.times, row.memory);
        let _ = writeln!(
            text,
            "| {} | {:.0} | {theirs:.1} | {ours:.1} | {their_memory:.1} | {our_memory:.1} |",
            row.name, row.milliseconds
        );
    }
    let [theirs, ours] = [0, 1].map(|check| races::mean(rows, check));
    let _ = writeln!(text, "| geometric mean | | {theirs:.1} | {ours:.1} | | |\n");
}

fn rare(text: &mut String, rows: &[rare::Row]) {
    let _ = writeln!(
        text,
        "## Bugs that few schedules show\n\nDeadlocks, lost wake-ups, atomicity and order violations of some ten lines (`tests/bench/rare`): how many of {} plain \
         runs fail, and which schedule is the first that fails, with the seconds until then. `explore` runs the program as it is, a process for each \
         schedule, and has at most {} of them, as shuttle's checks have; with loom all schedules are tried that have at most three switches which need not be, for a minute. Shuttle and loom run the \
         same code with their types in place of std's, in one process. A dash: not found.\n",
        rare::RUNS,
        rare::SCHEDULES
    );
    let cells = |row: &rare::Row| {
        let check = |check: rare::Check| match check.is_found {
            true => format!("{}, {:.2} s", check.schedules, check.seconds),
            false => "–".to_owned(),
        };
        std::iter::once(row.plain.to_string()).chain(row.checks.map(check)).collect()
    };
    let names: Vec<_> = std::iter::once("plain").chain(rare::CHECKS).collect();
    let rows = rows.iter().map(|row| (row.name.as_str(), cells(row)));
    let _ = writeln!(text, "{}", table(&names, rows));
}

fn programs(text: &mut String, settings: &Settings, rows: &[Row], plots: &[plot::Plot]) {
    let _ = writeln!(
        text,
        "## Programs\n\nWorkloads on top of well-known crates (`tests/bench/programs`), built as they are and with \
         `cargo syncscope build --release`; nothing is edited. {} rounds, in turns. Ratios to plain std, median of the \
         rounds / of the least: of the time from a process's start to its end, and of the time that processors were busy with \
         it, which depends less on who else wants the machine.\n",
        settings.runs,
    );
    plot::link(text, plots, plot::PROGRAMS);
    let ratio = |ratio: &Ratio| format!("{:.2} / {:.2}", ratio.median, ratio.of_minima);
    let cells = |row: &Row| {
        let pairs = row.ratios.iter().zip(&row.busy);
        let ratios = pairs.flat_map(|(passed, busy)| [ratio(passed), ratio(busy)]);
        [format!("{:.0}", row.milliseconds)].into_iter().chain(ratios).collect()
    };
    let mut names = vec!["plain, ms".to_owned()];
    names.extend(MODES.iter().flat_map(|mode| [(*mode).to_owned(), format!("{mode}, busy")]));
    let _ =
        writeln!(text, "{}", table(&names, rows.iter().map(|row| (row.name.as_str(), cells(row)))));
}

fn bytes(text: &mut String, growth: &[Growth]) {
    text.push_str("## Bytes\n\nSizes of the types, around a `u64` where they hold something:\n\n");
    let sizes = sizes::sizes();
    let rows = sizes.iter().map(|size| {
        let cells = [size.std, size.ours, size.ours - size.std].map(|number| number.to_string());
        (size.name, cells.to_vec())
    });
    let _ = writeln!(text, "{}", table(&["std", "ours", "beyond"], rows));
    text.push_str("By how much the recording grows with an event, in mode `full`:\n\n");
    let rows = growth.iter().map(|row| (row.name, vec![format!("{:.2}", row.bytes_per_event)]));
    let _ = writeln!(text, "{}", table(&["bytes per event"], rows));
}

fn table<'a>(
    names: &[impl Display],
    rows: impl IntoIterator<Item = (&'a str, Vec<String>)>,
) -> String {
    let mut text = String::from("| |");
    for name in names {
        let _ = write!(text, " {name} |");
    }
    text.push_str("\n| --- |");
    text.push_str(&" ---: |".repeat(names.len()));
    text.push('\n');
    for (name, cells) in rows {
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }
    text
}

fn nanoseconds(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}
