//! Waits of tasks that are given up after a time: they deadlock nobody for good.

use crate::support::{Project, line_of};

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Barrier, Mutex, RwLock, oneshot};
use tokio::time::{Instant, sleep, timeout, timeout_at};

type Lock = Arc<Mutex<u32>>;
type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

const LONG: Duration = Duration::from_secs(60);

async fn plain(first: Lock, second: Lock) {
    let held = first.lock().await;
    *second.lock().await += *held;
}

async fn limited(first: Lock, second: Lock) {
    let held = first.lock().await;
    *timeout(LONG, second.lock()).await.unwrap() += *held; // limited
}

async fn until(first: Lock, second: Lock) {
    let held = first.lock().await;
    *timeout_at(Instant::now() + LONG, second.lock()).await.unwrap() += *held;
}

async fn chosen(first: Lock, second: Lock) {
    let held = first.lock().await;
    tokio::select! {
        mut second = second.lock() => *second += *held,
        _ = sleep(LONG) => {}
    }
}

async fn chosen_with_a_pinned_sleep(first: Lock, second: Lock) {
    let mut end = pin!(sleep(LONG));
    let held = first.lock().await;
    tokio::select! {
        biased;
        _ = &mut end => {}
        mut second = second.lock() => *second += *held,
    }
}

async fn request(first: Lock, second: Lock) {
    timeout(LONG, plain(first, second)).await.unwrap();
}

async fn inside(first: Lock, second: Lock) {
    let held = first.lock().await;
    let both = timeout(LONG, async { tokio::join!(second.lock(), async {}).0 }).await;
    *both.unwrap() += *held;
}

async fn boxed(first: Lock, second: Lock) {
    let held = first.lock().await;
    let work: Work = Box::pin(async move { *second.lock().await += 1 });
    tokio::select! { _ = work => drop(held), _ = timeout(LONG, std::future::pending::<()>()) => {} }
}

/// As the others, but what takes the second lock goes on.
async fn goes_on(first: Lock, second: Lock) {
    let held = first.lock().await;
    let mut work = pin!(async { *second.lock().await += *held });
    loop {
        tokio::select! { _ = &mut work => break, _ = sleep(Duration::from_millis(1)) => {} }
    }
}

/// Somebody may end it, and may not.
async fn cancelled(first: Lock, second: Lock) {
    let (_stop, mut stopped) = oneshot::channel::<()>();
    let held = first.lock().await;
    tokio::select! {
        mut second = second.lock() => *second += *held,
        _ = &mut stopped => {}
    }
}

/// The limit is that of the first one.
async fn first_only(first: Lock, second: Lock) {
    let held = timeout(LONG, first.lock()).await.unwrap();
    *second.lock().await += *held;
}

async fn spawned(first: Lock, second: Lock) {
    timeout(LONG, tokio::spawn(plain(first, second))).await.unwrap().unwrap();
}

async fn not_chosen(first: Lock, second: Lock) {
    let held = first.lock().await;
    let has_end = *held > 1000;
    tokio::select! {
        mut second = second.lock() => *second += *held,
        _ = sleep(LONG), if has_end => {}
    }
}

/// One after the other, which the detector takes for no order.
async fn in_turn<A, B>(one: impl FnOnce(Lock, Lock) -> A, other: impl FnOnce(Lock, Lock) -> B)
where
    A: Future<Output = ()> + Send + 'static,
    B: Future<Output = ()> + Send + 'static,
{
    let (ledger, audit) = (Lock::default(), Lock::default());
    let (done, is_done) = oneshot::channel();
    let (one, other) = (one(ledger.clone(), audit.clone()), other(audit, ledger));
    let a = tokio::spawn(async move { one.await; done.send(()).unwrap() });
    let b = tokio::spawn(async move { is_done.await.unwrap(); other.await });
    a.await.unwrap();
    b.await.unwrap();
}

/// Two that read twice, with a writer between them who gives up.
async fn written() {
    let (ledger, audit) = (Arc::new(RwLock::new(0)), Arc::new(RwLock::new(0)));
    let (done, is_done) = oneshot::channel();
    let (a, b) = (ledger.clone(), audit.clone());
    let one = tokio::spawn(async move {
        let a = a.read().await;
        drop(b.read().await);
        drop(a);
        done.send(()).unwrap();
    });
    let (a, b) = (ledger.clone(), audit.clone());
    let other = tokio::spawn(async move {
        is_done.await.unwrap();
        let b = b.read().await;
        drop(a.read().await);
        drop(b);
    });
    let writers = [ledger, audit].map(|table| {
        tokio::spawn(async move { *timeout(LONG, table.write()).await.unwrap() += 1 })
    });
    one.await.unwrap();
    other.await.unwrap();
    for writer in writers { writer.await.unwrap() }
}

/// They meet.
async fn met(limit: Duration) {
    let (ledger, audit) = (Lock::default(), Lock::default());
    let gate = Arc::new(Barrier::new(2));
    let both = [(ledger.clone(), audit.clone()), (audit, ledger)].map(|(first, second)| {
        let gate = gate.clone();
        tokio::spawn(async move {
            let _held = first.lock().await;
            gate.wait().await;
            timeout(limit, second.lock()).await.is_ok()
        })
    });
    for one in both { println!("{}", one.await.unwrap()) }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = match args.get(1).map(String::as_str) {
        Some("current") => tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        _ => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
    };
    macro_rules! programs { ($($name:ident)*) => { runtime.block_on(async { match args[0].as_str() {
        $(stringify!($name) => in_turn($name, plain).await,)*
        "both" => in_turn(limited, limited).await,
        "once" => { in_turn(limited, plain).await; in_turn(plain, plain).await }
        "written" => written().await,
        "met" => met(Duration::from_millis(700)).await,
        _ => panic!(),
    } }) } }
    programs!(plain limited until chosen chosen_with_a_pinned_sleep request inside boxed goes_on cancelled first_only spawned not_chosen);
}
"#;

/// One side waits for a limited time.
const LIMITED: [&str; 9] = [
    "limited",
    "until",
    "chosen",
    "chosen_with_a_pinned_sleep",
    "request",
    "inside",
    "boxed",
    "both",
    "written",
];

/// Both sides wait as long as it takes.
const FOR_EVER: [&str; 6] =
    ["plain", "goes_on", "cancelled", "first_only", "spawned", "not_chosen"];

#[test]
fn waits_with_a_time_limit() {
    let project = Project::with_tokio("limits", "", MAIN);
    let run = |what: &str| project.call(&format!("run -- {what}"));
    for how in ["", " current"] {
        for program in LIMITED {
            let outcome = run(&format!("{program}{how}"));
            outcome.expect(0, &["warning[lock-order-inversion]", "has a time limit"]);
        }
        for program in FOR_EVER {
            let outcome = run(&format!("{program}{how}"));
            outcome.expect(1, &["error[lock-order-inversion]"]).lacks(&["has a time limit"]);
        }
        let outcome = run(&format!("met{how}"));
        outcome.expect(0, &["warning[lock-order-inversion]", "has a time limit"]);
        outcome.lacks(&["deadlock of"]);
    }
    run("limited").expect(0, &[&format!("the wait at {}", line_of(MAIN, "// limited"))]);
    // Another time it takes as long as it takes.
    run("once").expect(1, &["error[lock-order-inversion]"]);
}
