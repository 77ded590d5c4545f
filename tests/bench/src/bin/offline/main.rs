//! What reading and checking recordings takes, and how it grows with their size.
//!
//! `cargo run --release --bin offline` prints a table; `-- --write ../../docs` writes the page and its plot.
//! `--events N,N,…` sets the sizes (default 1,000,000, 10,000,000 and 100,000,000 events), `--rounds N` how often each is
//! measured (default 3), `--many N` of how many recordings of 64 MiB one check is measured (default 500, 0 for none).
//!
//! The recordings are made by the runtime in mode `full`, in a process of their own; each measurement is a process of its
//! own as well, which tells its time, its peak of memory and what it read.

mod load;
mod measure;
mod page;
mod plot;

use measure::{Measured, Task};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A file of the runtime holds at most 1 GiB; larger recordings are several files, as of several processes.
const EVENTS_OF_A_FILE: u64 = 50_000_000;

/// Makes a recording of 64 MiB, about.
const EVENTS_OF_64_MIB: u64 = 5_400_000;

/// Different recordings among the many; the others are links to them.
const DISTINCT: usize = 4;

/// What is measured.
#[derive(Clone, Debug)]
struct Settings {
    sizes: Vec<u64>,
    rounds: usize,
    many: usize,
    write: Option<PathBuf>,
}

/// One size.
#[derive(Clone, Debug)]
struct Row {
    files: usize,
    events: u64,
    bytes: u64,
    /// By [`Task`].
    measured: Vec<Measured>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [load::ARGUMENT, events] => {
            load::run(events.parse().unwrap_or(0));
            return ExitCode::SUCCESS;
        }
        [measure::ARGUMENT, task, folder] => return measure::serve(task, Path::new(folder)),
        _ => {}
    }
    let settings = match settings(&words) {
        Ok(settings) => settings,
        Err(problem) => {
            eprintln!(
                "error: {problem}\nusage: offline [--write FOLDER] [--events N,N] [--rounds N] [--many N]"
            );
            return ExitCode::from(2);
        }
    };
    match measured(&settings).and_then(|(rows, many)| show(&settings, &rows, many.as_ref())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn settings(words: &[&str]) -> Result<Settings, String> {
    let sizes = vec![1_000_000, 10_000_000, 100_000_000];
    let mut settings = Settings { sizes, rounds: 3, many: 500, write: None };
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let value = rest.next().ok_or(format!("`{word}` needs a value"))?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| format!("`{text}` is no number"));
        match *word {
            "--events" => {
                settings.sizes = value.split(',').map(number).collect::<Result<_, _>>()?
            }
            "--rounds" => settings.rounds = number(value)?.max(1) as usize,
            "--many" => settings.many = number(value)? as usize,
            "--write" => settings.write = Some(value.into()),
            _ => return Err(format!("unknown argument `{word}`")),
        }
    }
    Ok(settings)
}

fn measured(settings: &Settings) -> io::Result<(Vec<Row>, Option<Row>)> {
    let mut rows = Vec::new();
    for &events in &settings.sizes {
        eprintln!("{events} events …");
        let folder = tempfile::tempdir()?;
        let mut left = events;
        while left > 0 {
            let here = left.min(EVENTS_OF_A_FILE);
            load::record(here, folder.path())?;
            left -= here;
        }
        rows.push(row(folder.path(), &Task::ALL, settings.rounds)?);
    }
    let many = match settings.many {
        0 => None,
        count => {
            eprintln!("{count} recordings …");
            let folder = tempfile::tempdir()?;
            multiply(count, folder.path())?;
            Some(row(folder.path(), &[Task::Check, Task::Report], 1)?)
        }
    };
    Ok((rows, many))
}

fn show(settings: &Settings, rows: &[Row], many: Option<&Row>) -> io::Result<()> {
    let Some(folder) = &settings.write else {
        print!("{}", page::tables(rows, many));
        return Ok(());
    };
    fs::write(folder.join(plot::FILE), plot::draw(rows).map_err(io::Error::other)?)?;
    fs::write(folder.join("benchmarks-offline.md"), page::page(settings, rows, many))
}

fn row(folder: &Path, tasks: &[Task], rounds: usize) -> io::Result<Row> {
    let files = recordings(folder)?;
    let (mut events, mut bytes) = (0, 0);
    for file in &files {
        bytes += fs::metadata(file)?.len();
        let read = syncscope_recording::read_file_with(file, syncscope_recording::Events::None);
        events += read.map_err(io::Error::other)?.totals.events;
    }
    let mut measured = Vec::new();
    for &task in tasks {
        let rounds = (0..rounds).map(|_| measure::measure(task, folder));
        let mut rounds = rounds.collect::<io::Result<Vec<_>>>()?;
        rounds.sort_by_key(|measured| measured.nanoseconds);
        measured.push(rounds[rounds.len() / 2]);
    }
    Ok(Row { files: files.len(), events, bytes, measured })
}

/// The recordings of a folder.
fn recordings(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == syncscope_recording::layout::EXTENSION) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Many recordings, most of them links to a few.
fn multiply(count: usize, folder: &Path) -> io::Result<()> {
    for _ in 0..count.min(DISTINCT) {
        load::record(EVENTS_OF_64_MIB, folder)?;
    }
    let files = recordings(folder)?;
    for number in files.len()..count {
        fs::hard_link(
            &files[number % files.len()],
            folder.join(format!("link-{number}.syncscope")),
        )?;
    }
    Ok(())
}
