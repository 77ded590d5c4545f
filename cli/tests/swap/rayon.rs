//! Waits for jobs of a pool of rayon.

use crate::support::{Project, line_of};

/// What each test does comes from the first argument; with a second one a thread beside it goes on for ever.
const MAIN: &str = r#"
use dashmap::DashMap;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Barrier, Mutex, OnceLock, RwLock};
use std::time::Duration;

static LEDGER: Mutex<u64> = Mutex::new(0);

fn add(amount: u64) {
    *LEDGER.lock().unwrap() += amount; // wants
}

fn iterator() {
    let held = LEDGER.lock().unwrap();
    (0..64_u64).into_par_iter().for_each(add); // iterates
    drop(held);
}

fn install() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let held = LEDGER.lock().unwrap();
    pool.install(|| add(1)); // installs
    drop(held);
}

fn broadcast() {
    let held = LEDGER.lock().unwrap();
    rayon::broadcast(|_| add(1)); // broadcasts
    drop(held);
}

/// The other worker of the pool runs the second closure.
fn join() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let both = Barrier::new(2);
    pool.install(|| {
        let held = LEDGER.lock().unwrap();
        let second = || { both.wait(); add(1) };
        rayon::join(|| both.wait(), second); // joins
        drop(held);
    });
}

/// The only worker of the pool takes up a job while it waits, which wants the lock that it holds.
fn steal() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        let held = LEDGER.lock().unwrap();
        rayon::scope(|scope| scope.spawn(|_| add(1))); // spawns
        drop(held);
    });
}

/// The only worker of one pool holds the lock and waits for the other pool, whose only worker wants the lock.
fn pools() {
    let one = || rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (front, back, both) = (one(), one(), Barrier::new(2));
    std::thread::scope(|s| {
        s.spawn(|| front.install(|| { both.wait(); add(1) }));
        s.spawn(|| back.install(|| {
            let _held = LEDGER.lock().unwrap();
            both.wait();
            front.install(|| ()); // crosses
        }));
    });
}

/// The only worker of a pool receives what a job of the other pool sends, which waits for the first pool.
fn answers() {
    let one = || rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (front, back) = (std::sync::Arc::new(one()), one());
    let (result, results) = std::sync::mpsc::channel();
    let again = front.clone();
    front.install(move || {
        back.spawn(move || result.send(again.install(|| 7_u64)).unwrap()); // asks back
        add(results.recv().unwrap()); // receives
    });
}

/// Each takes the lock and waits for others meanwhile: the only worker could have run one of these there.
fn latent() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let both = |amount: u64| {
        let mut ledger = LEDGER.lock().unwrap(); // holds
        let (one, two) = rayon::join(|| amount, || amount); // waits
        *ledger += one + two;
    };
    pool.install(|| (0..8_u64).into_par_iter().for_each(both)); // hands out
}

/// A job takes the lock after it was held over a wait of its pool. It waits a moment for that; nothing makes it wait longer.
fn apart() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut ledger = LEDGER.lock().unwrap(); // holds apart
            *ledger += pool.install(|| 1); // waits apart
            drop(ledger);
            is_done.store(true, Relaxed);
        });
        scope.spawn(|| {
            for _ in 0..3000 {
                if !is_done.load(Relaxed) {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
            pool.scope(|scope| scope.spawn(|_| add(1))); // spawns apart
        });
    });
}

/// The first job to come initialises, and waits for others.
fn initialise() {
    static TABLE: OnceLock<u64> = OnceLock::new();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let table = || *TABLE.get_or_init(|| (0..64_u64).into_par_iter().sum()); // uses
    pool.install(|| (0..8).into_par_iter().for_each(|_| _ = table()));
}

/// Whoever holds the lock over a wait, and whoever takes it in a job, come one after the other.
fn phases() {
    let (one, other) = (pool_of_two(), pool_of_two());
    static GATE: Mutex<()> = Mutex::new(());
    for _ in 0..20 {
        (0..64_u64).into_par_iter().for_each(add);
        let mut ledger = LEDGER.lock().unwrap();
        *ledger += (0..64_u64).into_par_iter().sum::<u64>();
        drop(ledger);
        one.install(|| {
            rayon::join(|| add(1), || add(1));
            let mut ledger = LEDGER.lock().unwrap();
            *ledger += (0..64_u64).into_par_iter().sum::<u64>();
            drop(ledger);
            rayon::scope(|scope| scope.spawn(|scope| scope.spawn(|_| add(1))));
        });
        let (sender, receiver) = std::sync::mpsc::channel();
        for _ in 0..2 {
            let sender = sender.clone();
            one.spawn(move || { add(1); sender.send(1_u64).unwrap() });
        }
        drop(sender);
        let sum: u64 = receiver.iter().sum();
        let mut ledger = LEDGER.lock().unwrap();
        *ledger += one.install(|| sum);
    }
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _gate = GATE.lock().unwrap();
            let mut ledger = LEDGER.lock().unwrap();
            *ledger += one.install(|| 1);
        });
        scope.spawn(|| {
            let _gate = GATE.lock().unwrap();
            one.install(|| (0..8_u64).into_par_iter().for_each(add));
        });
        scope.spawn(|| other.install(|| add(1)));
    });
}

fn pool_of_two() -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap()
}

fn correct() {
    phases();
    let table = RwLock::new(vec![1_u64; 1000]);
    for _ in 0..10 {
        let copy = table.read().unwrap().clone();
        add(copy.par_iter().sum());
        let read = table.read().unwrap();
        let sum: u64 = (0..100).into_par_iter().map(|at: usize| table.read().unwrap()[at]).sum();
        drop(read);
        (0..100_u64).into_par_iter().for_each(add);
        let mut ledger = LEDGER.lock().unwrap();
        let mut sorted: Vec<u64> = (0..5000).rev().collect();
        sorted.par_sort();
        *ledger += sorted[0] + sum;
        drop(ledger);
        rayon::scope(|scope| scope.spawn(|scope| scope.spawn(|_| add(1))));
        rayon::in_place_scope(|scope| scope.spawn(|_| add(1)));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let inner = || pool.install(|| (0..10_u64).into_par_iter().sum::<u64>());
    let (sum, _) = pool.install(|| rayon::join(inner, || rayon::broadcast(|context| context.index())));
    let panicked = std::panic::catch_unwind(|| rayon::join(|| panic!("on purpose"), || add(1)));
    println!("{sum} {} {}", LEDGER.lock().unwrap(), panicked.is_err());
}

/// No key that a job asks for lies in the shard of the entry, this time.
fn entry() {
    let map: DashMap<u32, u32> = (0..64).map(|key| (key, key)).collect();
    let mut total = map.entry(100).or_insert(0); // takes an entry
    let far: Vec<u32> = (0..64).filter(|key| map.try_get(key).is_present()).collect();
    *total += far.par_iter().map(|key| *map.get(key).unwrap()).sum::<u32>(); // looks up
}

/// Readers only, and shards one after the other.
fn map_in_jobs() {
    let map: DashMap<u32, u32> = (0..64).map(|key| (key, key)).collect();
    let one = map.get(&3).unwrap();
    let all: u32 = (0..64_u32).into_par_iter().map(|key| *map.get(&key).unwrap()).sum();
    println!("{}", all + *one);
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.len() > 1 {
        std::thread::spawn(|| loop { std::thread::sleep(Duration::from_millis(20)); });
    }
    match args.first().map(String::as_str) {
        Some("iterator") => iterator(),
        Some("install") => install(),
        Some("broadcast") => broadcast(),
        Some("join") => join(),
        Some("steal") => steal(),
        Some("pools") => pools(),
        Some("answers") => answers(),
        Some("latent") => latent(),
        Some("apart") => apart(),
        Some("initialise") => initialise(),
        Some("entry") => entry(),
        Some("map") => map_in_jobs(),
        _ => correct(),
    }
}
"#;

/// The line of the source that ends so.
fn line(end: &str) -> String {
    line_of(MAIN, end)
}

#[test]
fn waits_for_jobs_are_told_and_so_are_locks_held_over_them() {
    let files = [("src/main.rs", MAIN)];
    let project = Project::of_group("rayon", "jobs", "dashmap = \"6\"\nrayon = \"1\"\n", &files);
    for (what, asks) in [
        // At once, though another thread goes on.
        ("iterator beside", "// iterates"),
        ("install beside", "// installs"),
        ("broadcast beside", "// broadcasts"),
        // When nothing moves any more.
        ("join", "// joins"),
        ("pools", "// crosses"),
    ] {
        let outcome = project.call(&format!("run -- {what}"));
        outcome.expect(
            1,
            &[
                "error[deadlock]",
                "jobs of a thread pool",
                "`LEDGER`",
                &line(asks),
                &line("// wants"),
                "release the lock before waiting for jobs that take it",
            ],
        );
        for not in ["Condvar", "a condition variable"] {
            assert!(!outcome.stdout.contains(not), "{}", outcome.stdout);
        }
    }
    let outcome = project.call("run -- answers");
    outcome
        .expect(1, &["error[deadlock]", "`result`", &line("// asks back"), &line("// receives")]);
    let outcome = project.call("run -- steal beside");
    outcome.expect(1, &["error[self-deadlock]", "`LEDGER`", &line("// wants")]);
    // The stack of the wait has both levels.
    assert!(outcome.stdout.contains(&line("// spawns")), "{}", outcome.stdout);
    for (what, ends) in [
        ("latent", &["// holds", "// waits", "// hands out"][..]),
        ("apart", &["// holds apart", "// waits apart", "// spawns apart", "// wants"]),
        ("initialise", &["// uses"]),
        ("entry", &["// takes an entry", "// looks up"]),
    ] {
        let outcome = project.call(&format!("run -- {what}"));
        outcome.expect(1, &["error[held-across-pool]"]);
        for end in ends {
            let shown = format!("{} |", line(end).trim_start_matches("src/main.rs:"));
            assert!(outcome.stdout.contains(&shown), "{what}: {}", outcome.stdout);
        }
    }
    for (what, prints) in [("correct", &["45 ", " true", "ok: "][..]), ("map", &["2019"])] {
        let outcome = project.call(&format!("run -- {what}"));
        outcome.expect(0, prints);
        assert!(!outcome.stdout.contains("held-across-pool"), "{}", outcome.stdout);
    }
    project.call("doctor").expect(0, &["rayon-core 1.", "rayon 1."]);
}
