//! Upgradable readers of async-lock, in tasks.

use crate::support::Project;

/// What happens comes from the argument.
const MAIN: &str = r#"
use async_lock::{Mutex, RwLock};
use async_lock::{RwLockUpgradableReadGuard as Upgradable, RwLockUpgradableReadGuardArc as Owned};
use async_lock::RwLockWriteGuard as Write;
use futures_lite::future::{block_on, or, poll_once, yield_now};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread::scope;

static TABLE: RwLock<u8> = RwLock::new(0);
static LEDGER: Mutex<u8> = Mutex::new(0);

fn upgraded() {
    let both = Barrier::new(2);
    scope(|s| {
        s.spawn(|| block_on(async {
            let table = TABLE.upgradable_read().await;
            both.wait();
            *Upgradable::upgrade(table).await += 1; // upgrades
        }));
        s.spawn(|| block_on(async {
            let table = TABLE.read().await;
            both.wait();
            println!("{}", *TABLE.upgradable_read().await + *table); // would upgrade
        }));
    });
}

fn owned() {
    let (table, both) = (Arc::new(RwLock::new(0)), Barrier::new(2));
    scope(|s| {
        s.spawn(|| block_on(async {
            let owned = table.upgradable_read_arc().await;
            both.wait();
            *LEDGER.lock().await += *owned; // wants the ledger
        }));
        s.spawn(|| block_on(async {
            let ledger = LEDGER.lock().await;
            both.wait();
            *Owned::upgrade(table.upgradable_read_arc().await).await += *ledger; // wants the table
        }));
    });
}

/// Behind a writer.
fn written() {
    let both = Barrier::new(2);
    scope(|s| {
        s.spawn(|| block_on(async {
            let mut table = TABLE.write().await;
            both.wait();
            *table += *LEDGER.lock().await; // the writer wants
        }));
        s.spawn(|| block_on(async {
            let ledger = LEDGER.lock().await;
            both.wait();
            println!("{}", *TABLE.upgradable_read().await + *ledger); // behind the writer
        }));
    });
}

/// One after the other, as far as the clock goes, and not as far as anything orders them.
fn inverted() {
    let gate = AtomicBool::new(false);
    scope(|s| {
        s.spawn(|| {
            block_on(async {
                let table = TABLE.upgradable_read().await; // reads
                *LEDGER.lock().await += *table;
            });
            gate.store(true, Ordering::SeqCst);
        });
        s.spawn(|| {
            while !gate.load(Ordering::SeqCst) { std::thread::yield_now(); }
            block_on(async {
                let ledger = LEDGER.lock().await; // locks
                *TABLE.write().await += *ledger;
            });
        });
    });
}

fn correct() {
    let owned = Arc::new(RwLock::new(0));
    scope(|s| {
        for n in 0..3 {
            let owned = &owned;
            s.spawn(move || block_on(async move {
                for _ in 0..200 {
                    let table = TABLE.upgradable_read().await;
                    let table = match Upgradable::try_upgrade(table) {
                        Ok(table) => table,
                        Err(table) => Upgradable::upgrade(table).await,
                    };
                    let table = Upgradable::downgrade(Write::downgrade_to_upgradable(table));
                    *LEDGER.lock().await = *table;
                    drop(table);
                    let right = owned.upgradable_read_arc().await;
                    if n == 0 {
                        // Given up while others read, or not.
                        or(async { *Owned::upgrade(right).await += 1 }, yield_now()).await;
                    } else {
                        drop(right);
                        drop(poll_once(owned.read_arc()).await);
                    }
                }
            }));
        }
    });
    // A guard of a task's goes to a thread, and one of a thread's into a task.
    let right = block_on(owned.upgradable_read_arc());
    scope(|s| { s.spawn(move || *Owned::upgrade_blocking(right) += 1); });
    let right = owned.upgradable_read_arc_blocking();
    block_on(async { *LEDGER.lock().await += *Owned::upgrade(right).await & 1 });
    println!("correct {}", *TABLE.write_blocking());
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("upgraded") => upgraded(),
        Some("owned") => owned(),
        Some("written") => written(),
        Some("inverted") => inverted(),
        _ => correct(),
    }
}
"#;

#[test]
fn upgradable_readers_of_tasks() {
    let files = [("src/main.rs", MAIN)];
    let dependencies = "async-lock = \"3\"\nfutures-lite = \"2\"\n";
    let project = Project::of_group("async-lock", "upgradable", dependencies, &files);
    let deadlock = "error[deadlock]: deadlock of 2 tasks";
    for (mode, finding, names, ends) in [
        (
            "upgraded",
            deadlock,
            ["`TABLE`", "right to upgrade"],
            ["// upgrades", "// would upgrade"],
        ),
        ("owned", deadlock, ["`table`", "`LEDGER`"], ["// wants the ledger", "// wants the table"]),
        (
            "written",
            deadlock,
            ["`TABLE`", "`LEDGER`"],
            ["// the writer wants", "// behind the writer"],
        ),
        (
            "inverted",
            "error[lock-order-inversion]",
            ["`TABLE`", "`LEDGER`"],
            ["// reads", "// locks"],
        ),
    ] {
        let outcome = project.call(&format!("run -- {mode}"));
        outcome.expect(1, &[finding, names[0], names[1], ends[0], ends[1]]);
    }
    project.call("run -- correct").expect(0, &["correct 0", "ok: ", "0 findings"]);
}
