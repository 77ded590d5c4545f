//! Tasks that wait for messages, notifications and each other's ends, in a process in which nothing is left that could wake one.

use crate::support::{MANIFEST, Project};

/// What each does comes from the first argument.
const MAIN: &str = r#"
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Barrier, Mutex, Notify, broadcast, mpsc, oneshot, watch};
use tokio::task::{JoinSet, spawn_blocking};

/// Each of its messages makes it send three.
async fn relay(mut from: mpsc::Receiver<u32>, to: mpsc::Sender<u32>) {
    while let Some(n) = from.recv().await {
        for n in n..n + 3 { to.send(n).await.unwrap(); }
    }
}

struct Question { depth: u32, answer: oneshot::Sender<u32> }

/// Asks the other one before it answers.
async fn answer(mut questions: mpsc::Receiver<Question>, other: mpsc::Sender<Question>) {
    while let Some(question) = questions.recv().await {
        let n = if question.depth > 0 { ask(&other, question.depth - 1).await } else { 0 };
        _ = question.answer.send(n + 1);
    }
}

async fn ask(whom: &mpsc::Sender<Question>, depth: u32) -> u32 {
    let (answer, answered) = oneshot::channel();
    whom.send(Question { depth, answer }).await.ok().unwrap();
    answered.await.unwrap()
}

async fn hang(what: &str) {
    match what {
        "relays" => {
            let ((a, from_a), (b, from_b)) = (mpsc::channel(1), mpsc::channel(1));
            let (one, two) = (tokio::spawn(relay(from_a, b.clone())), tokio::spawn(relay(from_b, a.clone())));
            a.send(1).await.unwrap();
            b.send(1).await.unwrap();
            one.await.unwrap();
            two.await.unwrap();
        }
        "questions" => {
            let ((a, to_a), (b, to_b)) = (mpsc::channel(4), mpsc::channel(4));
            tokio::spawn(answer(to_a, b.clone()));
            tokio::spawn(answer(to_b, a.clone()));
            println!("{}", ask(&a, 3).await);
        }
        "full" => {
            let (to, mut from) = mpsc::channel(1);
            to.send(1).await.unwrap();
            to.send(2).await.unwrap();
            println!("{:?}", from.recv().await);
        }
        "kept" => {
            let (to, mut from) = mpsc::unbounded_channel();
            let other = to.clone();
            tokio::spawn(async move { other.send(1).unwrap() });
            while from.recv().await.is_some() {}
            drop(to);
        }
        "joined" => {
            let (to, mut from) = mpsc::channel::<u32>(1);
            let task = tokio::spawn(async move { while from.recv().await.is_some() {} });
            task.await.unwrap();
            drop(to);
        }
        "set" => {
            let (go, mut all) = (Arc::new(Notify::new()), JoinSet::new());
            for _ in 0..3 { let go = go.clone(); all.spawn(async move { go.notified().await }); }
            while all.join_next().await.is_some() {}
            go.notify_waiters();
        }
        "early" => { let go = Notify::new(); go.notify_waiters(); go.notified().await; }
        "barrier" => { let all = Arc::new(Barrier::new(3)); let copy = all.clone(); tokio::spawn(async move { copy.wait().await; }); all.wait().await; }
        "watched" => {
            let (value, mut changes) = watch::channel(0);
            let task = tokio::spawn(async move { changes.wait_for(|n| *n == 2).await.unwrap(); });
            value.send(1).unwrap();
            task.await.unwrap();
            value.send(2).unwrap();
        }
        "heard" => { let (to, mut from) = broadcast::channel(4); to.send(1).unwrap(); while from.recv().await.is_ok() {} }
        "blocking_send" => {
            let (to, mut from) = mpsc::channel(1);
            spawn_blocking(move || for n in 0..3 { to.blocking_send(n).unwrap() }).await.unwrap();
            while from.recv().await.is_some() {}
        }
        "blocking_lock" => {
            let lock = Arc::new(Mutex::new(0));
            let (held, copy) = (lock.lock().await, lock.clone());
            spawn_blocking(move || *copy.blocking_lock() += 1).await.unwrap();
            drop(held);
        }
        "reply" => {
            let lock = Arc::new(Mutex::new(0));
            let (to, from) = oneshot::channel();
            let (held, copy) = (lock.lock().await, lock.clone());
            tokio::spawn(async move { to.send(*copy.lock().await).unwrap() });
            println!("{}", from.await.unwrap() + *held);
        }
        _ => panic!("{what}"),
    }
}

/// Something comes after a second and a half, in a process in which every task waits until then.
async fn late(what: &str) {
    let (to, mut from) = mpsc::channel(1);
    let soon = Duration::from_millis(1500);
    match what {
        "thread" => { std::thread::spawn(move || { std::thread::sleep(soon); to.blocking_send(1).unwrap() }); }
        "call" => { spawn_blocking(move || { std::thread::sleep(soon); to.blocking_send(1).unwrap() }); }
        "timer" => { tokio::spawn(async move { tokio::time::sleep(soon).await; to.send(1).await.unwrap() }); }
        "pipe" => {
            let mut child = std::process::Command::new("sleep").arg("1.5").stdout(std::process::Stdio::piped()).spawn().unwrap();
            let mut pipe = child.stdout.take().unwrap();
            spawn_blocking(move || { _ = std::io::Read::read(&mut pipe, &mut [0]); child.wait().unwrap(); to.blocking_send(1).unwrap() });
        }
        "child" => {
            let mut child = tokio::process::Command::new("sleep").arg("1.5").spawn().unwrap();
            tokio::spawn(async move { child.wait().await.unwrap(); to.send(1).await.unwrap() });
        }
        "signal" => {
            use tokio::signal::unix::{SignalKind, signal};
            let mut signals = signal(SignalKind::user_defined1()).unwrap();
            tokio::spawn(async move { signals.recv().await; to.send(1).await.unwrap() });
            std::process::Command::new("sh").args(["-c", "(sleep 1.5; kill -USR1 $PPID) &"]).spawn().unwrap().wait().unwrap();
        }
        "socket" => {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap().to_string();
            let port = address.rsplit_once(':').unwrap().1.to_owned();
            tokio::spawn(async move { listener.accept().await.unwrap(); to.send(1).await.unwrap() });
            let script = format!("(sleep 1.5; exec 3<>/dev/tcp/127.0.0.1/{port}) &");
            std::process::Command::new("bash").args(["-c", &script]).spawn().unwrap().wait().unwrap();
        }
        _ => panic!("{what}"),
    }
    from.recv().await.unwrap();
}

fn main() {
    // Outside of the process, so that no thread of it is awake.
    let own = std::process::id();
    let script = format!("sleep 60; kill -9 {own}");
    let null = std::process::Stdio::null;
    let mut guard = std::process::Command::new("sh").args(["-c", &script]).stdout(null()).stderr(null()).spawn().unwrap();
    let args: Vec<_> = std::env::args().collect();
    let mut builder = match args[1].as_str() {
        "current" => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    builder.worker_threads(2).enable_all().build().unwrap().block_on(async {
        match args[2].as_str() {
            "late" => for what in &args[3..] { late(what).await },
            what => hang(what).await,
        }
    });
    guard.kill().unwrap();
    guard.wait().unwrap();
    println!("went on");
}
"#;

const LATE: [(&str, &str); 2] =
    [("multi", "thread call timer pipe child signal socket"), ("current", "thread socket")];

/// By both runtimes.
const BY_BOTH: [&str; 4] = ["relays", "kept", "early", "blocking_lock"];

/// With what is told of each.
const HANGS: [(&str, &[&str]); 13] = [
    ("relays", &["deadlock: tasks wait, and nothing is left", "`relay` awaits `b` (send)"]),
    ("questions", &["deadlock: tasks wait, and nothing is left"]),
    ("full", &["deadlock: "]),
    ("kept", &["deadlock: "]),
    ("joined", &["deadlock: "]),
    ("set", &["deadlock: "]),
    ("early", &["deadlock: "]),
    ("barrier", &["deadlock: "]),
    ("watched", &["deadlock: "]),
    ("heard", &["deadlock: "]),
    ("blocking_send", &["deadlock: "]),
    ("blocking_lock", &["deadlock: "]),
    ("reply", &["deadlock: "]),
];

#[test]
fn tasks_that_nothing_is_left_to_wake() {
    let manifest = format!(
        "{MANIFEST}[dependencies]\ntokio = {{ version = \"1\", features = [\"net\", \"process\", \"rt-multi-thread\", \"signal\", \"sync\", \"time\"] }}\n"
    );
    let project = Project::new(&[("Cargo.toml", &manifest), ("src/main.rs", MAIN)]);
    for (runtime, what) in LATE {
        let late = project.call(&format!("run -- {runtime} late {what}"));
        late.expect(0, &[" 0 findings"]);
        assert!(late.stdout.contains("went on"), "{}", late.stdout);
    }
    for (what, told) in HANGS {
        let runtimes: &[_] =
            if BY_BOTH.contains(&what) { &["multi", "current"] } else { &["multi"] };
        for runtime in runtimes {
            let outcome = project.call(&format!("run -- {runtime} {what}"));
            outcome.expect(1, told);
            assert!(!outcome.stdout.contains("went on"), "{what}: {}", outcome.stdout);
        }
    }
}
