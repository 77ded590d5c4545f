//! What async-lock has beside mutexes: cells and upgradable readers, where threads block.

use crate::support::Project;

/// What happens comes from the argument.
const MAIN: &str = r#"
use async_lock::{Mutex, OnceCell, RwLock};
use async_lock::{RwLockUpgradableReadGuard as Upgradable, RwLockUpgradableReadGuardArc as Owned};
use async_lock::RwLockWriteGuard as Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread::{scope, yield_now};

static RATES: OnceCell<u8> = OnceCell::new();
static FEES: OnceCell<u8> = OnceCell::new();
static LEDGER: Mutex<u8> = Mutex::new(0);
static TABLE: RwLock<u8> = RwLock::new(0);

fn cells() {
    let both = Barrier::new(2);
    scope(|s| {
        s.spawn(|| {
            RATES.get_or_init_blocking(|| {
                both.wait();
                *FEES.get_or_init_blocking(|| 1) // fees
            });
        });
        s.spawn(|| {
            FEES.get_or_init_blocking(|| {
                both.wait();
                *RATES.get_or_init_blocking(|| 1) // rates
            });
        });
    });
}

fn itself() {
    RATES.get_or_init_blocking(|| *RATES.get_or_init_blocking(|| 1) + 1);
}

/// One after the other, as far as the clock goes, and not as far as anything orders them.
fn inverted() {
    let gate = AtomicBool::new(false);
    scope(|s| {
        s.spawn(|| {
            RATES.get_or_init_blocking(|| *LEDGER.lock_blocking()); // initialises
            gate.store(true, Ordering::SeqCst);
        });
        s.spawn(|| {
            while !gate.load(Ordering::SeqCst) { yield_now(); }
            let ledger = LEDGER.lock_blocking();
            println!("{}", *RATES.get_or_init_blocking(|| 2) + *ledger); // uses
        });
    });
}

/// Waits for a value whose initialiser needs what the thread holds.
fn awaited() {
    let both = Barrier::new(2);
    scope(|s| {
        s.spawn(|| {
            let ledger = LEDGER.lock_blocking();
            both.wait();
            println!("{}", RATES.wait_blocking() + *ledger); // waits
        });
        s.spawn(|| {
            both.wait();
            RATES.get_or_init_blocking(|| *LEDGER.lock_blocking()); // needs
        });
    });
}

fn upgraded() {
    let both = Barrier::new(2);
    scope(|s| {
        s.spawn(|| {
            let table = TABLE.upgradable_read_blocking();
            both.wait();
            *Upgradable::upgrade_blocking(table) += 1; // upgrades
        });
        s.spawn(|| {
            let table = TABLE.read_blocking();
            both.wait();
            println!("{}", *TABLE.upgradable_read_blocking() + *table); // would upgrade
        });
    });
}

fn owned() {
    let (table, both) = (Arc::new(RwLock::new(0)), Barrier::new(2));
    scope(|s| {
        s.spawn(|| {
            let owned = table.upgradable_read_arc_blocking();
            both.wait();
            *Owned::upgrade_blocking(owned) += 1; // upgrades the owned
        });
        s.spawn(|| {
            let read = table.read_arc_blocking();
            both.wait();
            println!("{}", *table.upgradable_read_arc_blocking() + *read); // would, too
        });
    });
}

fn correct() {
    scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                RATES.get_or_init_blocking(|| *LEDGER.lock_blocking() + 3);
                let table = TABLE.upgradable_read_blocking();
                let mut table = Upgradable::upgrade_blocking(table);
                *table += 1;
                let table = Write::downgrade_to_upgradable(table);
                drop(Upgradable::downgrade(table));
            });
        }
        s.spawn(|| assert_eq!(RATES.wait_blocking(), &3));
    });
    let table = TABLE.upgradable_read_blocking();
    let read = TABLE.read_blocking();
    let table = Upgradable::try_upgrade(table).unwrap_err();
    drop(read);
    let table = Upgradable::try_upgrade(table).unwrap();
    drop(table);
    drop(TABLE.write_blocking());
    let fees: Result<_, ()> = FEES.get_or_try_init_blocking(|| Err(()));
    assert!(fees.is_err());
    assert_eq!(FEES.set_blocking(4), Ok(&4));
    assert_eq!(FEES.set_blocking(5), Err(5));
    println!("table {}", TABLE.read_blocking());
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("cells") => cells(),
        Some("itself") => itself(),
        Some("inverted") => inverted(),
        Some("awaited") => awaited(),
        Some("upgraded") => upgraded(),
        Some("owned") => owned(),
        _ => correct(),
    }
}
"#;

#[test]
fn cells_and_upgradable_readers_of_threads() {
    let files = [("src/main.rs", MAIN)];
    let project = Project::of_group("async-lock", "waits", "async-lock = \"3\"\n", &files);
    let deadlock = "error[deadlock]: deadlock of 2 threads";
    for (mode, finding, names, ends) in [
        ("cells", deadlock, ["`RATES`", "`FEES`"], ["// fees", "// rates"]),
        ("awaited", deadlock, ["`RATES`", "`LEDGER`"], ["// waits", "// needs"]),
        (
            "upgraded",
            deadlock,
            ["`TABLE`", "right to upgrade"],
            ["// upgrades", "// would upgrade"],
        ),
        (
            "owned",
            deadlock,
            ["`table`", "right to upgrade"],
            ["// upgrades the owned", "// would, too"],
        ),
        (
            "inverted",
            "error[lock-order-inversion]",
            ["`RATES`", "`LEDGER`"],
            ["// initialises", "// uses"],
        ),
    ] {
        let outcome = project.call(&format!("run -- {mode}"));
        outcome.expect(1, &[finding, names[0], names[1], ends[0], ends[1]]);
    }
    let outcome = project.call("run -- itself");
    outcome.expect(1, &["error[self-deadlock]: the initialiser of `RATES` needs `RATES` itself"]);
    project.call("run -- correct").expect(0, &["table 4", "ok: ", "0 findings"]);
}
