//! Projects with locks that spin: nothing is edited, and they are seen.

use crate::support::{Outcome, Project};
use std::path::Path;

/// What happens, and with which version, comes from the arguments.
const MAIN: &str = r#"
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, yield_now};

mod newest;
mod old;

/// One after the other, as far as the clock goes, and not as far as anything orders them.
pub fn two(first: impl FnOnce() + Send, second: impl FnOnce() + Send) {
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

fn main() {
    let args: Vec<String> = std::env::args().collect();
    macro_rules! run {
        ($($name:ident)+) => {
            match (args[1].as_str(), args[2].as_str()) {
                $((stringify!($name), "0.9") => old::$name(), (stringify!($name), _) => newest::$name(),)+
                _ => unreachable!(),
            }
        };
    }
    run!(inverted upgradeable_inverted initialised_inverted crosswise again upgraded initialised ticked waited met correct sent);
}
"#;

/// The same with each version, in place of `SPIN`.
const PROGRAMS: &str = r#"
use crate::two;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, yield_now};
use SPIN::mutex::{FairMutex, TicketMutex};
use SPIN::{Mutex, Once, RwLock};
use LAZY as Lazy;

static LEDGER: Mutex<u8> = Mutex::new(0);
static AUDIT: RwLock<u8> = RwLock::new(0);
static TABLE: RwLock<u8> = RwLock::new(0);
static TICKET: TicketMutex<u8> = TicketMutex::<_>::new(0);
static FAIR: FairMutex<u8> = FairMutex::<_>::new(0);
static RATES: Lazy<u8> = Lazy::new(|| *LEDGER.lock());
static ONCE: Once<u8> = Once::new();

pub fn inverted() {
    two(
        || {
            let ledger = LEDGER.lock();
            let audit = AUDIT.write(); // first
            drop((audit, ledger));
        },
        || {
            let audit = AUDIT.read();
            let ledger = LEDGER.lock(); // second
            drop((ledger, audit));
        },
    );
}

/// A new reader waits for an upgradeable one.
pub fn upgradeable_inverted() {
    two(
        || {
            let table = TABLE.upgradeable_read();
            drop((LEDGER.lock(), table));
        },
        || {
            let ledger = LEDGER.lock();
            drop((TABLE.read(), ledger)); // reader
        },
    );
}

pub fn initialised_inverted() {
    two(
        || println!("{}", *RATES),
        || {
            let ledger = LEDGER.lock();
            println!("{}", *ledger + *RATES); // used
        },
    );
}

pub fn crosswise() {
    let both = Barrier::new(2);
    scope(|scope| {
        scope.spawn(|| {
            let _fair = FAIR.lock(); // fair
            both.wait();
            drop(TICKET.lock()); // ticket waits
        });
        scope.spawn(|| {
            let _ticket = TICKET.lock(); // ticket
            both.wait();
            drop(FAIR.lock()); // fair waits
        });
    });
}

pub fn again() {
    let table = TABLE.upgradeable_read();
    println!("{}", *table + *TABLE.read()); // again
}

pub fn upgraded() {
    let step = Barrier::new(2);
    scope(|scope| {
        scope.spawn(|| {
            step.wait();
            let table = TABLE.upgradeable_read();
            step.wait();
            *table.upgrade() += 1; // upgrades
        });
        scope.spawn(|| {
            let table = TABLE.read();
            step.wait();
            step.wait();
            println!("{}", *TABLE.upgradeable_read() + *table); // reads
        });
    });
}

pub fn initialised() {
    ONCE.call_once(|| *ONCE.call_once(|| 1)); // itself
}

/// A wait beside a thread that goes on.
pub fn ticked() {
    static TICKS: AtomicBool = AtomicBool::new(false);
    std::thread::spawn(|| {
        loop {
            TICKS.fetch_xor(true, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    });
    let held = LEDGER.lock();
    println!("{}", *held + *LEDGER.lock()); // ticked
}

/// Each initialiser waits for the value of the other one.
pub fn waited() {
    static OTHER: Once<u8> = Once::new();
    let both = Barrier::new(2);
    scope(|scope| {
        scope.spawn(|| { ONCE.call_once(|| { both.wait(); *OTHER.wait() }); }); // waits for other
        scope.spawn(|| { OTHER.call_once(|| { both.wait(); *ONCE.wait() }); }); // waits for one
    });
}

/// One thread more is to come, which waits for the lock of one that is there.
pub fn met() {
    let (all, step) = (SPIN::Barrier::new(2), Barrier::new(2)); // barrier
    scope(|scope| {
        scope.spawn(|| {
            let ledger = LEDGER.lock();
            step.wait();
            all.wait(); // comes
            drop(ledger);
        });
        scope.spawn(|| {
            step.wait();
            let ledger = LEDGER.lock(); // comes never
            all.wait();
            drop(ledger);
        });
    });
}

/// Those who have come sleep until the last one comes, also where that takes long and where what they spin by is somebody's own.
pub fn met_late() {
    struct Own;
    impl SPIN::RelaxStrategy for Own {
        fn relax() { yield_now() }
    }
    let (all, own) = (SPIN::Barrier::new(4), SPIN::barrier::Barrier::<Own>::new(4));
    let leaders = std::sync::atomic::AtomicUsize::new(0);
    let meet = |is_late: bool| for _ in 0..2 {
        if is_late { std::thread::sleep(std::time::Duration::from_millis(1300)); }
        let is_leader = [all.wait().is_leader(), own.wait().is_leader()];
        leaders.fetch_add(is_leader.into_iter().filter(|one| *one).count(), Ordering::SeqCst);
    };
    scope(|scope| for at in 0..4 { let meet = &meet; scope.spawn(move || meet(at == 0)); });
    eprintln!("leaders {leaders:?}");
}

pub fn correct() {
    met_late();
    // Given up, and let go by force, by this and by another thread: no order comes of what is held no more.
    let by_force = || {
        *SPIN::MutexGuard::leak(LEDGER.lock()) += 1;
        // SAFETY: its guard was given up.
        unsafe { LEDGER.force_unlock() };
        std::mem::forget(AUDIT.write());
        // SAFETY: its guard was given up.
        unsafe { AUDIT.force_write_unlock() };
        std::mem::forget(AUDIT.read());
        // SAFETY: its guard was given up.
        unsafe { AUDIT.force_read_decrement() };
        std::mem::forget(TICKET.lock());
        // SAFETY: its guard was given up.
        unsafe { TICKET.force_unlock() };
        std::mem::forget(FAIR.lock());
        // SAFETY: its guard was given up.
        unsafe { FAIR.force_unlock() };
        drop((LEDGER.lock(), TICKET.lock(), FAIR.lock(), AUDIT.write()));
    };
    two(by_force, by_force);
    static FORCED: Mutex<u8> = Mutex::new(0);
    std::mem::forget(FORCED.lock());
    // SAFETY: it is locked, and its guard was forgotten.
    scope(|scope| scope.spawn(|| unsafe { FORCED.force_unlock() }).join().unwrap());
    drop((FORCED.lock(), LEDGER.lock()));
    // Readers nest, whoever waits to write; an upgradeable one comes beside readers.
    scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100 {
                    let table = TABLE.read();
                    let again = TABLE.try_read();
                    drop((again, table));
                    let table = TABLE.upgradeable_read();
                    let mut table = table.upgrade();
                    *table = table.wrapping_add(1);
                    drop(table.downgrade());
                    *FAIR.lock() = FAIR.is_locked().into();
                    *TICKET.lock() = 1;
                    if let Some(mut ledger) = LEDGER.try_lock() { *ledger = 2; }
                    println!("{}", ONCE.call_once(|| *RATES));
                }
            });
        }
    });
    drop(TABLE.read());
    let table = TABLE.upgradeable_read();
    drop(table);
    // Those of lock_api are seen once.
    let lock: SPIN::lock_api::Mutex<u8> = SPIN::lock_api::Mutex::new(1);
    let table: SPIN::lock_api::RwLock<u8> = SPIN::lock_api::RwLock::new(1);
    drop((lock.lock(), table.upgradable_read()));
    drop((lock.try_lock(), table.write()));
    let barrier = SPIN::Barrier::new(2);
    scope(|scope| {
        scope.spawn(|| barrier.wait());
        barrier.wait();
    });
    eprintln!("sum {}", *TABLE.read());
}

/// A guard goes to another thread.
pub fn sent() {
    for _ in 0..5 {
        let received = Barrier::new(2);
        let ledger = LEDGER.lock();
        scope(|s| {
            s.spawn(|| { let mut ledger = ledger; received.wait(); yield_now(); *ledger += 1; });
            received.wait();
            drop(AUDIT.write());
            *LEDGER.lock() += 1;
        });
    }
    let audit = AUDIT.read();
    let ledger = scope(|s| s.spawn(|| LEDGER.lock()).join().unwrap());
    eprintln!("sent {}", *ledger);
    drop((ledger, audit));
}
"#;

const DEPENDENCIES: &str = "\
    spin = { version = \"0.9\", features = [\"ticket_mutex\", \"fair_mutex\"] }\n\
    latest = { package = \"spin\", version = \"0.12\", features = [\"ticket_mutex\", \"fair_mutex\"] }\n\
    lock_api = \"0.4\"\n";

/// The versions are those of our own lock file, so that nothing is fetched.
fn project(name: &str) -> Project {
    let files: [(&str, &str); 3] = [
        ("src/main.rs", MAIN),
        ("src/old.rs", &PROGRAMS.replace("SPIN", "spin").replace("LAZY", "spin::Lazy")),
        ("src/newest.rs", &PROGRAMS.replace("SPIN", "latest").replace("LAZY", "latest::LazyLock")),
    ];
    let project = Project::of_group("spin", name, DEPENDENCIES, &files);
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    std::fs::copy(lock, project.path().join("Cargo.lock")).unwrap();
    project
}

/// The line of a program that ends so; of which file, is the same in all.
fn line(end: &str) -> String {
    let end = format!("// {end}");
    let at = PROGRAMS.lines().position(|line| line.ends_with(&end)).unwrap();
    format!(".rs:{}:", at + 1)
}

fn run(project: &Project, mode: &str, version: &str) -> Outcome {
    let outcome = project.call(&format!("run -- {mode} {version}"));
    outcome.lacks(&["are not seen"]);
    outcome
}

#[test]
fn what_spins_is_seen_at_the_users_lines() {
    let project = project("seen");
    for version in ["0.9", "0.12"] {
        let run = |mode: &str| run(&project, mode, version);
        let inversion = "error[lock-order-inversion]";
        run("inverted").expect(1, &[inversion, "`LEDGER` and `AUDIT`", "// first", "// second"]);
        run("upgradeable_inverted").expect(1, &[inversion, "TABLE", "`LEDGER`", "// reader"]);
        run("initialised_inverted").expect(1, &[inversion, "`RATES`", "`LEDGER`", &line("used")]);
        let deadlock = "error[deadlock]: deadlock of 2 threads";
        run("crosswise").expect(
            1,
            &[deadlock, "`FAIR`", "`TICKET`", &line("ticket waits"), &line("fair waits")],
        );
        run("upgraded").expect(1, &[deadlock, "TABLE", &line("upgrades"), &line("reads")]);
        let alone = "error[self-deadlock]";
        run("again").expect(1, &[alone, "TABLE", &line("again")]);
        run("initialised").expect(1, &[alone, "`ONCE`", &line("itself")]);
        let waited = [&line("waits for other"), &line("waits for one")];
        run("waited").expect(1, &[deadlock, "`ONCE`", "`OTHER`", waited[0], waited[1]]);
        run("met").expect(
            1,
            &["error[deadlock]", "`LEDGER`", "`all`", &line("comes"), &line("comes never")],
        );
        run("ticked").expect(1, &[alone, "`LEDGER`", &line("ticked")]);
    }
}

#[test]
fn what_spins_correctly_is_left_alone() {
    let project = project("correct");
    for version in ["0.9", "0.12"] {
        run(&project, "correct", version).expect(0, &["leaders 4", "sum 144", "ok: "]);
        run(&project, "sent", version).expect(0, &["sent "]).lacks(&["error[deadlock"]);
    }
    project.call("doctor").expect(0, &["spin 0.9.", "spin 0.12."]);
}
