//! Tasks that hang since a thread that would have to run them is blocked. A ticker and a thread that sleeps live beside all of it.

use crate::support::{Project, line_of};

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{interval, sleep};

/// Who sends blocks its thread while somebody has borrowed the value.
async fn borrows(is_correct: bool) {
    let (tx, rx) = watch::channel(0);
    let value = rx.borrow(); // borrows
    let sends = tokio::spawn(async move { tx.send(1).unwrap() }); // sends
    if is_correct { drop(value); return sends.await.unwrap(); }
    sends.await.unwrap(); // joins
    println!("{}", *value);
}

/// The pool has one thread.
async fn calls(is_correct: bool) {
    let runtime = Handle::current();
    let outer = spawn_blocking(move || {
        let inner = spawn_blocking(|| ());
        if is_correct { return; }
        runtime.block_on(async { inner.await.unwrap() }); // inner
    });
    outer.await.unwrap();
    spawn_blocking(|| ()).await.unwrap();
}

/// One call takes long, and another one waits for its thread.
async fn queues() {
    let long = spawn_blocking(|| std::thread::sleep(Duration::from_millis(700)));
    let runtime = Handle::current();
    let waits = std::thread::spawn(move || runtime.block_on(async { spawn_blocking(|| ()).await.unwrap() }));
    long.await.unwrap();
    waits.join().unwrap();
}

/// All workers wait in a channel; who would send waits for a time, which they look at.
async fn starves(is_correct: bool) {
    let (tx, rx) = mpsc::channel();
    let rx = Arc::new(Mutex::new(rx));
    let receives = || {
        let rx = rx.clone();
        async move {
            let rx = rx.lock().unwrap(); // locks
            if is_correct { rx.recv_timeout(Duration::from_millis(50)).ok() } else { rx.recv().ok() } // receives
        }
    };
    let both = [tokio::spawn(receives()), tokio::spawn(receives())];
    sleep(Duration::from_millis(30)).await;
    tx.send(()).unwrap();
    tx.send(()).unwrap();
    for one in both { one.await.unwrap(); }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    std::thread::spawn(|| loop { std::thread::sleep(Duration::from_millis(20)) });
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).max_blocking_threads(1).enable_all().build().unwrap();
    let is_correct = args.len() > 1;
    runtime.block_on(async {
        if args[0] == "starves" {
            if !is_correct { std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(4)); std::process::exit(98) }); }
        } else {
            tokio::spawn(async { let mut ticks = interval(Duration::from_millis(20)); loop { ticks.tick().await; } });
        }
        match args[0].as_str() {
            "borrows" => borrows(is_correct).await,
            "calls" => calls(is_correct).await,
            "queues" => queues().await,
            _ => starves(is_correct).await,
        }
        println!("went on");
    });
}
"#;

#[test]
fn who_waits_for_a_task_that_no_thread_can_run_is_told() {
    let project = Project::with_tokio("threads", "", MAIN);
    let run = |what: &str| project.call(&format!("run --stall 300ms -- {what}"));
    let line = |end: &str| line_of(MAIN, end);
    let places = ["// borrows", "// sends", "// joins"].map(line);
    let outcome = run("borrows");
    outcome.expect(1, &["error[deadlock]", &places[0], &places[1], &places[2]]);
    outcome.lacks(&["went on"]);
    let outcome = run("calls");
    outcome.expect(1, &["error[deadlock]", &line("// inner")]).lacks(&["went on"]);
    let outcome = run("starves");
    let all = "all 2 workers of an async runtime are blocked by tasks";
    outcome.expect(1, &["error[blocking-in-task]", all, &line("// locks"), &line("// receives")]);
    for correct in ["borrows ok", "calls ok", "queues", "starves ok"] {
        run(correct).expect(0, &["went on", " 0 findings"]);
    }
}
