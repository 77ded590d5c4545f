//! Tasks that await the end of one of several, and circles that are not certain.

use crate::support::{Project, line_of};

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep};

type Lock = Arc<Mutex<u32>>;
type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

async fn add(lock: Lock) { *lock.lock().await += 1; } // add

async fn joins(lock: Lock, count: u32) {
    let mut set = JoinSet::new();
    let held = lock.lock().await; // holds
    for _ in 0..count { set.spawn(add(lock.clone())); }
    while set.join_next().await.is_some() {} // joins
    println!("{held}");
}

/// The first one to end is none of those that need the lock.
async fn one_is_free(lock: Lock) {
    let (go, goes) = oneshot::channel();
    let mut set = JoinSet::new();
    let held = lock.lock().await;
    for _ in 0..3 { set.spawn(add(lock.clone())); }
    set.spawn(async move { goes.await.unwrap() });
    tokio::spawn(async move { sleep(Duration::from_millis(700)).await; go.send(()).unwrap() });
    set.join_next().await;
    drop(held);
    while set.join_next().await.is_some() {}
}

async fn gives_up(lock: Lock) {
    let mut set = JoinSet::new();
    let held = lock.lock().await;
    for _ in 0..3 { set.spawn(add(lock.clone())); }
    tokio::select! { _ = set.join_next() => {} _ = sleep(Duration::from_millis(700)) => set.abort_all() }
    drop(held);
}

/// More come while it waits, one after the other.
async fn many(lock: Lock) {
    let mut set = JoinSet::new();
    for number in 0..200 {
        set.spawn(add(lock.clone()));
        if number % 3 == 0 { set.join_next().await.unwrap().unwrap(); }
    }
    let others: JoinSet<_> = (0..50).map(|_| add(lock.clone())).collect();
    others.join_all().await;
    set.shutdown().await;
}

/// What is held in a future on the heap might be elsewhere by now.
async fn boxed(lock: Lock) {
    let held = lock.lock().await; // in a box
    let end = tokio::spawn(add(lock.clone()));
    tokio::select! { _ = end => {} _ = sleep(Duration::from_secs(2)) => {} }
    drop(held);
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    let runtime = match args.get(1) {
        Some(_) => tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        None => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
    };
    let lock = Lock::default();
    runtime.block_on(async {
        tokio::spawn(async { let mut ticks = interval(Duration::from_millis(20)); loop { ticks.tick().await; } });
        match args[0].as_str() {
            "joins" => tokio::spawn(joins(lock, 3)).await.unwrap(),
            "root" => joins(lock, 3).await,
            "one" => tokio::spawn(joins(lock, 1)).await.unwrap(),
            "free" => tokio::spawn(one_is_free(lock)).await.unwrap(),
            "gives_up" => gives_up(lock).await,
            "many" => many(lock).await,
            _ => { let work: Work = Box::pin(boxed(lock)); work.await }
        }
        println!("went on");
    });
}
"#;

#[test]
fn a_set_whose_tasks_all_wait_for_who_joins_them_is_a_deadlock() {
    let project = Project::with_tokio("sets", "", MAIN);
    let run = |what: &str| project.call(&format!("run --stall 300ms -- {what}"));
    for runtime in ["", " current"] {
        for program in ["joins", "root", "one"] {
            let places = ["// add", "// holds", "// joins"].map(|end| line_of(MAIN, end));
            let outcome = run(&format!("{program}{runtime}"));
            outcome.expect(1, &["error[deadlock]", &places[0], &places[1], &places[2]]);
            outcome.lacks(&["went on"]);
        }
        run(&format!("many{runtime}")).expect(0, &["went on", " 0 findings"]);
        for program in ["free", "gives_up"] {
            run(&format!("{program}{runtime}")).expect(0, &["went on"]).lacks(&["deadlock of"]);
        }
        let outcome = run(&format!("boxed{runtime}"));
        outcome.expect(0, &["warning[stall]", "went on", &line_of(MAIN, "// in a box")]);
    }
}
