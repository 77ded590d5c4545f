//! Projects with cells of once_cell: nothing is edited, and they are seen.

use crate::support::{MANIFEST, Outcome, Project};
use std::path::Path;

/// What happens comes from the argument.
const MAIN: &str = r#"
use once_cell::sync::{Lazy, OnceCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread::{scope, yield_now};

static LEDGER: Mutex<u8> = Mutex::new(0);
static RATES: Lazy<u8> = Lazy::new(|| *LEDGER.lock().unwrap()); // initialiser
static TABLE: OnceCell<u8> = OnceCell::new();
static OTHER: OnceCell<u8> = OnceCell::new();

/// One after the other, as far as the clock goes, and not as far as anything orders them.
fn two(first: impl FnOnce() + Send, second: impl FnOnce() + Send) {
    let gate = AtomicBool::new(false);
    scope(|scope| {
        scope.spawn(|| { first(); gate.store(true, Ordering::SeqCst); });
        scope.spawn(|| {
            while !gate.load(Ordering::SeqCst) { yield_now(); }
            second();
        });
    });
}

fn inverted() {
    two(
        || println!("{}", *RATES),
        || {
            let ledger = LEDGER.lock().unwrap();
            println!("{}", *ledger + *RATES); // used
        },
    );
}

fn itself() {
    TABLE.get_or_init(|| *TABLE.get_or_init(|| 1)); // itself
}

fn crosswise() {
    let both = Barrier::new(2);
    scope(|scope| {
        scope.spawn(|| {
            TABLE.get_or_init(|| {
                both.wait();
                *LEDGER.lock().unwrap() // lock waits
            });
        });
        scope.spawn(|| {
            let ledger = LEDGER.lock().unwrap();
            both.wait();
            println!("{}", *ledger + TABLE.get_or_init(|| 1)); // cell waits
        });
    });
}

fn cells() {
    let both = Barrier::new(2);
    scope(|scope| {
        scope.spawn(|| TABLE.get_or_init(|| { both.wait(); *OTHER.get_or_init(|| 1) })); // other waits
        scope.spawn(|| OTHER.get_or_init(|| { both.wait(); *TABLE.get_or_init(|| 1) })); // table waits
    });
}

fn correct() {
    let failed: Result<&u8, &str> = TABLE.get_or_try_init(|| { let _ledger = LEDGER.lock().unwrap(); Err("not yet") });
    assert_eq!(failed, Err("not yet"));
    let caught = std::panic::catch_unwind(|| { TABLE.get_or_init(|| panic!("expected")); });
    assert!(caught.is_err());
    let both = Barrier::new(3);
    scope(|scope| {
        scope.spawn(|| { both.wait(); println!("waited {}", TABLE.wait()) });
        scope.spawn(|| { both.wait(); println!("init {}", TABLE.get_or_init(|| 2)) });
        both.wait();
        println!("set {:?}", TABLE.set(3).is_ok());
    });
    // One look does not wait.
    let ledger = LEDGER.lock().unwrap();
    println!("{:?} {:?}", Lazy::get(&RATES), OTHER.get());
    drop(ledger);
    println!("{}", *RATES);
    // The order is the same again.
    scope(|scope| { scope.spawn(|| { let _first = TABLE.get_or_init(|| 1); drop(LEDGER.lock().unwrap()); }); });
    // Many wait for one.
    let slow: Lazy<u8> = Lazy::new(|| 7);
    scope(|scope| for _ in 0..8 { scope.spawn(|| assert_eq!(*slow, 7)); });
    println!("table {}", TABLE.get().is_some());
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("inverted") => inverted(),
        Some("itself") => itself(),
        Some("crosswise") => crosswise(),
        Some("cells") => cells(),
        _ => correct(),
    }
}
"#;

/// The version is that of our own lock file, so that nothing is fetched.
fn project() -> Project {
    let features = "[features]\nlot = [\"once_cell/parking_lot\"]\n";
    let manifest = format!("{MANIFEST}{features}[dependencies]\nonce_cell = \"1\"\n");
    let project = Project::new(&[("Cargo.toml", &manifest), ("src/main.rs", MAIN)]);
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    std::fs::copy(lock, project.path().join("Cargo.lock")).unwrap();
    project
}

/// The line of the source that ends so.
fn line(end: &str) -> String {
    let end = format!("// {end}");
    let at = MAIN.lines().position(|line| line.ends_with(&end)).unwrap();
    format!("src/main.rs:{}:", at + 1)
}

fn run(project: &Project, mode: &str, features: &str) -> Outcome {
    let outcome = project.call(&format!("run {features} -- {mode}"));
    outcome.lacks(&["are not seen"]);
    outcome
}

#[test]
fn cells_are_seen_whichever_way_they_wait() {
    let project = project();
    for features in ["", "--features lot"] {
        let run = |mode: &str| run(&project, mode, features);
        run("inverted").expect(
            1,
            &[
                "error[lock-order-inversion]",
                "between `LEDGER` and `RATES`",
                &line("initialiser"),
                &line("used"),
            ],
        );
        run("itself").expect(1, &["error[self-deadlock]", "`TABLE`", &line("itself")]);
        run("crosswise").expect(
            1,
            &[
                "error[deadlock]: deadlock of 2 threads over",
                "`LEDGER`",
                "`TABLE`",
                &line("lock waits"),
                &line("cell waits"),
            ],
        );
        run("cells").expect(
            1,
            &[
                "error[deadlock]: deadlock of 2 threads over",
                "`OTHER`",
                &line("other waits"),
                &line("table waits"),
            ],
        );
        run("correct").expect(0, &["waited ", "table true", "ok: "]);
    }
    project.call("doctor").expect(0, &["once_cell 1."]);
}
