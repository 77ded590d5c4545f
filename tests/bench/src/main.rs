//! The price of a lock, as a ratio to std's.
//!
//! `cargo run --release` prints a table; `cargo run --release -- --markdown > ../../docs/benchmarks.md` writes the page.
//! `--rounds N` sets the number of rounds (default 41), `--slice MS` the length of a measurement (default 4).
//!
//! The mode of the runtime belongs to a process, so every candidate (an implementation in a mode) gets a process of
//! its own: this program starts itself once for each. All of them live at once and are asked in turns, one short
//! slice after the other, so that a slow second of the machine hits all alike. Ratios are taken within a round.

mod accesses;
mod candidates;
mod cases;
mod driver;
mod locks;
mod machine;
mod page;
mod worker;

use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["--worker", name] = words[..] {
        worker::serve(name);
        return ExitCode::SUCCESS;
    }
    if let [accesses::ARGUMENT, rounds, slice] = words[..]
        && let (Ok(rounds), Ok(slice)) = (rounds.parse(), slice.parse())
    {
        accesses::serve(rounds, Duration::from_millis(slice));
        return ExitCode::SUCCESS;
    }
    let mut settings = driver::Settings { rounds: 41, slice: Duration::from_millis(4) };
    let mut markdown = false;
    let mut rest = words.into_iter();
    while let Some(word) = rest.next() {
        let number =
            |value: Option<&str>| value.and_then(|text| text.parse().ok()).filter(|n| *n > 0);
        match word {
            "--markdown" => markdown = true,
            "--rounds" => match number(rest.next()) {
                Some(rounds) => settings.rounds = rounds,
                None => return usage("--rounds needs a number above 0"),
            },
            "--slice" => match number(rest.next()) {
                Some(milliseconds) => settings.slice = Duration::from_millis(milliseconds as u64),
                None => return usage("--slice needs milliseconds above 0"),
            },
            _ => return usage(&format!("unknown argument `{word}`")),
        }
    }
    let measured = driver::measure(&settings)
        .and_then(|results| Ok((results, accesses::table(settings.rounds, settings.slice)?)));
    match measured {
        Ok((results, accesses)) if markdown => {
            print!("{}{accesses}", page::page(&settings, &results));
        }
        Ok((results, accesses)) => print!("{}{accesses}", page::tables(&results)),
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("error: {problem}\nusage: syncscope-bench [--markdown] [--rounds N] [--slice MS]");
    ExitCode::from(2)
}
