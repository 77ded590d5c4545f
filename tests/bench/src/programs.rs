//! Real programs under the swap: workloads on well-known crates, built as they are and against the recorded `std`.

use crate::settings::Settings;
use crate::statistics::{Ratio, median};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Instant, SystemTime};

/// What this program is started with to be the command `cargo syncscope`.
pub const ARGUMENT: &str = "--syncscope";

/// The folder of the workloads.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/programs");

const BINARY: &str = "syncscope-bench-programs";

/// Modes that are compared with plain std.
pub const MODES: [&str; 2] = ["ring", "full"];

/// One program.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    /// Median time with plain std, in milliseconds.
    pub milliseconds: f64,
    /// Ratios of the time that passed, by [`MODES`].
    pub ratios: Vec<Ratio>,
    /// Ratios of the time that processors were busy with it.
    pub busy: Vec<Ratio>,
}

/// Of one run, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Time {
    passed: f64,
    busy: f64,
}

/// Builds and measures, in turns.
///
/// # Errors
///
/// When a program cannot be built or fails.
pub fn measure(settings: &Settings) -> io::Result<Vec<Row>> {
    eprintln!("programs, compiled …");
    let plain = plain()?;
    let swapped = swapped()?;
    let names = output(&mut Command::new(&plain))?.stdout;
    let names = String::from_utf8_lossy(&names).into_owned();
    names.lines().map(|name| row(name, &plain, &swapped, settings.runs)).collect()
}

fn row(name: &str, plain: &Path, swapped: &Path, runs: usize) -> io::Result<Row> {
    eprintln!("programs, {name} …");
    let mut times = vec![Vec::with_capacity(runs); 1 + MODES.len()];
    // The first round fills caches; who begins a round changes.
    for round in 0..=runs {
        for turn in 0..times.len() {
            let index = (turn + round) % times.len();
            let took = match index {
                0 => time(plain, name, None)?,
                mode => time(swapped, name, Some(MODES[mode - 1]))?,
            };
            if round > 0 {
                times[index].push(took);
            }
        }
    }
    let of = |read: fn(&Time) -> f64| {
        let times = times.iter().map(|times| times.iter().map(read).collect());
        times.collect::<Vec<Vec<f64>>>()
    };
    let (passed, busy) = (of(|time| time.passed), of(|time| time.busy));
    let ratios = |times: &[Vec<f64>]| {
        times[1..].iter().filter_map(|own| Ratio::of(own, &times[0])).collect()
    };
    let milliseconds = median(passed[0].iter().copied());
    Ok(Row { name: name.to_owned(), milliseconds, ratios: ratios(&passed), busy: ratios(&busy) })
}

/// From the start of the process to its end.
fn time(program: &Path, name: &str, mode: Option<&str>) -> io::Result<Time> {
    let recordings = tempfile::tempdir()?;
    let mut command = Command::new(program);
    command.arg(name).env_remove("SYNCSCOPE_MODE").env("SYNCSCOPE_DIR", recordings.path());
    command.stdout(Stdio::null());
    if let Some(mode) = mode {
        command.env("SYNCSCOPE_MODE", mode);
    }
    let (start, before) = (Instant::now(), busy()?);
    output(&mut command)?;
    let passed = start.elapsed().as_secs_f64() * 1e3;
    Ok(Time { passed, busy: busy()? - before })
}

/// Milliseconds of processors that all children have taken that have ended.
fn busy() -> io::Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let time = usage.user_time() + usage.system_time();
    Ok(time.num_microseconds() as f64 / 1e3)
}

/// What a program prints that succeeds.
pub fn output(command: &mut Command) -> io::Result<Output> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{command:?}: {}: {said}", output.status)))
}

fn plain() -> io::Result<PathBuf> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--locked", "--release"]).current_dir(FOLDER);
    output(&mut command)?;
    Ok(target().join("release").join(BINARY))
}

fn swapped() -> io::Result<PathBuf> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([ARGUMENT, "build", "--locked", "--release"]).current_dir(FOLDER);
    output(&mut command)?;
    newest(&target(), BINARY)
}

/// The program that the swap has built last.
pub fn newest(target: &Path, name: &str) -> io::Result<PathBuf> {
    // target/syncscope/build/COMPILER/TRIPLE/release; older compilers' builds may be there as well.
    let mut builds = Vec::new();
    for compiler in target.join("syncscope/build").read_dir()? {
        for triple in compiler?.path().read_dir()?.flatten() {
            let path = triple.path().join("release").join(name);
            if let Ok(metadata) = path.metadata() {
                builds.push((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), path));
            }
        }
    }
    let newest = builds.into_iter().max();
    newest.map(|(_, path)| path).ok_or_else(|| io::Error::other("the swap has built no program"))
}

fn target() -> PathBuf {
    Path::new(FOLDER).join("target")
}

/// Acts as the command.
pub fn serve(words: &[OsString]) -> u8 {
    cargo_syncscope::run(
        [OsString::from("cargo-syncscope")].into_iter().chain(words.iter().cloned()),
    )
}
