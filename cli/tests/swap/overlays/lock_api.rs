//! Locks and condition variables of the user's own over lock_api 0.5, whose guards have a state of the raw lock's. (Those over
//! 0.4 are with the other crates.)

mod raw;

use crate::support::{MANIFEST, Project, line_of};

/// What happens comes from the argument.
const MAIN: &str = r#"
mod raw;

use lock_api::{
    ArcMutexGuard, MutexGuard, RwLockReadGuard, RwLockUpgradableReadGuard as Upgradable,
    RwLockWriteGuard as Write,
};
use raw::{Bell, Gate, Ticket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, LazyLock};
use std::thread::{scope, yield_now};

type Mutex<T> = lock_api::Mutex<Ticket, T>;
type RwLock<T> = lock_api::RwLock<Gate, T>;
type Condvar = lock_api::Condvar<Bell>;
type Reentrant<T> = lock_api::ReentrantMutex<Ticket, raw::Me, T>;

static LEDGER: Mutex<u8> = Mutex::new(0);
static AUDIT: Mutex<u8> = Mutex::new(0);
static TABLE: RwLock<u8> = RwLock::new(0);
static NESTED: Reentrant<u8> = Reentrant::new(0);
static SHARED: LazyLock<Arc<Mutex<u8>>> = LazyLock::new(|| Arc::new(Mutex::new(0))); // shared
static CHANGED: Condvar = Condvar::new(); // changed

/// One after the other, as far as the clock goes, and not as far as anything orders them.
fn two(first: impl FnOnce() + Send, second: impl FnOnce() + Send) {
    let gate = AtomicBool::new(false);
    scope(|scope| {
        scope.spawn(|| {
            first();
            gate.store(true, Ordering::SeqCst);
        });
        scope.spawn(|| {
            while !gate.load(Ordering::SeqCst) {
                yield_now();
            }
            second();
        });
    });
}

/// One lock unlocked for a while, and locked again, inside of the other.
fn unlocked() {
    two(
        || {
            let mut ledger = LEDGER.lock();
            let audit = AUDIT.lock();
            MutexGuard::unlocked(&mut ledger, || ()); // unlocked
            drop((audit, ledger));
        },
        || drop((LEDGER.lock(), AUDIT.lock())),
    );
}

/// Given away and taken back inside of the other.
fn bumped() {
    two(
        || {
            let mut ledger = LEDGER.lock();
            let audit = AUDIT.lock();
            MutexGuard::bump(&mut ledger); // bumped
            drop((audit, ledger));
        },
        || drop((LEDGER.lock(), AUDIT.lock())),
    );
}

fn nested() {
    two(
        || {
            let mut nested = NESTED.lock();
            let audit = AUDIT.lock();
            lock_api::ReentrantMutexGuard::unlocked(&mut nested, || ()); // again
            drop((audit, nested));
        },
        || {
            let nested = NESTED.lock();
            let inner = NESTED.lock();
            drop((AUDIT.lock(), inner, nested)); // inside
        },
    );
}

fn crosswise() {
    let both = Barrier::new(2);
    scope(|scope| {
        scope.spawn(|| {
            let shared = SHARED.lock_arc();
            both.wait();
            let ledger = MutexGuard::map(LEDGER.lock(), |value| value); // for the ledger
            println!("{}", *shared + *ledger);
        });
        scope.spawn(|| {
            let ledger = MutexGuard::map(LEDGER.lock(), |value| value);
            both.wait();
            let shared: ArcMutexGuard<_, _> = SHARED.lock_arc(); // for the shared
            println!("{}", *shared + *ledger);
        });
    });
}

/// A wait takes its mutex again, inside of the other lock.
fn awaited() {
    two(
        || drop((LEDGER.lock(), AUDIT.lock())),
        || {
            scope(|scope| {
                scope.spawn(|| {
                    let mut ledger = LEDGER.lock();
                    let audit = AUDIT.lock();
                    CHANGED.wait_while(&mut ledger, |ledger| *ledger == 0); // takes it again
                    drop((audit, ledger));
                });
                scope.spawn(|| {
                    while CHANGED.notify_all() == 0 {
                        yield_now();
                    }
                    *LEDGER.lock() = 1;
                    CHANGED.notify_all();
                });
            });
        },
    );
}

fn upgraded() {
    let both = Barrier::new(2);
    scope(|scope| {
        scope.spawn(|| {
            let mut table = TABLE.upgradable_read();
            both.wait();
            table.with_upgraded(|table| *table += 1); // upgrades
        });
        scope.spawn(|| {
            let table = TABLE.read();
            both.wait();
            println!("{}", *TABLE.upgradable_read() + *table); // would upgrade
        });
    });
}

fn correct() {
    use lock_api::{RawMutex, RawRwLock};
    // Given up, and given back in several ways.
    let token = lock_api::GuardSend::new;
    std::mem::forget(LEDGER.lock());
    // SAFETY: its guard was forgotten.
    unsafe { LEDGER.force_unlock(token()) };
    std::mem::forget(LEDGER.lock());
    // SAFETY: as above.
    unsafe { LEDGER.raw().unlock(token()) };
    std::mem::forget(TABLE.write());
    // SAFETY: as above.
    unsafe { TABLE.raw().unlock_exclusive(7) };
    std::mem::forget(TABLE.read());
    // SAFETY: as above.
    unsafe { TABLE.force_unlock_read(3) };
    let mut audit = AUDIT.lock();
    MutexGuard::unlocked(&mut audit, || drop(LEDGER.lock()));
    drop(audit);
    drop((AUDIT.lock(), LEDGER.lock(), TABLE.write()));
    // The same mutex, reentrant, from both sides.
    let nested = NESTED.lock();
    drop((NESTED.lock(), AUDIT.lock(), nested));
    // All ways to hold it, one after the other.
    let table = TABLE.write();
    let table = Write::downgrade_to_upgradable(table);
    let mut table = Upgradable::upgrade(table);
    *table += 1;
    let table = Write::downgrade(table);
    let second = TABLE.read();
    drop((RwLockReadGuard::map(table, |table| table), second));
    let mut table = TABLE.upgradable_read();
    table.with_upgraded(|table| *table += 1);
    let read = TABLE.read();
    assert!(table.try_with_upgraded(|_| ()).is_none());
    drop(read);
    let read = Upgradable::downgrade(table);
    drop(read);
    drop(TABLE.write());
    // Sent to another thread, and dropped there.
    let shared = SHARED.lock_arc();
    std::thread::spawn(move || drop(shared)).join().unwrap();
    drop(SHARED.lock());
    // Notified.
    scope(|scope| {
        scope.spawn(|| {
            let mut ledger = LEDGER.lock();
            CHANGED.wait_while(&mut ledger, |ledger| *ledger == 0);
        });
        scope.spawn(|| {
            *LEDGER.lock() = 7;
            CHANGED.notify_all();
        });
    });
    // Taken apart.
    let (raw, value) = Mutex::new(5).into_inner_with_raw();
    let apart = Mutex::from_raw(raw, value);
    let (_, value) = RwLock::new(*apart.lock()).into_inner_with_raw();
    println!("ledger {}, table {}, apart {value}", LEDGER.lock(), TABLE.read());
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("unlocked") => unlocked(),
        Some("bumped") => bumped(),
        Some("nested") => nested(),
        Some("crosswise") => crosswise(),
        Some("awaited") => awaited(),
        Some("upgraded") => upgraded(),
        _ => correct(),
    }
}
"#;

fn project() -> Project {
    let dependency = "lock_api = { version = \"0.5\", features = [\"arc_lock\"] }";
    let manifest = format!("{MANIFEST}[dependencies]\n{dependency}\n");
    Project::new(&[("Cargo.toml", &manifest), ("src/main.rs", MAIN), ("src/raw.rs", raw::RAW)])
}

#[test]
fn whatever_the_raw_lock_is() {
    let project = project();
    // Given away, and taken again in a closure or in a wait, at the user's line.
    for (mode, locks, end) in [
        ("unlocked", "between `LEDGER` and `AUDIT`", "// unlocked"),
        ("bumped", "between `LEDGER` and `AUDIT`", "// bumped"),
        ("nested", "between `AUDIT` and `NESTED`", "// again"),
        ("awaited", "between `LEDGER` and `AUDIT`", "// takes it again"),
    ] {
        let outcome = project.call(&format!("run -- {mode}"));
        outcome.expect(1, &["error[lock-order-inversion]", locks, &line_of(MAIN, end)]);
    }
    let outcome = project.call("run -- crosswise");
    outcome.expect(
        1,
        &[
            "error[deadlock]: deadlock of 2 threads",
            "`LEDGER`, held by",
            "`SHARED`, held by",
            &line_of(MAIN, "// shared"),
            &line_of(MAIN, "// for the ledger"),
            &line_of(MAIN, "// for the shared"),
        ],
    );
    let outcome = project.call("run -- upgraded");
    outcome.expect(
        1,
        &[
            "error[deadlock]: deadlock of 2 threads",
            "`TABLE`, held by",
            "`TABLE (right to upgrade)`, held by",
            &line_of(MAIN, "// upgrades"),
            &line_of(MAIN, "// would upgrade"),
        ],
    );
    let outcome = project.call("run -- correct");
    outcome.expect(0, &["ledger 7, table 2, apart 5", "ok: ", "0 findings"]);
    project
        .call("doctor")
        .expect(0, &["lock_api 0.5.0: all locks and condition variables that are built on it"]);
}
