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
