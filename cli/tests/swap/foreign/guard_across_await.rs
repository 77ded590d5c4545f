//! Guards that block threads, alive while a task sleeps.

use crate::support::Project;

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use std::future::Future;
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{LocalSet, block_in_place, spawn_blocking, spawn_local};
use tokio::time::sleep;

type Lock = Arc<Mutex<u32>>;

fn current() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn many() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn run(runtime: Runtime, future: impl Future<Output = ()>) {
    runtime.block_on(future);
}

async fn briefly() {
    sleep(Duration::from_millis(5)).await
}

async fn add_later(lock: Lock) {
    sleep(Duration::from_millis(40)).await;
    *lock.lock().unwrap() += 1; // takes
}

/// The root keeps a guard, and a task of the same thread takes the lock, another time.
async fn root() {
    let lock = Lock::default();
    let task = tokio::spawn(add_later(lock.clone()));
    {
        let mut held = lock.lock().unwrap(); // keeps
        briefly().await;
        *held += 1;
    }
    task.await.unwrap();
}

async fn local() {
    let lock = Rc::new(Mutex::new(0));
    let copy = lock.clone();
    let one = spawn_local(async move {
        let mut held = copy.lock().unwrap(); // keeps locally
        briefly().await;
        *held += 1;
    });
    let two = spawn_local(async move {
        sleep(Duration::from_millis(40)).await;
        *lock.lock().unwrap() += 1; // takes locally
    });
    one.await.unwrap();
    two.await.unwrap();
}

/// A worker is blocked for a while.
async fn contended() {
    let lock = Lock::default();
    let held = lock.lock().unwrap(); // keeps for long
    let copy = lock.clone();
    let task = tokio::spawn(async move { *copy.lock().unwrap() += 1 }); // is blocked
    sleep(Duration::from_millis(50)).await;
    drop(held);
    task.await.unwrap();
}

/// The worker is blocked before the task that has the lock sleeps.
async fn contended_first() {
    let lock = Lock::default();
    let held = lock.lock().unwrap(); // keeps already
    let copy = lock.clone();
    let task = tokio::spawn(async move { *copy.lock().unwrap() += 1 }); // is blocked already
    std::thread::sleep(Duration::from_millis(50));
    briefly().await;
    drop(held);
    task.await.unwrap();
}

async fn read() {
    let table = Arc::new(RwLock::new(0));
    let copy = table.clone();
    let task = tokio::spawn(async move {
        sleep(Duration::from_millis(40)).await;
        *copy.write().unwrap() += 1; // writes
    });
    {
        let held = table.read().unwrap(); // reads
        briefly().await;
        println!("{}", *held);
    }
    task.await.unwrap();
}

/// A reference into a map moves with its task.
async fn map() {
    let map = Arc::new(dashmap::DashMap::new());
    map.insert(1, 1);
    let (one, two) = (map.clone(), map.clone());
    let one = tokio::spawn(async move {
        let value = one.get_mut(&1).unwrap(); // refers
        briefly().await;
        println!("{}", *value);
    });
    let two = tokio::spawn(async move {
        sleep(Duration::from_millis(40)).await;
        *two.get_mut(&1).unwrap() += 1; // refers, too
    });
    one.await.unwrap();
    two.await.unwrap();
}

async fn parking() {
    let lock = Arc::new(parking_lot::Mutex::new(0));
    let copy = lock.clone();
    let task = tokio::spawn(async move {
        sleep(Duration::from_millis(40)).await;
        *copy.lock() += 1; // takes the other
    });
    {
        let mut held = lock.lock(); // keeps the other
        briefly().await;
        *held += 1;
    }
    task.await.unwrap();
}

// Correct ones.

async fn released() {
    let lock = Lock::default();
    let task = tokio::spawn(add_later(lock.clone()));
    for _ in 0..3 {
        *lock.lock().unwrap() += 1;
        briefly().await;
    }
    task.await.unwrap();
}

async fn alone() {
    let lock = Lock::default();
    for _ in 0..3 {
        let mut held = lock.lock().unwrap();
        briefly().await;
        *held += 1;
    }
}

/// Nobody else is there yet, nor any more.
async fn ordered() {
    let lock = Lock::default();
    {
        let mut held = lock.lock().unwrap();
        briefly().await;
        *held += 1;
    }
    let outer = tokio::spawn(async move { tokio::spawn(add_later(lock.clone())).await.unwrap(); lock });
    let lock = outer.await.unwrap();
    let local = LocalSet::new();
    let copy = lock.clone();
    let one = local.spawn_local(async move {
        let mut held = copy.lock().unwrap();
        briefly().await;
        *held += 1;
    });
    local.run_until(async move { one.await.unwrap() }).await;
    *lock.lock().unwrap() += 1;
}

async fn readers() {
    let table = Arc::new(RwLock::new(0));
    let copy = table.clone();
    let task = tokio::spawn(async move {
        sleep(Duration::from_millis(40)).await;
        println!("{}", copy.read().unwrap());
    });
    let held = table.read().unwrap();
    briefly().await;
    println!("{held}");
    drop(held);
    task.await.unwrap();
}

/// Who waits is no worker, or does not wait.
async fn apart() {
    let lock = Lock::default();
    let (blocking, tries) = (lock.clone(), lock.clone());
    let blocking = spawn_blocking(move || {
        std::thread::sleep(Duration::from_millis(40));
        *blocking.lock().unwrap() += 1;
    });
    let tries = tokio::spawn(async move {
        sleep(Duration::from_millis(40)).await;
        if let Ok(mut held) = tries.try_lock() { *held += 1 }
    });
    let mut held = lock.lock().unwrap();
    briefly().await;
    *held += 1;
    drop(held);
    tries.await.unwrap();
    blocking.await.unwrap();
}

async fn in_place() {
    let lock = Lock::default();
    let copy = lock.clone();
    let task = tokio::spawn(async move {
        sleep(Duration::from_millis(40)).await;
        block_in_place(|| *copy.lock().unwrap() += 1);
    });
    {
        let mut held = lock.lock().unwrap();
        briefly().await;
        *held += 1;
    }
    task.await.unwrap();
}

/// A lock that tasks await.
async fn awaited() {
    let lock = Arc::new(tokio::sync::Mutex::new(0));
    let copy = lock.clone();
    let task = tokio::spawn(async move {
        briefly().await;
        *copy.lock().await += 1;
    });
    let held = lock.lock().await;
    sleep(Duration::from_millis(20)).await;
    drop(held);
    task.await.unwrap();
}

/// One after the other, each on a thread and in a runtime of its own, as tests do.
fn one_by_one() {
    static TURN: Mutex<u32> = Mutex::new(0);
    async fn test() {
        let mut turn = TURN.lock().unwrap();
        briefly().await;
        *turn += 1;
    }
    let threads: Vec<_> = (0..3).map(|_| std::thread::spawn(|| run(current(), test()))).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

fn main() {
    // A hang that nobody tells of ends the test all the same.
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    match std::env::args().nth(1).unwrap().as_str() {
        "root" => run(current(), root()),
        "root_of_many" => run(many(), root()),
        "local" => run(current(), LocalSet::new().run_until(local())),
        "contended" => run(many(), contended()),
        "contended_first" => run(many(), contended_first()),
        "read" => run(current(), read()),
        "map" => run(many(), map()),
        "parking" => run(current(), parking()),
        "released" => run(current(), released()),
        "alone" => run(current(), alone()),
        "ordered" => run(current(), ordered()),
        "readers" => run(current(), readers()),
        "apart" => run(current(), apart()),
        "in_place" => run(many(), in_place()),
        "awaited" => run(current(), awaited()),
        "one_by_one" => one_by_one(),
        _ => panic!(),
    }
    println!("went on");
}
"#;

const MAPS: &str = "dashmap = \"6\"
parking_lot = \"0.12\"
";

/// Programs with a finding, with the ends of the lines of the guard and of the task that takes the lock.
const FOUND: [(&str, [&str; 2]); 8] = [
    ("root", ["// keeps", "// takes"]),
    ("root_of_many", ["// keeps", "// takes"]),
    ("local", ["// keeps locally", "// takes locally"]),
    ("contended", ["// keeps for long", "// is blocked"]),
    ("contended_first", ["// keeps already", "// is blocked already"]),
    ("read", ["// reads", "// writes"]),
    ("map", ["// refers", "// refers, too"]),
    ("parking", ["// keeps the other", "// takes the other"]),
];

const CORRECT: [&str; 8] =
    ["released", "alone", "ordered", "readers", "apart", "in_place", "awaited", "one_by_one"];

#[test]
fn guards_that_are_alive_over_an_await() {
    let project = Project::with_tokio("guard_across_await", MAPS, MAIN);
    for (program, lines) in FOUND {
        // The report shows both lines of the source.
        let [kept, taken] = lines.map(|end| format!(" {end}\n"));
        let outcome = project.call(&format!("run -- {program}"));
        outcome.expect(0, &["warning[guard-across-await]", &kept, &taken, " 1 finding (1 warn)"]);
        assert!(outcome.stdout.contains("went on"), "{program}: {}", outcome.stdout);
    }
    for program in CORRECT {
        let outcome = project.call(&format!("run -- {program}"));
        outcome.expect(0, &[" 0 findings"]);
        assert!(outcome.stdout.contains("went on"), "{program}: {}", outcome.stdout);
    }
}
