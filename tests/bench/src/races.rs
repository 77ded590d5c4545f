//! The price of the check of all accesses, beside ThreadSanitizer's: kernels of loads and stores, built as they are, for ThreadSanitizer and with `--races`.
//!
//! ThreadSanitizer is the one of this compiler, with std as it comes, so without a rebuilt one.

use crate::programs::{ARGUMENT, newest, output};
use crate::settings::Settings;
use crate::statistics::median;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the kernels.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kernels");

const BINARY: &str = "syncscope-bench-kernels";

/// What a run with plain std is compared with.
pub const CHECKS: [&str; 2] = ["ThreadSanitizer", "`--races`"];

/// One kernel.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    /// Median time without a check, in milliseconds.
    pub milliseconds: f64,
    /// Medians of the rounds' ratios, by [`CHECKS`].
    pub times: [f64; 2],
    /// The same of the most memory.
    pub memory: [f64; 2],
}

/// Of one run: milliseconds and KiB.
type Run = (f64, f64);

/// Builds and measures, in turns.
///
/// # Errors
///
/// When a kernel cannot be built or fails.
pub fn measure(settings: &Settings) -> io::Result<Vec<Row>> {
    eprintln!("races, compiled …");
    let programs = [plain()?, sanitized()?, checked()?];
    let names = output(&mut Command::new(&programs[0]))?.stdout;
    let names = String::from_utf8_lossy(&names).into_owned();
    names.lines().map(|name| row(name, &programs, settings.runs)).collect()
}

/// The geometric mean of the rows' times with a check.
pub fn mean(rows: &[Row], check: usize) -> f64 {
    let sum: f64 = rows.iter().map(|row| row.times[check].ln()).sum();
    (sum / rows.len() as f64).exp()
}

fn row(name: &str, programs: &[PathBuf; 3], runs: usize) -> io::Result<Row> {
    eprintln!("races, {name} …");
    let mut rounds = Vec::with_capacity(runs);
    // The first round fills caches; who begins a round changes.
    for round in 0..=runs {
        let mut took = [(0.0, 0.0); 3];
        for turn in 0..programs.len() {
            let index = (turn + round) % programs.len();
            took[index] = run(&programs[index], name)?;
        }
        if round > 0 {
            rounds.push(took);
        }
    }
    let ratio = |index: usize, of: fn(Run) -> f64| {
        median(rounds.iter().map(|took| of(took[index]) / of(took[0])))
    };
    Ok(Row {
        name: name.to_owned(),
        milliseconds: median(rounds.iter().map(|took| took[0].0)),
        times: [1, 2].map(|index| ratio(index, |run| run.0)),
        memory: [1, 2].map(|index| ratio(index, |run| run.1)),
    })
}

fn run(program: &Path, name: &str) -> io::Result<Run> {
    let recordings = tempfile::tempdir()?;
    let mut command = Command::new(program);
    // What ThreadSanitizer takes for races where std is not rebuilt would cost it time.
    command.env("TSAN_OPTIONS", "report_bugs=0");
    command.arg(name).env("SYNCSCOPE_DIR", recordings.path());
    let printed = output(&mut command)?.stdout;
    let printed = String::from_utf8_lossy(&printed);
    let mut numbers = printed.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(milliseconds)), Some(Ok(kib))) => Ok((milliseconds, kib)),
        _ => Err(io::Error::other(format!("{}: it printed {printed}", program.display()))),
    }
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--release"]).current_dir(FOLDER);
    command
}

fn target() -> PathBuf {
    Path::new(FOLDER).join("target")
}

fn plain() -> io::Result<PathBuf> {
    output(&mut cargo())?;
    Ok(target().join("release").join(BINARY))
}

fn sanitized() -> io::Result<PathBuf> {
    let flags = "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer";
    let folder = target().join("tsan");
    let mut command = cargo();
    command.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", flags).arg("--target-dir").arg(&folder);
    output(&mut command)?;
    Ok(folder.join("release").join(BINARY))
}

fn checked() -> io::Result<PathBuf> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([ARGUMENT, "build", "--release", "--races"]).current_dir(FOLDER);
    output(&mut command)?;
    newest(&target(), BINARY)
}
