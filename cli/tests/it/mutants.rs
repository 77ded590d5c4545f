//! Damaged recordings through every command that reads some: no panic, no hang, no memory blow-up.
//!
//! `SYNCSCOPE_MUTANTS` sets how many recordings are made, `SYNCSCOPE_MUTANTS_SEED` where their numbers start; a failure
//! names the batch that repeats it. The commands are called in processes of this test's own, which stand for many
//! calls, print to nowhere and have little memory.

use crate::support::{Bank, Project, graphs};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::panic::catch_unwind;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};
use syncscope_recording::testing::{encode, mutant};
use syncscope_recording::{Events, read_with};

/// Recordings when the environment says nothing: as many as a minute of a core is enough for, in a debug build.
const CASES: u64 = 800;

/// Recordings that a command gets at once, as those of several processes: most of a call is the same for one and for many.
const BATCH: usize = 20;

/// Far more than all commands take for a batch in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Address space of a worker in KiB: what the program itself maps is a part of it.
const MEMORY_KIB: u64 = 1 << 20;

/// Tells a process of this test what its part is: from, to.
const PART: &str = "SYNCSCOPE_MUTANTS_PART";

/// In the folder of a worker: the numbers that it is at.
const PROGRESS: &str = "progress";

#[test]
fn damaged_recordings_harm_no_command() {
    if let Ok(part) = env::var(PART) {
        let mut numbers = part.split(' ').map(|word| word.parse().expect("a number"));
        let [from, to] = [0, 1].map(|_| numbers.next().expect("two numbers"));
        return work(from, to);
    }
    let cases = setting("SYNCSCOPE_MUTANTS").unwrap_or(CASES);
    let start = setting("SYNCSCOPE_MUTANTS_SEED").unwrap_or(1);
    let workers = thread::available_parallelism().map_or(1, |n| n.get() as u64).min(cases);
    let bounds: Vec<u64> = (0..=workers).map(|n| start + cases * n / workers).collect();
    let workers: Vec<_> = bounds.windows(2).map(|part| Worker::start(part[0], part[1])).collect();
    let failures: Vec<_> = workers.into_iter().filter_map(Worker::failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn setting(name: &str) -> Option<u64> {
    env::var(name).ok().map(|value| value.parse().expect("a number"))
}

/// A process that works off a part.
struct Worker {
    child: Child,
    project: Project,
}

impl Worker {
    fn start(from: u64, to: u64) -> Self {
        let project = Bank::project();
        let this_test = "mutants::damaged_recordings_harm_no_command";
        let mut command = Command::new("sh");
        let limited = format!("ulimit -v {MEMORY_KIB} && exec \"$@\"");
        command.args(["-c", &limited, "sh"]).arg(env::current_exe().expect("this test"));
        command.args([this_test, "--exact", "--nocapture"]).env(PART, format!("{from} {to}"));
        for name in ["SYNCSCOPE_DIR", "SYNCSCOPE_BASELINE", "SYNCSCOPE_SCOPE"] {
            command.env_remove(name);
        }
        command.env("NO_COLOR", "1").current_dir(project.path());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let errors = fs::File::create(project.path().join("errors")).expect("a file");
        let child = command.stderr(errors).spawn().expect("a shell");
        Self { child, project }
    }

    /// What went wrong, if anything did.
    fn failure(mut self) -> Option<String> {
        let status = self.child.wait().expect("it can be waited for");
        let text = |name: &str| fs::read_to_string(self.project.path().join(name));
        let errors = text("errors").unwrap_or_default();
        let at = text(PROGRESS).unwrap_or_default();
        (!status.success()).then(|| {
            let is_cause = |line: &&str| line.contains("panicked") || line.contains("no end");
            let cause = errors.lines().skip_while(|line| !is_cause(line)).take(30);
            format!("recordings {at}: {status}\n{}", cause.collect::<Vec<_>>().join("\n"))
        })
    }
}

/// Runs in a folder and a process of its own.
fn work(from: u64, to: u64) {
    let seeds = seeds();
    let (alive, sign_of_life) = channel::<()>();
    thread::spawn(move || watch(&sign_of_life));
    let mut readable = 0;
    for start in (from..to).step_by(BATCH) {
        let numbers = start..to.min(start + BATCH as u64);
        fs::write(PROGRESS, format!("{numbers:?}")).expect("it is writable");
        for folder in ["readable", "unreadable", "out"] {
            let _ = fs::remove_dir_all(folder);
            fs::create_dir(folder).expect("it is writable");
        }
        for number in numbers.clone() {
            let bytes = mutant(number, &seeds);
            let is_readable = read_with(&bytes, "", Events::None).is_ok();
            readable += usize::from(is_readable);
            let folder = if is_readable { "readable" } else { "unreadable" };
            fs::write(format!("{folder}/{number}.syncscope"), bytes).expect("it is writable");
        }
        for (arguments, codes) in commands() {
            alive.send(()).expect("somebody watches");
            let words = arguments.split(' ').map(OsString::from);
            let code = catch_unwind(|| cargo_syncscope::run(words.clone()));
            let code = code.unwrap_or_else(|_| panic!("{numbers:?}: {arguments}: a panic"));
            assert!(codes.contains(&code), "{numbers:?}: {arguments}: {code}");
        }
    }
    // Recordings that nobody can read would test little.
    let count = (to - from) as usize;
    assert!(readable > count / 2, "{readable} of {count} readable");
}

/// Ends the process when a command takes too long.
fn watch(sign_of_life: &Receiver<()>) {
    loop {
        match sign_of_life.recv_timeout(PATIENCE) {
            Ok(()) => {}
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                eprintln!("no end within {PATIENCE:?}");
                std::process::exit(1);
            }
        }
    }
}

/// Every command that reads recordings, in every format, with the codes that it may end with.
fn commands() -> [(&'static str, &'static [u8]); 13] {
    [
        (
            "cargo-syncscope check readable --refuted --output short=out/short --output json=out/json \
             --output sarif=out/sarif --output github=out/github --output junit=out/junit \
             --output markdown=out/markdown --output dot=out/dot --output html=out/html \
             --output rustc-json=out/rustc --output chrome-trace=out/chrome --output perfetto=out/perfetto \
             --output firefox=out/firefox",
            &[0, 1, 3],
        ),
        ("cargo-syncscope check readable unreadable --format short", &[0, 1, 3, 4]),
        ("cargo-syncscope report readable --events 1000000 --output json=out/json", &[0, 1, 3]),
        (
            "cargo-syncscope report readable --locks --output json=out/json --profile pprof=out/pprof \
             --profile collapsed=out/collapsed --profile flamegraph=out/flamegraph",
            &[0, 1, 3],
        ),
        ("cargo-syncscope report unreadable", &[3, 4]),
        ("cargo-syncscope attach readable --once --events 3", &[0, 1, 3]),
        ("cargo-syncscope baseline write readable --file out/baseline", &[0, 3]),
        ("cargo-syncscope baseline update readable --file out/baseline", &[0, 2, 3]),
        ("cargo-syncscope baseline prune readable --file out/baseline", &[0, 2, 3]),
        ("cargo-syncscope merge readable --events -o out/merged.syncscope", &[0, 3]),
        ("cargo-syncscope check out --refuted", &[0, 1, 3]),
        ("cargo-syncscope diff readable out", &[0, 1, 3]),
        ("cargo-syncscope order readable", &[0, 3]),
    ]
}

fn seeds() -> Vec<Vec<u8>> {
    let recordings = [
        Bank::inverted(),
        Bank::deadlocked(),
        Bank::read_again(),
        Bank::ring(9),
        Bank::relocked(),
        Bank::alone(),
        crate::locks::measured(20),
        graphs::tangle(5, 3, 3),
    ];
    let mut files: Vec<_> = recordings.iter().map(encode).collect();
    files.push(graphs::streams());
    files
}

/// Recordings without damage that no program would make: as many cycles, threads and locks as fit.
#[test]
fn hostile_graphs_end_soon_and_say_what_was_left_out() {
    let project = Bank::project();
    for (name, recording, told) in [
        // Pairs of 150 locks in all orders: 22,350 edges, and more cycles than atoms.
        ("pairs", graphs::tangle(150, 64, 2), "more order cycles than were looked at"),
        ("deep", graphs::tangle(30, 8, 30), "lock-order-inversion"),
        ("readers", graphs::readers(40, 40), "lock-order-inversion"),
        ("long", graphs::rings(1500, 7), "more order cycles than were looked at"),
    ] {
        let file = project.write(&format!("{name}.syncscope"), &encode(&recording));
        let started = Instant::now();
        let outcome = project.call(&["check", &file.display().to_string()]);
        let took = started.elapsed();
        assert!(took < PATIENCE, "{name}: {took:?}");
        assert_eq!(outcome.code, 1, "{name}: {}", outcome.stderr);
        assert!(outcome.stdout.contains(told), "{name}: {}", outcome.stdout);
        // A report that nobody can read is a sort of blow-up, too.
        assert!(outcome.stdout.len() < 8 << 20, "{name}: {}", outcome.stdout.len());
    }
}
