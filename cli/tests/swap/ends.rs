//! Programs that end badly: what had gone wrong before, and who waited, is told at once.

use crate::support::Project;

/// The thread that panics has taken no lock; the others wait for it.
const ABSENT: &str = r#"
use std::sync::Barrier;
use std::thread::{Builder, scope};
fn main() {
    let start = Barrier::new(3);
    scope(|scope| {
        for number in 0..3 {
            let start = &start;
            let stage = move || {
                assert_ne!(number, 1, "stage 1 has no input");
                start.wait();
            };
            Builder::new().name(format!("stage-{number}")).spawn_scoped(scope, stage).unwrap();
        }
    });
}
"#;

/// It aborts while another thread waits for what it holds.
const ABORTED: &str = r#"
use std::sync::{Condvar, Mutex};
static STATE: Mutex<u8> = Mutex::new(0);
static QUEUE: Mutex<u8> = Mutex::new(0);
static TAKEN: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();
fn main() {
    let _state = STATE.lock().unwrap();
    let writer = || {
        let _queue = QUEUE.lock().unwrap();
        *TAKEN.lock().unwrap() = true;
        CHANGED.notify_one();
        *STATE.lock().unwrap() += 1;
    };
    std::thread::Builder::new().name("writer".to_owned()).spawn(writer).unwrap();
    let mut taken = TAKEN.lock().unwrap();
    while !*taken {
        taken = CHANGED.wait(taken).unwrap();
    }
    drop(taken);
    // It is on its way to the lock. Nothing shows from inside that it waits.
    std::thread::sleep(std::time::Duration::from_millis(500));
    std::process::abort();
}
"#;

/// No lock is taken inside of another.
const POISONED: &str = r#"
use std::sync::{Arc, Mutex};
#[derive(Default)]
struct Progress { done: Mutex<u8>, failed: Mutex<u8> }
fn main() {
    let progress = Arc::new(Progress::default());
    let p = progress.clone();
    let worker = std::thread::Builder::new().name("worker".to_owned()).spawn(move || {
        let _done = p.done.lock().unwrap();
        panic!("no number");
    });
    worker.unwrap().join().unwrap_err();
    *progress.failed.lock().unwrap() += 1;
}
"#;

#[test]
fn what_a_panic_has_poisoned_has_its_name() {
    let project = Project::program(POISONED);
    project.call("run").expect(0, &[]);
    let outcome = project.call("report");
    let told = [
        "`worker` panicked at src/main.rs:",
        ": no number; poisoned by it: `done`",
        "ends by a panic",
    ];
    outcome.expect(0, &told);
    outcome.lacks(&["Mutex<u8>", "has returned"]);
}

/// A hook of the program's, a panic that is caught, one that is not, and one that follows from that.
const HOOKED: &str = r#"use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::{Mutex, RwLock};
static STOCK: Mutex<u8> = Mutex::new(0);
static PRICES: RwLock<Vec<u8>> = RwLock::new(Vec::new());
fn spawn(name: &str, work: fn()) {
    let thread = std::thread::Builder::new().name(name.to_owned());
    let _ = thread.spawn(work).unwrap().join();
}
fn main() {
    panic::set_hook(Box::new(|info| println!("ours {}", info.location().map_or(0, Location::line))));
    spawn("catcher", || {
        let caught = panic::catch_unwind(AssertUnwindSafe(|| PRICES.write().unwrap()[7] += 1));
        println!("caught {}", caught.is_err());
    });
    spawn("worker", || {
        let _stock = STOCK.lock().unwrap();
        panic!("no room");
    });
    spawn("second", || *STOCK.lock().unwrap() += 1);
    spawn("thrower", || panic::resume_unwind(Box::new("thrown again")));
}
"#;

#[test]
fn panics_are_told_from_their_beginning() {
    let project = Project::program(HOOKED);
    let ran = project.call("run");
    ran.expect(0, &["ours 12\ncaught true\nours 17\nours 19\n"]);
    let outcome = project.call("report");
    let told = [
        "`catcher` panicked at src/main.rs:12:",
        "; poisoned by it, unless it was caught before: `PRICES`\n",
        // The time is told only where the process lasted long enough for its clock to be compared with another one.
        "`worker` panicked at src/main.rs:17:9",
        ": no room; poisoned by it: `STOCK`\n",
        "`second` panicked at src/main.rs:19:",
        "PoisonError { .. }\n",
        "`thrower` panicked",
        ": thrown again\n",
    ];
    outcome.expect(0, &[]);
    // One line for each, however wide.
    let lines = outcome.stdout.replace("\n      ", " ");
    for text in told {
        assert!(lines.contains(text), "{text}: {lines}");
    }
}

#[test]
fn a_panic_of_a_thread_without_locks_is_told_before_what_follows_from_it() {
    let outcome = Project::program(ABSENT).call("run --full");
    let panicked = "thread `stage-1` panicked";
    outcome
        .expect(1, &["wait over `start`", "what happened before", panicked, ": assertion `left"]);
    let at = |text| outcome.stdout.find(text).unwrap();
    assert!(at(panicked) < at("who waits for whom"), "{}", outcome.stdout);
}

#[test]
fn the_waits_of_a_program_that_crashed_are_told() {
    let outcome = Project::program(ABORTED).call("run");
    outcome.expect(
        134,
        &[
            "had no orderly end",
            "#1 `main` runs; 1 thread waits behind it",
            "#2 `writer` waits for `STATE`, for ",
            "holds `QUEUE`",
            "crashed: ",
        ],
    );
}
