//! `test` and `nextest`.

use crate::support::{INVERTED, MANIFEST, Project};
use std::process::Command;

fn tested() -> Project {
    let doc = "/// ```\n/// app::forth();\n/// assert!(app::kind().starts_with(\"instrumented_sync::\"));\n/// ```\n\
               pub fn kind() -> &'static str { std::any::type_name::<Mutex<u8>>() }\n";
    let unit = "#[cfg(test)]\nmod tests {\n#[test]\nfn goes_forth() { super::forth(); }\n}\n";
    Project::new(&[
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", &format!("{INVERTED}{doc}{unit}")),
        ("tests/others.rs", "#[test]\nfn goes_back() { app::back(); }\n"),
    ])
}

/// The halves of the inversion are in two programs: the unit tests and another test.
#[test]
fn tests_of_all_kinds_are_checked_together() {
    let outcome = tested().call("test");
    outcome.expect(
        1,
        &["goes_forth ... ok", "goes_back ... ok", "Doc-tests app", "lock-order-inversion"],
    );
    outcome.lacks(&["FAILED"]);
}

/// The recordings of several programs, in one file.
#[test]
fn a_merged_run_is_judged_like_the_run() {
    let project = tested();
    project.call("test").expect(1, &["lock-order-inversion"]);
    for events in ["", "--events"] {
        project
            .call(&format!("merge -o all.syncscope {events}"))
            .expect(0, &["recordings in all.syncscope"]);
        let report = |paths: &str| -> serde_json::Value {
            let outcome = project.call(&format!("check {paths} --refuted --format json"));
            serde_json::from_str(&outcome.stdout).unwrap()
        };
        let (run, merged) = (report(""), report("all.syncscope"));
        assert_eq!(
            merged["recordings"].as_array().unwrap().len(),
            run["recordings"].as_array().unwrap().len()
        );
        for key in ["findings", "coverage", "summary", "exit_code"] {
            assert_eq!(merged[key], run[key], "{key}");
        }
    }
    // A second run does the same.
    project.call("test").expect(1, &[]);
    project
        .call("diff all.syncscope")
        .expect(0, &["same: 0 new findings, 0 gone findings, 0 new orders, 0 gone orders"]);
    project.call("order").expect(0, &["Taken both ways, so without an order: `A`, `B`"]);
}

#[test]
fn filters_and_options_pass_through() {
    let project = tested();
    let outcome = project.call("test --test others --format json -- --exact goes_forth");
    outcome.expect(0, &["1 filtered out"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["command"], "test");
    // A program that only lists its tests leaves no recording.
    let listed = project.call("test --tests -- --list");
    listed.expect(0, &["goes_back: test", "nothing was recorded"]);
}

#[test]
fn a_process_for_each_test() {
    let project = tested();
    let outcome = project.call("nextest run");
    let installed = Command::new(env!("CARGO")).args(["nextest", "--version"]).output().unwrap();
    if installed.status.success() {
        outcome.expect(
            1,
            &[
                "lock-order-inversion",
                "2 recordings",
                "test `goes_back`",
                "test `tests::goes_forth`",
            ],
        );
    } else {
        outcome.expect(2, &["cargo-nextest is not installed"]);
    }
}

const DEADLOCK: &str = "\
use std::sync::{Arc, Barrier, Mutex};
#[test]
fn deadlocks_and_has_a_long_name() {
    let (a, b, both) = (Arc::new(Mutex::new(())), Arc::new(Mutex::new(())), Arc::new(Barrier::new(2)));
    let other = std::thread::spawn({
        let (a, b, both) = (a.clone(), b.clone(), both.clone());
        move || { let _a = a.lock().unwrap(); both.wait(); let _b = b.lock(); }
    });
    let first = b.lock().unwrap();
    both.wait();
    let second = a.lock().map(drop).is_ok();
    drop(first);
    assert!(other.join().is_ok() && second);
}
#[test]
fn is_fine() {}
";

/// It does not hang: the deadlock fails its test, the other still runs, and the report names the cycle.
#[test]
fn a_test_that_deadlocks_fails_alone() {
    let project =
        Project::new(&[("Cargo.toml", MANIFEST), ("src/lib.rs", ""), ("tests/locks.rs", DEADLOCK)]);
    let outcome = project.call("test --test locks -- --test-threads 1");
    outcome.expect(
        1,
        &[
            "deadlocks_and_has_a_long_name ... FAILED",
            "is_fine ... ok",
            "error[deadlock]",
            "thread `deadlocks_and_has_a_long_name`",
        ],
    );
}

const STALLS: &str = "\
use std::sync::{Arc, Condvar, Mutex, mpsc};
#[test]
fn nobody_notifies() {
    let ready = Mutex::new(false);
    let never = Condvar::new();
    drop(never.wait_while(ready.lock().unwrap(), |ready| !*ready).unwrap());
}
#[test]
fn nobody_sends() {
    let (sender, receiver) = mpsc::channel::<u8>();
    let kept = std::thread::spawn(move || receiver.recv().is_ok());
    assert!(kept.join().unwrap());
    drop(sender);
}
#[test]
fn locks_twice() {
    let lock = Mutex::new(0);
    let first = lock.lock().unwrap();
    assert_eq!(*first, *lock.lock().unwrap());
}
#[test]
fn is_fine() { assert_eq!(Arc::new(Mutex::new(1)).lock().map(|one| *one).unwrap(), 1); }
#[test]
fn is_fine_too() { is_fine(); }
";

/// Nothing tells a stalled test from one that waits for more, but that all of the program stands still: then all other tests
/// have ended. Each that stalls is named with what it waits for; each that deadlocks has failed before.
#[test]
fn tests_that_stall_are_stopped_and_named() {
    let project =
        Project::new(&[("Cargo.toml", MANIFEST), ("src/lib.rs", ""), ("tests/waits.rs", STALLS)]);
    let outcome = project.call("test --stall 1s --test waits -- --test-threads 5");
    outcome.expect(
        1,
        &[
            "is_fine ... ok",
            "is_fine_too ... ok",
            "locks_twice ... FAILED",
            "error[self-deadlock]",
            "thread `locks_twice`",
            "syncscope: stall: every thread that could act has been blocked",
            "error[stall]",
            "thread `nobody_notifies` waits",
            "thread `nobody_sends` waits",
        ],
    );
    outcome.lacks(&["nobody_notifies ... ok", "nobody_sends ... ok"]);
}

const UNNOTICED: &str = "\
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
static JOBS: Mutex<u8> = Mutex::new(0);
static DONE: AtomicBool = AtomicBool::new(false);
#[test]
fn looks_again_and_again() {
    std::thread::spawn(|| {
        let _jobs = JOBS.lock();
        drop(JOBS.lock());
        DONE.store(true, Ordering::SeqCst);
    });
    while !DONE.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(5));
    }
}
#[test]
fn joins_and_goes_on() {
    let other = Mutex::new(());
    std::thread::scope(|scope| {
        let twice = scope.spawn(|| { let _first = other.lock(); drop(other.lock()); });
        assert!(twice.join().is_err());
    });
    // Longer than the time after which the panic would count as unnoticed.
    std::thread::sleep(Duration::from_millis(1500));
}
";

/// The panic ends the worker only; a test that never joins it would look for its result for ever.
#[test]
fn a_test_that_takes_no_notice_of_a_deadlock_is_stopped() {
    let project = Project::new(&[
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", ""),
        ("tests/polls.rs", UNNOTICED),
    ]);
    let noticed = project.call("test --stall 1s --test polls -- --exact joins_and_goes_on");
    noticed.expect(1, &["joins_and_goes_on ... ok", "error[self-deadlock]"]);
    let unnoticed = project.call("test --stall 1s --test polls -- --exact looks_again_and_again");
    unnoticed.expect(
        1,
        &["error[self-deadlock]", "after the panic, which did not reach it: the process is ended"],
    );
}

/// cargo ends at a signal and leaves its tests alone; they are told, and what they recorded until then is checked.
#[cfg(unix)]
#[test]
fn a_signal_ends_the_tests() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::process::CommandExt;
    use std::process::Stdio;
    let tests = "#[test]\nfn never_ends() { app::both(); println!(\"ready\"); loop { std::thread::park(); } }\n";
    let project = Project::new(&[
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", INVERTED),
        ("tests/long.rs", tests),
    ]);
    for signal in ["INT", "TERM"] {
        // Otherwise the tests stall, and that ends them, too.
        let mut command = project.command("test --stall off --test long -- --no-capture");
        // A group of its own is never in the foreground of a terminal, as in a CI system.
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.by_ref().any(|line| line.unwrap().contains("ready")));
        let kill = format!("kill -{signal} {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        // The pipe is the tests', too: it ends when they have.
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        assert_eq!(child.wait().unwrap().code(), Some(1), "{rest:?}");
        assert!(
            rest.iter().any(|line| line.starts_with("error[lock-order-inversion]")),
            "{rest:?}"
        );
    }
}

/// The runtime starts at the first event; tests that begin meanwhile, and are over soon, are recorded all the same.
#[test]
fn tests_that_begin_together_are_all_recorded() {
    let test = |n: u32| {
        format!(
            "static L{n}: std::sync::Mutex<u8> = std::sync::Mutex::new(0);\n\
             #[test]\nfn t{n}() {{ *L{n}.lock().unwrap() += 1; }}\n"
        )
    };
    let tests: String = (0..8).map(test).collect();
    let project =
        Project::new(&[("Cargo.toml", MANIFEST), ("src/lib.rs", ""), ("tests/many.rs", &tests)]);
    for _ in 0..5 {
        project
            .call("test --test many -- --test-threads 8")
            .expect(0, &["8 locks of 8 classes,", "8 threads,"]);
    }
}
