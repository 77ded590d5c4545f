//! Projects with parking_lot's locks: nothing is edited, and they are seen.

use crate::support::{MANIFEST, Outcome, Project};
use std::path::Path;

/// What each test does with the locks comes from the argument.
const MAIN: &str = r#"
use parking_lot::{Condvar, FairMutex, Mutex, Once, ReentrantMutex, RwLock};
use parking_lot::{RwLockUpgradableReadGuard as Upgradable, RwLockWriteGuard as Write};
use std::sync::{Barrier, atomic::{AtomicBool, Ordering}};
use std::time::Duration;

static LEDGER: Mutex<u8> = Mutex::new(0);
static AUDIT: FairMutex<u8> = FairMutex::new(0);
static TABLE: RwLock<u8> = RwLock::new(0);
static READ_TWICE: NESTING<u8> = NESTING::new(0);
static NESTED: ReentrantMutex<u8> = ReentrantMutex::new(0);

/// One after the other, as far as the clock goes, and not as far as anything orders them.
fn two(first: impl FnOnce() + Send, second: impl FnOnce() + Send) {
    let gate = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| { first(); gate.store(true, Ordering::SeqCst); });
        scope.spawn(|| {
            while !gate.load(Ordering::SeqCst) { std::thread::yield_now(); }
            second();
        });
    });
}

fn inverted() {
    two(
        || { let ledger = LEDGER.lock(); let audit = AUDIT.lock(); drop((audit, ledger)); },
        || { let audit = AUDIT.lock(); let ledger = LEDGER.lock(); drop((ledger, audit)); },
    );
}

fn upgraded() {
    let both = Barrier::new(2);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let table = TABLE.upgradable_read();
            both.wait();
            *Upgradable::upgrade(table) += 1;
        });
        scope.spawn(|| {
            let table = TABLE.read();
            both.wait();
            println!("{}", *TABLE.upgradable_read() + *table);
        });
    });
}

fn alone() {
    let table = TABLE.read();
    *TABLE.write() = *table;
}

fn correct() {
    static START: Once = Once::new();
    START.call_once(|| *LEDGER.lock() = 1);
    let outer = READ_TWICE.read();
    // Not blocked by a writer that waits.
    let inner = READ_TWICE.AGAIN();
    drop((outer, inner));
    for _ in 0..2 {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let table = TABLE.upgradable_read();
                    let mut table = Upgradable::upgrade(table);
                    *table += 1;
                    let table = Write::downgrade_to_upgradable(table);
                    let _read = Upgradable::downgrade(table);
                });
            }
        });
    }
    let nested = NESTED.lock();
    let again = NESTED.lock();
    drop((nested, again));
    let changed = Condvar::new();
    let mut ledger = LEDGER.lock();
    assert!(changed.wait_for(&mut ledger, Duration::from_millis(1)).timed_out());
    std::thread::scope(|scope| {
        scope.spawn(|| { *LEDGER.lock() = 7; changed.notify_all(); });
        changed.wait_while(&mut ledger, |ledger| *ledger != 7);
    });
    println!("ledger {ledger}, table {}", TABLE.read());
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("inverted") => inverted(),
        Some("upgraded") => upgraded(),
        Some("alone") => alone(),
        _ => correct(),
    }
}
"#;

/// Guards that move to another thread.
const SENT: &str = r#"
use parking_lot::{Condvar, Mutex, MutexGuard, RwLock, RwLockUpgradableReadGuard as Upgradable, RwLockWriteGuard as Write};
use std::sync::Barrier;
use std::thread::{scope, yield_now};

static LEDGER: Mutex<u8> = Mutex::new(0);
static AUDIT: Mutex<u8> = Mutex::new(0);
static TABLE: RwLock<u8> = RwLock::new(0);

/// The other thread has the guard while this one waits for its lock.
fn released_elsewhere() {
    for _ in 0..5 {
        let received = Barrier::new(2);
        let ledger = LEDGER.lock();
        scope(|s| {
            s.spawn(|| { let mut ledger = ledger; received.wait(); yield_now(); *ledger += 1; });
            received.wait();
            drop(AUDIT.lock());
            *LEDGER.lock() += 1;
        });
    }
    let audit = AUDIT.lock();
    let ledger = scope(|s| s.spawn(|| LEDGER.lock()).join().unwrap());
    drop((ledger, audit));
}

/// Another thread changes how it is held.
fn changed_elsewhere() {
    let table = TABLE.upgradable_read();
    scope(|s| {
        s.spawn(|| {
            let mut table = Upgradable::upgrade(table);
            *table += 1;
            drop(Write::downgrade(table));
        });
        *TABLE.write() += 1;
    });
    let changed = Condvar::new();
    let ledger = LEDGER.lock();
    scope(|s| {
        let changed = &changed;
        s.spawn(move || {
            let mut ledger = ledger;
            changed.wait_while(&mut ledger, |ledger| *ledger != 99);
            MutexGuard::unlocked(&mut ledger, yield_now);
        });
        *LEDGER.lock() = 99;
        changed.notify_all();
    });
}

fn crosswise() {
    let both = Barrier::new(2);
    scope(|s| {
        s.spawn(|| { let _ledger = LEDGER.lock(); both.wait(); drop(AUDIT.lock()); });
        s.spawn(|| { let _audit = AUDIT.lock(); both.wait(); drop(LEDGER.lock()); });
    });
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("crosswise") {
        return crosswise();
    }
    released_elsewhere();
    changed_elsewhere();
    println!("ledger {}, table {}", LEDGER.lock(), TABLE.read());
}
"#;

/// A version, the lock that one thread may read twice, and by which method.
type Version = (&'static str, &'static str, &'static str);

const VERSIONS: [Version; 2] =
    [("0.12", "RwLock", "read_recursive"), ("0.13", "parking_lot::RecursiveRwLock", "read")];

fn project((version, nesting, again): Version) -> Project {
    let dependency = format!("'{version}'");
    project_of(&dependency, &MAIN.replace("NESTING", nesting).replace("AGAIN", again))
}

/// A project that asks for a version of parking_lot: the one in our own lock file, so that nothing is fetched.
fn project_of(dependency: &str, main: &str) -> Project {
    let manifest = format!("{MANIFEST}[dependencies]\nparking_lot = {dependency}\n");
    let project = Project::new(&[("Cargo.toml", &manifest), ("src/main.rs", main)]);
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    std::fs::copy(lock, project.path().join("Cargo.lock")).unwrap();
    project
}

/// Calls the command. All tests of a version share a target directory, so that parking_lot is built once.
fn run(version: Version, mode: &str) -> Outcome {
    run_in(version.0, &project(version), mode)
}

fn run_in(target: &str, project: &Project, mode: &str) -> Outcome {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parking_lot").join(target);
    let mut command = project.command("run --target-dir");
    command.arg(target).args(["--", mode]);
    let outcome = Outcome::of(command.output().unwrap());
    outcome.lacks(&["are not seen"]);
    outcome
}

#[test]
fn orders_of_its_mutexes() {
    for version in VERSIONS {
        let outcome = run(version, "inverted");
        outcome.expect(1, &["lock-order-inversion", "`LEDGER`", "`AUDIT`"]);
    }
}

#[test]
fn an_upgrade_that_waits_for_a_reader_who_waits_for_it() {
    for version in VERSIONS {
        let outcome = run(version, "upgraded");
        outcome.expect(1, &["error[deadlock]: deadlock of 2 threads", "upgradable read", "TABLE"]);
    }
}

#[test]
fn a_writer_inside_its_own_read() {
    for version in VERSIONS {
        run(version, "alone").expect(1, &["error[self-deadlock]", "`TABLE` for writing"]);
    }
}

#[test]
fn what_is_right_has_no_finding() {
    for version in VERSIONS {
        run(version, "correct").expect(0, &["ledger 7, table 8", "ok: ", "0 findings"]);
    }
}

#[test]
fn guards_that_are_sent() {
    for (version, ..) in VERSIONS {
        let dependency = format!("{{ version = '{version}', features = ['send_guard'] }}");
        let project = project_of(&dependency, SENT);
        let target = format!("sent-{version}");
        let outcome = run_in(&target, &project, "correct");
        outcome.expect(0, &["ledger 99, table 2", "ok: ", "0 findings"]);
        // Nobody is left who could have been given one of the guards.
        let outcome = run_in(&target, &project, "crosswise");
        outcome.expect(1, &["error[deadlock]: deadlock of 2 threads", "`LEDGER`", "`AUDIT`"]);
    }
}
