//! How many instructions a case takes, counted by valgrind: a number that no neighbour on the machine disturbs.

use crate::candidates::{CANDIDATES, Candidate};
use crate::cases::{CASES, Kind};
use crate::once;
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// What is counted.
const KINDS: [Kind; 4] = [Kind::Lock, Kind::NestedPair, Kind::Depth8, Kind::Read];

/// Operations of the two runs whose difference counts.
const COUNTS: [u64; 2] = [20_000, 120_000];

/// Of one case.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: &'static str,
    pub counts: Vec<Count>,
}

/// Of one candidate.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    /// Instructions per operation.
    pub instructions: f64,
    /// Locks took their time from the beat and not from the clock.
    pub has_beat: bool,
}

/// The candidates whose instructions are counted: std, and ours.
pub fn candidates() -> impl Iterator<Item = &'static Candidate> {
    let is_std = |candidate: &Candidate| candidate.name == CANDIDATES[0].name;
    CANDIDATES.iter().filter(move |candidate| candidate.mode.is_some() || is_std(candidate))
}

/// Counts; nothing if there is no valgrind.
///
/// # Errors
///
/// When a process fails under it.
pub fn count() -> io::Result<Option<Vec<Row>>> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("instructions are not counted: there is no valgrind");
        return Ok(None);
    }
    let mut rows = Vec::new();
    for case in CASES.iter().filter(|case| KINDS.contains(&case.kind)) {
        eprintln!("instructions, {} …", case.name);
        let counts = candidates().map(|candidate| of(candidate, case.kind));
        rows.push(Row { name: case.name, counts: counts.collect::<io::Result<_>>()? });
    }
    Ok(Some(rows))
}

fn of(candidate: &Candidate, kind: Kind) -> io::Result<Count> {
    let [(few, _), (many, has_beat)] =
        [run(candidate, kind, COUNTS[0])?, run(candidate, kind, COUNTS[1])?];
    let instructions = (many as f64 - few as f64) / (COUNTS[1] - COUNTS[0]) as f64;
    Ok(Count { instructions, has_beat })
}

/// Instructions of a run in [`once`]'s function, and whether the beat was there.
fn run(candidate: &Candidate, kind: Kind, count: u64) -> io::Result<(u64, bool)> {
    let folder = tempfile::tempdir()?;
    let profile = folder.path().join("profile");
    let mut command = Command::new("valgrind");
    // Warming up goes faster without instrumentation, or there would be no beat.
    // Or the thread that waits for the word to go on never gets its turn.
    command.args(["--quiet", "--tool=callgrind", "--instr-atstart=no", "--fair-sched=try"]);
    command.arg(format!("--toggle-collect={}", once::COUNTED));
    command.arg(format!("--callgrind-out-file={}", profile.display()));
    command.arg(std::env::current_exe()?).args(once::words(candidate, kind, count)?);
    once::environment(&mut command, candidate, folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut said = BufReader::new(child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?).lines();
    while said.next().transpose()?.is_some_and(|line| line != once::READY) {}
    let control = Command::new("callgrind_control")
        .args(["-i", "on"])
        .arg(child.id().to_string())
        .output()?;
    // The end of its input lets it go on.
    drop(child.stdin.take());
    let has_beat = said.map_while(Result::ok).any(|line| line == once::BEAT);
    let output = child.wait_with_output()?;
    let instructions = if output.status.success() { total(&profile)? } else { 0 };
    if instructions == 0 {
        let said = [control.stderr, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        return Err(io::Error::other(format!("{} under valgrind: {said}", candidate.name)));
    }
    Ok((instructions, has_beat))
}

fn total(profile: &Path) -> io::Result<u64> {
    let text = fs::read_to_string(profile)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok());
    Ok(total.unwrap_or(0))
}
