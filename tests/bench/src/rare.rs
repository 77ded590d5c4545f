//! Bugs that few schedules show: in plain runs, by `explore`, and by the checks of shuttle and loom.

use crate::programs::{ARGUMENT, output};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The folder of the bugs.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rare");

const BINARY: &str = "syncscope-bench-rare";

/// Plain runs of each.
pub const RUNS: u32 = 1_000;

/// Schedules of `explore`, as many as shuttle's checks have.
pub const SCHEDULES: &str = "2000";

/// A plain run that takes longer hangs.
const HANGS: Duration = Duration::from_secs(2);

/// Who looks for them.
pub const CHECKS: [&str; 4] = ["`explore`", "shuttle, random", "shuttle, PCT", "loom"];

/// One bug.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    /// Plain runs, of [`RUNS`], that failed or hung.
    pub plain: u32,
    /// By [`CHECKS`].
    pub checks: [Check; 4],
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Check {
    pub is_found: bool,
    /// With the one that failed.
    pub schedules: u64,
    pub seconds: f64,
}

/// Builds, and looks for each.
///
/// # Errors
///
/// When something cannot be built or run.
pub fn measure() -> io::Result<Vec<Row>> {
    eprintln!("rare, compiled …");
    let plain = built(None)?;
    let (shuttle, loom) = (built(Some("shuttle"))?, built(Some("loom"))?);
    let names = output(&mut Command::new(&plain))?.stdout;
    let names = String::from_utf8_lossy(&names).into_owned();
    let row = |line: &str| {
        let (name, is_atomic) = match line.split_once(' ') {
            Some((name, _)) => (name, true),
            None => (line, false),
        };
        eprintln!("rare, {name} …");
        let checks = [
            explored(name, is_atomic)?,
            checked(&shuttle, &[name])?,
            checked(&shuttle, &[name, "pct"])?,
            checked(&loom, &[name])?,
        ];
        Ok(Row { name: name.to_owned(), plain: fails(&plain, name)?, checks })
    };
    names.lines().map(row).collect()
}

fn built(feature: Option<&str>) -> io::Result<PathBuf> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--locked", "--release"]).current_dir(FOLDER);
    let mut target = Path::new(FOLDER).join("target");
    if let Some(feature) = feature {
        target.push(feature);
        command.args(["--features", feature, "--target-dir"]).arg(&target);
    }
    output(&mut command)?;
    Ok(target.join("release").join(BINARY))
}

/// Plain runs that fail.
fn fails(program: &Path, name: &str) -> io::Result<u32> {
    let mut count = 0;
    for _ in 0..RUNS {
        let mut command = Command::new(program);
        command.arg(name).stdout(Stdio::null()).stderr(Stdio::null());
        let (mut child, start) = (command.spawn()?, Instant::now());
        let is_right = loop {
            if let Some(status) = child.try_wait()? {
                break status.success();
            }
            if start.elapsed() > HANGS {
                child.kill()?;
                child.wait()?;
                break false;
            }
            thread::sleep(Duration::from_micros(200));
        };
        count += u32::from(!is_right);
    }
    Ok(count)
}

fn explored(name: &str, is_atomic: bool) -> io::Result<Check> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([ARGUMENT, "explore", "--runs", SCHEDULES]).current_dir(FOLDER);
    command.args(is_atomic.then_some("--atomics"));
    command.args(["run", "--locked", "--release", "--", name]);
    let said = String::from_utf8_lossy(&command.output()?.stderr).into_owned();
    let check = said.lines().rev().find_map(summary);
    check.ok_or_else(|| io::Error::other(format!("{name}: explore printed {said}")))
}

/// `NAME: 3 schedules, …, 12.3 ms each…; schedule 2: a panic`, of which the first schedule is number 0.
fn summary(line: &str) -> Option<Check> {
    let (_, rest) = line.split_once(": ")?;
    let done: u64 = rest.split_once(" schedule")?.0.replace(',', "").parse().ok()?;
    let each: f64 = rest.split_once(" ms each")?.0.rsplit(' ').next()?.parse().ok()?;
    let failed = rest.split_once("; schedule ").and_then(|(_, rest)| rest.split_once(':'));
    let failed: Option<u64> = failed.and_then(|(number, _)| number.parse().ok());
    Some(Check {
        is_found: failed.is_some(),
        schedules: failed.map_or(done, |number| number + 1),
        seconds: done as f64 * each / 1e3,
    })
}

/// `found 3 0.001`, or `missed`.
fn checked(program: &Path, words: &[&str]) -> io::Result<Check> {
    let printed = Command::new(program).args(words).output()?.stdout;
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let line = printed.lines().last().unwrap_or_default();
    let mut parts = line.split(' ');
    let check = parts.next().zip(parts.next()).zip(parts.next());
    let check = check.and_then(|((word, schedules), seconds)| {
        Some(Check {
            is_found: word == "found",
            schedules: schedules.parse().ok()?,
            seconds: seconds.parse().ok()?,
        })
    });
    check.ok_or_else(|| io::Error::other(format!("{}: it printed {line}", program.display())))
}
