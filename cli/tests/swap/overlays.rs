//! Crates whose source is compiled with edits, so that their own locks are seen.

mod lock_api;

use crate::support::{MANIFEST, Project, line_of};
use std::fs;
use std::path::Path;

/// A lock of the user's own over lock_api, and a map; what each test does comes from the argument.
const MAIN: &str = r#"
use dashmap::DashMap;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

pub struct Ticket {
    next: AtomicUsize,
    served: AtomicUsize,
}

// SAFETY: who has drawn the number that is served holds it, and one at a time has.
unsafe impl lock_api::RawMutex for Ticket {
    const INIT: Self = Self { next: AtomicUsize::new(0), served: AtomicUsize::new(0) };
    type GuardMarker = lock_api::GuardNoSend;
    fn lock(&self) {
        let ticket = self.next.fetch_add(1, Ordering::AcqRel);
        while self.served.load(Ordering::Acquire) != ticket { std::thread::yield_now(); }
    }
    fn try_lock(&self) -> bool {
        let served = self.served.load(Ordering::Acquire);
        self.next.compare_exchange(served, served + 1, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
    unsafe fn unlock(&self) {
        self.served.fetch_add(1, Ordering::AcqRel);
    }
}

// SAFETY: tickets are fair.
unsafe impl lock_api::RawMutexFair for Ticket {
    unsafe fn unlock_fair(&self) {
        // SAFETY: the caller holds it.
        unsafe { lock_api::RawMutex::unlock(self) }
    }
}

type Mutex<T> = lock_api::Mutex<Ticket, T>;

static LEDGER: Mutex<u8> = Mutex::new(0);
static AUDIT: Mutex<u8> = Mutex::new(0);

fn inverted() {
    let gate = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let ledger = LEDGER.lock();
            let audit = AUDIT.lock(); // first
            drop((audit, ledger));
            gate.store(true, Ordering::SeqCst);
        });
        scope.spawn(|| {
            while !gate.load(Ordering::SeqCst) { std::thread::yield_now(); }
            let audit = AUDIT.lock();
            let ledger = LEDGER.lock(); // second
            drop((ledger, audit));
        });
    });
}

/// One lock given away and taken back inside of the other.
fn bumped() {
    let gate = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut ledger = LEDGER.lock();
            let audit = AUDIT.lock();
            lock_api::MutexGuard::bump(&mut ledger); // bumped
            drop((audit, ledger));
            gate.store(true, Ordering::SeqCst);
        });
        scope.spawn(|| {
            while !gate.load(Ordering::SeqCst) { std::thread::yield_now(); }
            drop((LEDGER.lock(), AUDIT.lock()));
        });
    });
}

fn crosswise() {
    let both = Barrier::new(2);
    std::thread::scope(|scope| {
        for (first, second) in [(&LEDGER, &AUDIT), (&AUDIT, &LEDGER)] {
            let both = &both;
            scope.spawn(move || {
                let first = first.lock();
                both.wait();
                let second = second.lock(); // waits
                println!("{}", *first + *second);
            });
        }
    });
}

fn referenced() {
    let sessions: DashMap<u8, u8> = DashMap::new(); // created
    sessions.insert(1, 1);
    let held = sessions.get(&1).unwrap(); // held
    sessions.insert(1, *held + 1); // waits
}

/// Calls on a map while a reference into it is held, none of which waits this time: the key lies in another shard.
fn again() {
    let rooms: DashMap<u8, u8> = (0..100).map(|key| (key, key)).collect();
    let held = rooms.get(&0).unwrap(); // reference
    let free = (1..100).find(|key| !rooms.try_get_mut(key).is_locked()).unwrap();
    rooms.insert(free, *held); // again
    drop(held);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let held = rooms.get(&1).unwrap(); // reads
            println!("{}", *held + *rooms.get(&free).unwrap()); // reads again
        });
    });
    std::thread::scope(|scope| drop(scope.spawn(|| rooms.insert(2, 2))));
}

/// One map and one lock in both orders, with keys in different shards.
fn around() {
    let users: DashMap<u8, u8> = (0..100).map(|key| (key, key)).collect(); // users
    let gate = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let user = users.get_mut(&0).unwrap();
            drop((AUDIT.lock(), user)); // inside the map
            gate.store(true, Ordering::SeqCst);
        });
        scope.spawn(|| {
            while !gate.load(Ordering::SeqCst) { std::thread::yield_now(); }
            let audit = AUDIT.lock();
            users.insert(50, *audit); // inside the lock
        });
    });
}

/// A guard that is forgotten, given back, lent raw, and unlocked for a while: no hold of any of these is false.
fn correct() {
    use lock_api::RawMutex;
    std::mem::forget(LEDGER.lock());
    // SAFETY: its guard was forgotten.
    unsafe { LEDGER.force_unlock() };
    let mut audit = AUDIT.lock();
    lock_api::MutexGuard::unlocked(&mut audit, || drop(LEDGER.lock()));
    drop(audit);
    let ledger = LEDGER.lock();
    std::mem::forget(ledger);
    // SAFETY: as above.
    unsafe { LEDGER.raw().unlock() };
    let audit = AUDIT.lock();
    let ledger = LEDGER.lock();
    drop((audit, ledger));
    let ledger = LEDGER.lock();
    let mapped = lock_api::MutexGuard::map(ledger, |value| value);
    drop(mapped);
    let map: DashMap<u32, u32> = (0..100).map(|key| (key, key)).collect();
    map.alter_all(|_, value| value + 1);
    // Each iterator takes the next shard before it lets the last one go; so do several at once.
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                map.iter_mut().for_each(|mut entry| *entry.value_mut() += 0);
                drop(map.iter().collect::<Vec<_>>());
                map.retain(|_, _| true);
                let copy = map.clone();
                let entry = map.get_mut(&1).unwrap();
                copy.insert(1, *entry);
                assert!(map.try_get(&1).is_locked());
            });
        }
    });
    println!("{}", map.iter().map(|entry| *entry.value()).sum::<u32>());
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("inverted") => inverted(),
        Some("bumped") => bumped(),
        Some("crosswise") => crosswise(),
        Some("referenced") => referenced(),
        Some("again") => again(),
        Some("around") => around(),
        _ => correct(),
    }
}
"#;

fn project() -> Project {
    let manifest = format!("{MANIFEST}[dependencies]\nlock_api = \"0.4\"\ndashmap = \"6\"\n");
    Project::new(&[("Cargo.toml", &manifest), ("src/main.rs", MAIN)])
}

/// The line of the source that ends so.
fn line(end: &str) -> String {
    line_of(MAIN, end)
}

#[test]
fn locks_of_lock_api_and_maps_are_seen_at_the_users_lines() {
    let project = project();
    let outcome = project.call("run -- inverted");
    outcome.expect(
        1,
        &["error[lock-order-inversion]", "between `LEDGER` and `AUDIT`", &line("// first")],
    );
    let outcome = project.call("run -- bumped");
    outcome.expect(
        1,
        &["error[lock-order-inversion]", "between `LEDGER` and `AUDIT`", &line("// bumped")],
    );
    let outcome = project.call("run -- crosswise");
    outcome.expect(1, &["error[deadlock]", "`LEDGER`", "`AUDIT`", &line("// waits")]);
    let outcome = project.call("run -- referenced");
    outcome.expect(
        1,
        &[
            "error[self-deadlock]",
            "`sessions`",
            &line("// created"),
            "sessions.insert(1, *held + 1)",
        ],
    );
    let outcome = project.call("run -- again");
    outcome.expect(
        1,
        &[
            "error[lock-order-inversion]: `rooms` is used again by a thread that holds a reference into it",
            &line("// again"),
            "two keys may lie in one shard",
            "1 finding",
        ],
    );
    let outcome = project.call("run -- around");
    outcome.expect(
        1,
        &[
            "error[lock-order-inversion]",
            "`users`",
            "`AUDIT`",
            &line("// inside the map"),
            "users.insert(50, *audit)",
        ],
    );
    let outcome = project.call("run -- correct");
    outcome.expect(0, &["5050", "ok: "]);
    assert!(!outcome.stdout.contains("lock_api"), "{}", outcome.stdout);
    // Nothing is compiled again, and what was seen is still known.
    let outcome = project.call("doctor");
    outcome.expect(0, &["dashmap 6.", "lock_api 0.4.14: all locks that are built on it"]);
}

/// The folder of a package's sources, as cargo has it.
fn sources(project: &Project, package: &str) -> String {
    let mut command = std::process::Command::new("cargo");
    // What only other platforms need may not have been fetched.
    command
        .args(["metadata", "--format-version=1", "--offline", "--filter-platform=host-tuple"])
        .current_dir(project.path());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let found = packages.iter().find(|found| found["name"] == package).unwrap();
    let manifest = found["manifest_path"].as_str().unwrap();
    Path::new(manifest).parent().unwrap().display().to_string()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn another_source_is_built_as_it_is_and_told() {
    let project = project();
    let fork = project.path().join("fork");
    copy(Path::new(&sources(&project, "lock_api")), &fork);
    // What it may depend on, and does not here, need not be on this machine.
    let path = fork.join("Cargo.toml");
    let manifest = fs::read_to_string(&path).unwrap();
    let needed: Vec<_> =
        manifest.split("\n\n").filter(|part| !part.contains("optional = true")).collect();
    fs::write(path, needed.join("\n\n")).unwrap();
    let patch = "[patch.crates-io]\nlock_api = { path = \"fork\" }\n";
    let manifest = fs::read_to_string(project.path().join("Cargo.toml")).unwrap();
    project.write("Cargo.toml", &(manifest + patch));
    // Patched, but as it was: a package of the user's own, whose lines are below the project.
    let outcome = project.call("run -- inverted");
    outcome.expect(1, &["error[lock-order-inversion]"]);
    // With other text where the edits are.
    let path = fork.join("src/mutex.rs");
    let changed = fs::read_to_string(&path).unwrap().replace("    raw: R,", "    raw: (R),");
    fs::write(&path, changed).unwrap();
    let outcome = project.call("run -- inverted");
    outcome
        .expect(0, &["warning: the locks of lock_api 0.4.14 are not seen: its source is unknown"]);
    let not_seen = "lock_api 0.4.14: all locks that are built on it: its source is unknown";
    project.call("doctor").expect(0, &["not seen", not_seen]);
    // A crate that only has its name.
    fs::write(fork.join("src/lib.rs"), "pub fn nothing() {}\n").unwrap();
    project.write("src/main.rs", "fn main() { lock_api::nothing() }\n");
    project.write(
        "Cargo.toml",
        &format!("{MANIFEST}[dependencies]\nlock_api = {{ path = \"fork\" }}\n"),
    );
    project.call("run").expect(0, &["nothing was recorded"]);
}
