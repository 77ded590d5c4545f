//! Tasks of tokio that block the threads which poll them.

use crate::support::{Project, line_of};

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

const LONG: Duration = Duration::from_millis(1500);

/// One of two workers sleeps.
async fn one() {
    let sleeper = tokio::spawn(async { thread::sleep(LONG) }); // sleeps
    sleeper.await.unwrap();
}

/// A task that is told of by name, since it has had a state before.
async fn named(table: Arc<Mutex<u32>>, bell: Arc<Notify>) {
    bell.notified().await;
    *table.lock().unwrap() += 1; // locks
}

/// The one worker sleeps. Nobody else wants it: what waits beside is part of the same task.
async fn beside() {
    let task = tokio::spawn(async {
        let lock = tokio::sync::Mutex::new(0);
        let holds = async { let _held = lock.lock().await; tokio::time::sleep(2 * LONG).await };
        tokio::join!(holds, async { tokio::task::yield_now().await; thread::sleep(LONG) }); // sleeps beside
    });
    task.await.unwrap();
}

/// One of two workers waits for a lock of std, which a thread holds.
async fn locked() {
    let table = Arc::new(Mutex::new(0));
    let bell = Arc::new(Notify::new());
    let waiter = tokio::spawn(named(table.clone(), bell.clone()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (held, is_held) = mpsc::channel();
    let holder = thread::spawn(move || {
        let _table = table.lock().unwrap();
        held.send(()).unwrap();
        thread::sleep(LONG);
    });
    is_held.recv().unwrap();
    bell.notify_one();
    waiter.await.unwrap();
    holder.join().unwrap();
}

/// All workers wait for messages, which a thread sends in the end. Meanwhile a further task has nobody to run it.
async fn all(workers: usize) {
    let bell = Arc::new(Notify::new());
    let other = tokio::spawn({ let bell = bell.clone(); async move { bell.notified().await } });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut senders = Vec::new();
    let tasks: Vec<_> = (0..workers)
        .map(|_| {
            let (sender, receiver) = mpsc::channel::<u8>();
            senders.push(sender);
            tokio::spawn(async move { receiver.recv().unwrap() }) // receives
        })
        .collect();
    let giver = thread::spawn(move || {
        thread::sleep(LONG);
        senders.iter().for_each(|sender| sender.send(1).unwrap());
    });
    for task in tasks {
        task.await.unwrap();
    }
    bell.notify_one();
    other.await.unwrap();
    giver.join().unwrap();
}

/// The one worker sleeps. What it has spawned before could run.
async fn spawned(is_any: bool) {
    // Nobody looks while a thread is the only one.
    let _beside = thread::spawn(|| thread::sleep(LONG));
    let task = is_any.then(|| tokio::spawn(async {}));
    thread::sleep(LONG); // sleeps first
    if let Some(task) = task {
        task.await.unwrap();
    }
}

/// What blocks where it may.
async fn correct(has_workers: bool) {
    tokio::task::spawn_blocking(|| thread::sleep(LONG)).await.unwrap();
    if has_workers {
        let away = tokio::spawn(async { tokio::task::block_in_place(|| thread::sleep(LONG)) });
        away.await.unwrap();
    }
    // Short ones, one after the other.
    let short = tokio::spawn(async {
        for _ in 0..50 {
            thread::sleep(Duration::from_millis(20));
            tokio::task::yield_now().await;
        }
    });
    short.await.unwrap();
    let table = Arc::new(Mutex::new(0));
    for _ in 0..100 {
        let table = table.clone();
        tokio::spawn(async move { *table.lock().unwrap() += 1 }).await.unwrap();
    }
    tokio::time::sleep(LONG).await;
    println!("correct {}", table.lock().unwrap());
}

/// What a thread outside of the runtime blocks on is no work of the runtime's.
async fn root() {
    let other = tokio::spawn(async { tokio::time::sleep(LONG * 2).await });
    thread::sleep(LONG);
    other.await.unwrap();
}

fn runtime(workers: usize) -> Runtime {
    match workers {
        0 => Builder::new_current_thread().enable_all().build().unwrap(),
        _ => Builder::new_multi_thread().worker_threads(workers).enable_all().build().unwrap(),
    }
}

fn main() {
    let what = std::env::args().nth(1).unwrap_or_default();
    match what.as_str() {
        "one" => runtime(2).block_on(one()),
        "beside" => runtime(1).block_on(beside()),
        "locked" => runtime(2).block_on(locked()),
        "all" => runtime(2).block_on(all(2)),
        "current" => runtime(0).block_on(all(1)),
        "spawned" => runtime(0).block_on(spawned(true)),
        "none" => runtime(0).block_on(spawned(false)),
        "root" => runtime(2).block_on(root()),
        "correct" => runtime(2).block_on(correct(true)),
        _ => runtime(0).block_on(correct(false)),
    }
}
"#;

/// The line of the source that ends so.
fn line(end: &str) -> String {
    line_of(MAIN, end)
}

#[test]
fn tasks_that_block_their_worker() {
    let project = Project::with_tokio("blocking_in_task", "", MAIN);
    let run = |what: &str| project.call(&format!("run --blocking 400ms -- {what}"));
    let warning = "warning[blocking-in-task]: ";
    run("one").expect(
        0,
        &[warning, "has blocked a worker of its async runtime", "`sleep`", &line("// sleeps")],
    );
    run("locked").expect(
        0,
        &[warning, "task `named` has blocked a worker", "`lock` of `table`", &line("// locks")],
    );
    run("beside").expect(0, &[warning, "has blocked a worker", &line("// sleeps beside")]);
    let error = "error[blocking-in-task]: ";
    let none = "none of its tasks can run";
    run("all").expect(1, &[error, "all 2 workers", none, "`recv`", &line("// receives")]);
    run("current").expect(1, &[error, "the one worker", none, &line("// receives")]);
    run("spawned").expect(1, &[error, "the one worker", none, &line("// sleeps first")]);
    run("none").expect(0, &[warning, "has blocked a worker", &line("// sleeps first")]);
    for correct in ["correct", "root", "correct_current"] {
        run(correct).expect(0, &[" 0 findings"]);
    }
    project.call("run --blocking off -- one").expect(0, &[" 0 findings"]);
}
