//! Programs killed with SIGKILL at random moments that have said elsewhere how far they had come: all of that is in the
//! recording, as far as its rings reach back, and it is readable.
//!
//! `SYNCSCOPE_KILLS` sets how many are killed.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;
use syncscope_recording::model::{Event, Op, Recording, ThreadNum};
use syncscope_recording::read_file;
use syncscope_tests::build::{Artifacts, Compiler, workspace_artifacts};
use syncscope_tests::command::Tool;
use syncscope_tests::random::Random;
use syncscope_tests::run::kill_group;

static BUILT: LazyLock<Artifacts> =
    LazyLock::new(|| workspace_artifacts(Path::new(env!("CARGO_TARGET_TMPDIR"))));

static LOGGED: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let compiler = Compiler::shadowed(folder, BUILT.library("instrumented_std"));
    let program = compiler.compile(Path::new("tests/programs/logged.rs"));
    program.unwrap_or_else(|error| panic!("{error}"))
});

/// Programs killed when the environment says nothing.
const KILLS: u64 = 100;

/// Events of a round: two locks nested, and the own one again.
const EVENTS: u64 = 6;

/// In so many events the round that was said last begins: that one, the next, and their waits.
const REACH: u64 = 4 * EVENTS;

#[test]
fn what_was_done_before_a_kill_is_in_the_recording() {
    let given = std::env::var("SYNCSCOPE_KILLS").ok();
    let kills = given.map_or(KILLS, |text| text.parse().expect("SYNCSCOPE_KILLS is a number"));
    let mut random = Random::seeded(31);
    let (mut rounds, mut wrapped) = (0, 0);
    for number in 0..kills {
        let mode = ["ring", "full"][number as usize % 2];
        // Most while they work, some while they start.
        let longest = if random.below(8) == 0 { 5_000 } else { 120_000 };
        let delay = Duration::from_micros(random.below(longest));
        let tool = Tool::new(BUILT.executable("cargo-syncscope"));
        run_and_kill(tool.folder(), mode, delay);

        let context = format!("kill {number}, mode {mode}, after {delay:?}");
        let logs = logs(tool.folder());
        let Some(file) = recording_in(&tool.folder().join("recordings")) else {
            assert!(logs.values().all(|log| log.is_empty()), "{context}: there is no recording");
            continue;
        };
        let recording = read_file(&file).unwrap_or_else(|error| panic!("{context}: {error}"));
        let damage: Vec<_> = recording.lost.all_damage().collect();
        assert!(damage.is_empty(), "{context}: {damage:?}");
        assert_eq!(recording.lost.events, 0, "{context}");
        for (name, log) in &logs {
            let Some(&[own, all]) = log.last() else { continue };
            rounds += own;
            wrapped += u64::from(check(&recording, name, own, all, &context));
        }
        let report = tool.call(&["report".as_ref(), file.as_os_str()]);
        let is_readable = [0, 3].contains(&report.code.unwrap_or(-1));
        assert!(is_readable, "{context}: {}{}", report.stdout, report.stderr);
        assert!(report.stdout.contains("killed, aborted"), "{context}: {}", report.stdout);
    }
    // Kills before anything was done would prove nothing, and so would rings that never wrap.
    assert!(rounds > 50 * kills, "{rounds} rounds");
    assert!(wrapped > 0, "no ring has wrapped");
}

fn run_and_kill(folder: &Path, mode: &str, delay: Duration) {
    let mut command = Command::new(&*LOGGED);
    command.arg(folder).env("SYNCSCOPE_DIR", folder.join("recordings"));
    command.env("SYNCSCOPE_MODE", mode).process_group(0);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    thread::sleep(delay);
    let ended = child.try_wait().expect("it can be asked");
    kill_group(&child);
    child.wait().expect("it can be waited for");
    assert_eq!(ended, None, "it ended by itself");
}

/// By thread: what it has said, the whole entries of it.
fn logs(folder: &Path) -> BTreeMap<String, Vec<[u64; 2]>> {
    let names = (0..3).map(|number| format!("w{number}"));
    let entries = names.map(|name| {
        let bytes = fs::read(folder.join(&name)).unwrap_or_default();
        let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
        let entries = bytes.chunks_exact(16).map(|e| [number(&e[..8]), number(&e[8..])]);
        (name, entries.collect())
    });
    entries.collect()
}

fn recording_in(folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    files.into_iter().find(|path| path.extension().is_some_and(|e| e == "syncscope"))
}

/// A thread has done `own` rounds, the last one with the round `all` of all threads. Whether its ring has wrapped.
fn check(recording: &Recording, name: &str, own: u64, all: u64, context: &str) -> bool {
    let context = format!("{context}, {name} after {own} rounds");
    let mut threads = recording.threads.iter();
    let found = threads.find(|(_, thread)| thread.name.as_deref() == Some(name));
    let (thread, _) = found.unwrap_or_else(|| panic!("{context}: no such thread"));
    let (events, overwritten) = events_of(recording, *thread, &context);
    // The round is not over with its own lock taken again, and what was said was said before that.
    let needed = (own - 1) * EVENTS + 4;
    let known = overwritten + events.len() as u64;
    assert!(known >= needed, "{context}: {known} events, {needed} were done");
    // A ring that has just been outgrown may be another thread's by now, and the new one not yet reach back to that round.
    if overwritten > 0 && events.len() as u64 <= REACH {
        return true;
    }
    // The loop in `work` takes the own lock twice a round.
    let is_acquired = |event: &&Event| matches!(event.op, Op::Acquire(_));
    let shared = shared_lock(&events);
    let last_of_all = events
        .iter()
        .rev()
        .filter(is_acquired)
        .find(|event| Some(event.object) == shared && u64::from(event.seq) == all % (1 << 24));
    let newest = &events[events.len().saturating_sub(24)..];
    assert!(
        last_of_all.is_some(),
        "{context}: round {all} of all is not there: {shared:?} {newest:#?}"
    );
    // Without a gap: the own lock's counts go up one by one.
    let counts: Vec<u32> = events
        .iter()
        .filter(is_acquired)
        .filter(|event| Some(event.object) != shared)
        .map(|event| event.seq)
        .collect();
    let is_whole = counts.windows(2).all(|two| two[1] == two[0] + 1);
    assert!(is_whole, "{context}: {counts:?}");
    let last = counts.last().copied().unwrap_or(0);
    assert!(u64::from(last) >= 2 * own - 1, "{context}: the own lock was taken {last} times");
    overwritten > 0
}

/// All that is left of a thread's events, oldest first, and how many came before.
fn events_of(recording: &Recording, thread: ThreadNum, context: &str) -> (Vec<Event>, u64) {
    let streams: Vec<_> = recording.streams.iter().filter(|s| s.thread == thread).collect();
    let overwritten: u64 = streams.iter().map(|stream| stream.overwritten).sum();
    // What a thread left in the ring that it outgrew may be gone in part, but then it is counted.
    let last = streams.last().unwrap_or_else(|| panic!("{context}: no events"));
    let is_gapless = last.overwritten == 0;
    let kept: Vec<Event> = match is_gapless {
        true => streams.iter().flat_map(|stream| stream.events.iter().copied()).collect(),
        false => last.events.clone(),
    };
    let dropped: usize = match is_gapless {
        true => 0,
        false => streams.iter().rev().skip(1).map(|stream| stream.events.len()).sum(),
    };
    (kept, overwritten + dropped as u64)
}

/// The lock that is taken while another one is held, after a wait perhaps.
fn shared_lock(events: &[Event]) -> Option<u32> {
    let is_wait = |event: &&Event| matches!(event.op, Op::BlockBegin(_) | Op::BlockEnd(_));
    let events: Vec<_> = events.iter().filter(|event| !is_wait(event)).collect();
    let both = events.windows(2).find(|two| {
        two.iter().all(|event| matches!(event.op, Op::Acquire(_))) && two[0].object != two[1].object
    });
    both.map(|two| two[1].object)
}
