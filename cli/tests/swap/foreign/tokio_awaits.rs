//! What tasks of tokio await that others give them: it is told, and is no finding by itself.

use crate::support::{Project, line_of};

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Barrier, Mutex, Notify, SetOnce, broadcast, mpsc, oneshot, watch};
use tokio::time::{interval, sleep, timeout};

type Sessions = Arc<Mutex<u32>>;

async fn handle(sessions: Sessions, mut jobs: mpsc::Receiver<u32>) {
    let mut held = sessions.lock().await; // holds
    while let Some(job) = jobs.recv().await { // awaits
        *held += job;
    }
}

async fn serve(sessions: Sessions) {
    *sessions.lock().await += 1; // wants
}

/// Others wait for a lock whose holder awaits a message.
async fn held() {
    let sessions = Sessions::default();
    let (jobs, receiver) = mpsc::channel(8);
    let holder = tokio::spawn(handle(sessions.clone(), receiver));
    while sessions.try_lock().is_ok() {
        tokio::task::yield_now().await;
    }
    let waiter = tokio::spawn(serve(sessions));
    sleep(Duration::from_secs(3)).await;
    drop(jobs);
    holder.await.unwrap();
    waiter.await.unwrap();
}

async fn receive(mut rx: mpsc::Receiver<u32>) { rx.recv().await; } // recv
async fn receive_many(mut rx: mpsc::UnboundedReceiver<u32>) { rx.recv_many(&mut Vec::new(), 4).await; } // recv_many
async fn send(tx: mpsc::Sender<u32>) { while tx.send(1).await.is_ok() {} } // send
async fn reserve(tx: mpsc::Sender<u32>) { tx.reserve_many(2).await.map(drop).unwrap() } // reserve
async fn end(tx: mpsc::UnboundedSender<u32>) { tx.closed().await } // closed
async fn answer(rx: oneshot::Receiver<u32>) { rx.await.ok(); } // answer
async fn asked(mut tx: oneshot::Sender<u32>) { tx.closed().await } // asked
async fn news(mut rx: broadcast::Receiver<u32>) { rx.recv().await.ok(); } // news
async fn change(mut rx: watch::Receiver<u32>) { rx.changed().await.ok(); } // change
async fn value(mut rx: watch::Receiver<u32>) { rx.wait_for(|value| *value == 9).await.ok(); } // value
async fn notified(bell: Arc<Notify>) { bell.notified().await } // notified
async fn arrives(gate: Arc<Barrier>) { gate.wait().await; } // arrives
async fn set(once: Arc<SetOnce<u32>>) { once.wait().await; } // set
async fn time() { sleep(Duration::from_secs(600)).await } // time
async fn ticks() { let mut ticks = interval(Duration::from_secs(600)); ticks.tick().await; ticks.tick().await; } // ticks
async fn limited(mut rx: mpsc::Receiver<u32>) { timeout(Duration::from_secs(600), rx.recv()).await.ok(); } // limited
async fn either(bell: Arc<Notify>, mut rx: mpsc::Receiver<u32>) {
    tokio::select! { _ = bell.notified() => {} _ = rx.recv() => {} _ = sleep(Duration::from_secs(600)) => {} }
}

/// Of each kind one task that awaits it, for some time.
async fn idle(is_killed: bool) {
    let (first, first_rx) = mpsc::channel(1);
    let (many, many_rx) = mpsc::unbounded_channel();
    let (full, full_rx) = mpsc::channel(1);
    let (narrow, narrow_rx) = mpsc::channel(2);
    narrow.send(1).await.unwrap();
    let (question, question_rx) = oneshot::channel();
    let (reply, reply_rx) = oneshot::channel();
    let (paper, paper_rx) = broadcast::channel(2);
    let (level, level_rx) = watch::channel(2);
    let (choice, choice_rx) = mpsc::channel(1);
    let (late, late_rx) = mpsc::channel(1);
    let bell = Arc::new(Notify::new());
    let gate = Arc::new(Barrier::new(2));
    let once = Arc::new(SetOnce::new());
    let all = [
        tokio::spawn(receive(first_rx)),
        tokio::spawn(receive_many(many_rx)),
        tokio::spawn(send(full)),
        tokio::spawn(reserve(narrow)),
        tokio::spawn(end(many.clone())),
        tokio::spawn(answer(question_rx)),
        tokio::spawn(asked(reply)),
        tokio::spawn(news(paper_rx)),
        tokio::spawn(change(level_rx.clone())),
        tokio::spawn(value(level_rx)),
        tokio::spawn(notified(bell.clone())),
        tokio::spawn(arrives(gate)),
        tokio::spawn(set(once)),
        tokio::spawn(time()),
        tokio::spawn(ticks()),
        tokio::spawn(limited(late_rx)),
        tokio::spawn(either(bell, choice_rx)),
    ];
    sleep(Duration::from_millis(1500)).await;
    if is_killed {
        std::process::abort();
    }
    for task in all {
        task.abort();
        task.await.ok();
    }
    drop((first, many, full_rx, narrow_rx, question, reply_rx, paper, level, choice, late));
    println!("idled");
}

/// Workers that share a receiver behind a lock, and have nothing to do.
async fn shared() {
    let (jobs, receiver) = mpsc::channel::<u32>(8);
    let receiver = Arc::new(Mutex::new(receiver));
    let workers: Vec<_> = (0..3)
        .map(|_| {
            let receiver = receiver.clone();
            tokio::spawn(async move { while receiver.lock().await.recv().await.is_some() {} })
        })
        .collect();
    sleep(Duration::from_secs(2)).await;
    drop(jobs);
    for worker in workers {
        worker.await.unwrap();
    }
    println!("shared");
}

/// A task that keeps a lock for a time that ends by itself.
async fn sleeper() {
    let sessions = Sessions::default();
    let copy = sessions.clone();
    let sleeper = tokio::spawn(async move {
        let _held = copy.lock().await;
        sleep(Duration::from_millis(1500)).await;
    });
    while sessions.try_lock().is_ok() {
        tokio::task::yield_now().await;
    }
    drop(sessions.lock().await);
    sleeper.await.unwrap();
    println!("slept");
}

/// More tasks than get a state for what they await.
async fn crowd() {
    let bell = Arc::new(Notify::new());
    let tasks: Vec<_> = (0..3000).map(|_| tokio::spawn(notified(bell.clone()))).collect();
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    // Each of them is told until all have been there.
    while tasks.iter().any(|task| !task.is_finished()) {
        bell.notify_waiters();
        tokio::task::yield_now().await;
    }
    println!("crowd");
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    let runtime = match args.get(1) {
        Some(_) => tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        None => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
    };
    match args[0].as_str() {
        "held" => runtime.block_on(held()),
        "idle" => runtime.block_on(idle(false)),
        "killed" => runtime.block_on(idle(true)),
        "shared" => runtime.block_on(shared()),
        "sleeper" => runtime.block_on(sleeper()),
        _ => runtime.block_on(crowd()),
    }
}
"#;

/// The line of the source that ends so.
fn line(end: &str) -> String {
    line_of(MAIN, end)
}

/// Each task of `idle`: what it awaits, by which call, and where.
const AWAITED: &[(&str, &str)] = &[
    ("awaits `first` (recv)", "// recv"),
    ("awaits `many` (recv)", "// recv_many"),
    ("awaits `full` (send)", "// send"),
    ("awaits `narrow` (send)", "// reserve"),
    ("awaits `many` (closed)", "// closed"),
    ("awaits `question` (recv)", "// answer"),
    ("awaits `reply` (closed)", "// asked"),
    ("awaits `paper` (recv)", "// news"),
    ("awaits `level` (changed)", "// change"),
    ("awaits `level` (changed)", "// value"),
    ("awaits `bell` (notified)", "// notified"),
    ("awaits `gate` (wait)", "// arrives"),
    ("awaits `once` (wait)", "// set"),
    ("awaits a time (sleep)", "// time"),
    ("awaits a time (sleep)", "// ticks"),
    ("awaits `late` (recv)", "// limited"),
];

#[test]
fn what_tasks_await_is_told() {
    let project = Project::with_tokio("awaits", "", MAIN);
    let run = |what: &str| project.call(&format!("run --stall 300ms -- {what}"));
    for runtime in ["", " current"] {
        let outcome = run(&format!("held{runtime}"));
        let said = format!(
            "for `sessions`, held by task `handle`, which awaits `recv` of `jobs` at {}",
            line("// awaits")
        );
        outcome.expect(
            0,
            &["warning[stall]: task `serve`", &said, &line("// holds"), &line("// wants")],
        );
        outcome.lacks(&["never sent to"]);
        for correct in ["idle", "shared", "sleeper", "crowd"] {
            let outcome = run(&format!("{correct}{runtime}"));
            outcome.expect(0, &[" 0 findings"]);
        }
    }
    // The newest run of the shared folder may be another test's.
    let recordings = project.path().join("killed").display().to_string();
    project.call(&format!("run --dir {recordings} --stall 300ms -- killed"));
    let told = project.call(&format!("report {recordings}"));
    let words: Vec<&str> = told.stdout.split_whitespace().collect();
    let told = words.join(" ");
    for (awaited, end) in AWAITED {
        let is_at = |told: &str| {
            let task = told.split(" #").next().unwrap_or_default();
            task.contains(&format!("at {}", line(end)))
        };
        let mut places = told.match_indices(awaited).map(|(at, _)| &told[at..]);
        assert!(places.any(is_at), "{awaited} at {} is missing in: {told}", line(end));
    }
    // Of a choice it is not known which comes first.
    assert!(told.contains("(select)"), "{told}");
}
