//! The price of a lock, as a ratio to std's.
//!
//! `cargo run --release` prints tables; `cargo run --release -- --write ../../docs` writes the page and its plots.
//! Words choose parts: `cargo run --release -- locks`. `--rounds N` sets the number of rounds (default 41), `--slice MS` the
//! length of a measurement (default 4), `--runs N` how often programs are run (default 21).
//!
//! The mode of the runtime belongs to a process, so every candidate (an implementation in a mode) gets a process of
//! its own: this program starts itself once for each. All of them live at once and are asked in turns, one short
//! slice after the other, so that a slow second of the machine hits all alike. Ratios are taken within a round.

mod accesses;
mod bars;
mod candidates;
mod cases;
mod driver;
mod instructions;
mod locks;
mod machine;
mod once;
mod page;
mod plot;
mod programs;
mod races;
mod rare;
mod settings;
mod sizes;
mod statistics;
mod targets;
mod worker;

use page::Results;
use settings::{Part, Settings, USAGE};
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // The swap calls whoever asks for it in the compiler's place.
    if let Some(code) = cargo_syncscope::swap::wrapper::act(&arguments) {
        return ExitCode::from(code);
    }
    if arguments.get(1).is_some_and(|word| word == programs::ARGUMENT) {
        return ExitCode::from(programs::serve(&arguments[2..]));
    }
    let words: Vec<_> = arguments[1..].iter().map(|word| word.to_string_lossy()).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    if let Some(is_done) = serve(&words) {
        return if is_done { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let settings = match Settings::parse(&words) {
        Ok(settings) => settings,
        Err(problem) => {
            eprintln!("error: {problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match measure(&settings).and_then(|results| page::show(&settings, &results)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Is a process that the benchmark has started, if it is one: whether it could do what it was asked for.
fn serve(words: &[&str]) -> Option<bool> {
    match *words {
        [worker::ARGUMENT, name] => {
            let candidate = candidates::find(name);
            candidate.map(worker::serve);
            Some(candidate.is_some())
        }
        [once::ARGUMENT, name, case, count] => {
            let count = count.parse().ok();
            let is_done = candidates::find(name).zip(count);
            Some(is_done.is_some_and(|(candidate, count)| once::serve(candidate, case, count)))
        }
        [accesses::ARGUMENT, rounds, slice] => {
            let numbers = rounds.parse().ok().zip(slice.parse().ok());
            if let Some((rounds, slice)) = numbers {
                accesses::serve(rounds, Duration::from_millis(slice));
            }
            Some(numbers.is_some())
        }
        _ => None,
    }
}

fn measure(settings: &Settings) -> io::Result<Results> {
    let mut results = Results::default();
    if settings.wants(Part::Locks) {
        results.locks = Some(driver::measure(settings)?);
    }
    if settings.wants(Part::Accesses) {
        results.accesses = Some(accesses::table(settings.rounds, settings.slice)?);
    }
    if settings.wants(Part::Sizes) {
        results.growth = Some(sizes::growth()?);
    }
    if settings.wants(Part::Instructions) {
        results.instructions = instructions::count()?;
    }
    if settings.wants(Part::Programs) {
        results.programs = Some(programs::measure(settings)?);
    }
    if settings.wants(Part::Races) {
        results.races = Some(races::measure(settings)?);
    }
    if settings.wants(Part::Rare) {
        results.rare = Some(rare::measure()?);
    }
    Ok(results)
}
