//! Futures that a task polls in turn: what one of them holds, the others do not.

use crate::support::{FUTURES, Project};

/// What each does comes from the first argument. A task takes `b` and then `a` meanwhile.
const MAIN: &str = r#"
use futures::future::{self, BoxFuture, Either, FutureExt};
use futures::stream::{self, FuturesUnordered, StreamExt};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::{sleep, timeout};

#[derive(Default)]
struct Locks { a: Mutex<u32>, b: Mutex<u32> }

async fn ms(ms: u64) { sleep(Duration::from_millis(ms)).await }
async fn only_a(l: &Locks, long: u64) { let mut a = l.a.lock().await; ms(long).await; *a += 1; }
async fn only_b(l: &Locks, long: u64) { ms(long).await; let mut b = l.b.lock().await; ms(long).await; *b += 1; }
async fn a_then_b(l: &Locks) { let _a = l.a.lock().await; let _b = l.b.lock().await; }
async fn b_then_a(l: &Locks) { let _b = l.b.lock().await; let _a = l.a.lock().await; }
async fn a_slowly_b(l: &Locks) { let _a = l.a.lock().await; ms(5).await; let _b = l.b.lock().await; }
async fn b_slowly_a(l: &Locks) { let _b = l.b.lock().await; ms(5).await; let _a = l.a.lock().await; }
async fn later(l: Arc<Locks>) { ms(60).await; b_then_a(&l).await }

fn either(l: &Arc<Locks>, first: bool) -> BoxFuture<'static, ()> {
    let l = l.clone();
    Box::pin(async move { if first { only_a(&l, 20).await } else { only_b(&l, 5).await } })
}

fn slowly(l: &Arc<Locks>, first: bool) -> BoxFuture<'static, ()> {
    let l = l.clone();
    Box::pin(async move { if first { a_slowly_b(&l).await } else { b_slowly_a(&l).await } })
}

async fn correct(l: &Arc<Locks>, what: &str) {
    match what {
        "join" => { tokio::join!(only_a(l, 20), only_b(l, 5)); }
        "try_join" => { _ = tokio::try_join!(async { Ok::<_, ()>(only_a(l, 20).await) }, async { Ok(only_b(l, 5).await) }); }
        "futures_join" => { futures::join!(only_a(l, 20), only_b(l, 5)); }
        "join_all" => { future::join_all([either(l, true), either(l, false)]).await; }
        "join_many" => { future::join_all((0..40).map(|n| either(l, n == 0))).await; }
        "try_join_all" => { _ = future::try_join_all([true, false].map(|first| { let one = either(l, first); async { Ok::<_, ()>(one.await) } })).await; }
        "unordered" => { let mut all: FuturesUnordered<_> = [either(l, true), either(l, false)].into_iter().collect(); while all.next().await.is_some() {} }
        "buffered" => { stream::iter([either(l, true), either(l, false)]).buffer_unordered(2).for_each(|()| async {}).await; }
        "futures_select" => { let (a, b) = (only_a(l, 20).fuse(), only_b(l, 5).fuse()); futures::pin_mut!(a, b); loop { futures::select! { () = a => {}, () = b => {}, complete => break } } }
        "biased" => { let (mut a, mut b) = (either(l, true).fuse(), either(l, false).fuse()); loop { futures::select_biased! { () = a => {}, () = b => {}, complete => break } } }
        "select_all" => { let mut all = vec![either(l, true), either(l, false), either(l, false)]; while !all.is_empty() { all = future::select_all(all).await.2; } }
        "nested" => { tokio::join!(async { tokio::join!(only_a(l, 20), only_b(l, 3)); }, only_b(l, 5)); }
        // What goes on in another loop, or combinator, is the same.
        "select" => { let (a, b) = (only_a(l, 20), only_b(l, 5)); tokio::pin!(a, b); tokio::select! { _ = &mut a => {}, _ = &mut b => {} } }
        "loop" => { let a = only_a(l, 40); tokio::pin!(a); loop { tokio::select! { _ = &mut a => break, _ = only_b(l, 4) => {} } } }
        "rest" => { let (Either::Left((_, rest)) | Either::Right((_, rest))) = future::select(either(l, true), either(l, false)).await; future::join(rest, only_b(l, 4)).await; }
        // What was dropped is released, and so is what was handed in.
        "cancelled" => { tokio::select! { _ = only_a(l, 1000) => {}, _ = ms(10) => {} } *l.b.lock().await += 1; }
        "handed_in" => { let a = l.a.lock().await; tokio::join!(async move { drop(a); ms(1).await }, only_b(l, 5)); }
        _ => panic!("{what}"),
    }
}

async fn latent(l: &Arc<Locks>, what: &str) {
    let (_stop, mut stopped) = watch::channel(0);
    match what {
        "one" => { tokio::join!(a_then_b(l), ms(1)); }
        "both" => { tokio::join!(a_then_b(l), b_then_a(l)); }
        "until" => { tokio::select! { _ = stopped.changed() => {}, _ = a_slowly_b(l) => {} } }
        "timeout" => { timeout(Duration::from_secs(9), a_slowly_b(l)).await.unwrap(); }
        "around" => { let _a = l.a.lock().await; tokio::join!(only_b(l, 5), ms(1)); }
        "guards" => { let both = tokio::join!(l.a.lock(), l.b.lock()); drop(both); }
        "guard" => { let a = tokio::select! { a = l.a.lock() => a, _ = stopped.changed() => panic!() }; *l.b.lock().await += 1; drop(a); }
        "handler" => { tokio::select! { _a = l.a.lock() => { *l.b.lock().await += 1; } _ = ms(900) => {} } }
        // While the handler waits, nobody polls the other one.
        "left" => { let a = only_a(l, 40); tokio::pin!(a); loop { tokio::select! { _ = &mut a => break, _ = ms(5) => { *l.b.lock().await += 1; } } } }
        _ => panic!("{what}"),
    }
}

async fn hang(l: &Arc<Locks>, what: &str) {
    match what {
        "join" => { tokio::join!(a_slowly_b(l), b_slowly_a(l)); }
        "try_join" => { _ = tokio::try_join!(async { Ok::<_, ()>(a_slowly_b(l).await) }, async { Ok(b_slowly_a(l).await) }); }
        "select" => { tokio::select! { _ = a_slowly_b(l) => {}, _ = b_slowly_a(l) => {} } }
        "futures_join" => { futures::join!(a_slowly_b(l), b_slowly_a(l)); }
        "join_all" => { future::join_all([slowly(l, true), slowly(l, false)]).await; }
        "futures_select" => { let (a, b) = (a_slowly_b(l).fuse(), b_slowly_a(l).fuse()); futures::pin_mut!(a, b); futures::select! { () = a => {}, () = b => {} } }
        "select_all" => { future::select_all([slowly(l, true), slowly(l, false)]).await; }
        "around" => { let _a = l.a.lock().await; tokio::join!(only_a(l, 1), ms(1)); }
        "far_around" => { let _a = l.a.lock().await; tokio::join!(async { ms(1).await; tokio::join!(only_a(l, 1), ms(3)); }, ms(2)); }
        "crosswise" => { let task = tokio::spawn(slowly(l, false)); tokio::join!(a_slowly_b(l), ms(1)); task.await.unwrap(); }
        // Nobody polls what the stream has begun while its user waits.
        "buffered" => {
            let all = stream::iter(0..4).map(|n| { let l = l.clone(); async move { if n > 0 { only_a(&l, n * 10).await } else { ms(2).await } } });
            let mut all = std::pin::pin!(all.buffer_unordered(3));
            while all.next().await.is_some() { *l.a.lock().await += 1; }
        }
        _ => panic!("{what}"),
    }
}

/// Nobody else takes locks.
async fn alone(l: &Arc<Locks>, what: &str) {
    match what {
        // What the task takes afterwards comes afterwards in every schedule.
        "joined" => { tokio::join!(b_then_a(l), ms(1)); a_then_b(l).await; }
        // What was given up is waited for no more.
        "timed_join" => { let mut task = tokio::spawn(ms(90)); _ = timeout(Duration::from_millis(5), &mut task).await; b_then_a(l).await; a_then_b(l).await; task.await.unwrap(); }
        "all_joined" => { future::join_all([slowly(l, false), either(l, true)]).await; a_then_b(l).await; }
        "selected" => { tokio::select! { _ = b_slowly_a(l) => {}, _ = ms(90) => {} } a_then_b(l).await; }
        // Here it does not, nor does it say anything that one task does both, when two futures of it do.
        "foreign" => {
            let c = Arc::new(Mutex::new(0));
            let held = c.clone().lock_owned().await;
            tokio::spawn(async move { ms(40).await; drop(held) });
            let mut one = Box::pin(async { a_then_b(l).await; *c.lock().await += 1 });
            let mut other = Box::pin(async { ms(15).await; b_then_a(l).await });
            let (mut has_one, mut has_other) = (false, false);
            future::poll_fn(|context| {
                has_one = has_one || one.poll_unpin(context).is_ready();
                has_other = has_other || other.poll_unpin(context).is_ready();
                if has_one && has_other { Poll::Ready(()) } else { Poll::Pending }
            }).await;
        }
        "both" => { tokio::join!(a_then_b(l), b_then_a(l)); }
        "referred" => { let b = b_slowly_a(l); tokio::pin!(b); tokio::select! { _ = &mut b => {}, _ = ms(90) => {} } a_then_b(l).await; }
        "referred_inside" => { let b = b_slowly_a(l); tokio::pin!(b); tokio::select! { _ = async { (&mut b).await } => {}, _ = ms(90) => {} } a_then_b(l).await; }
        "unordered" => { let mut all: FuturesUnordered<_> = [slowly(l, false), Box::pin(ms(60))].into_iter().collect(); while all.next().await.is_some() { a_then_b(l).await } }
        _ => panic!("{what}"),
    }
}

/// Locks that block a thread, which one task takes crosswise, but never over an `await`.
async fn in_turn(l: &Locks) {
    let (x, y) = (std::sync::Mutex::new(0), std::sync::Mutex::new(0));
    let one = async { let _a = l.a.lock().await; ms(1).await; let _x = x.lock().unwrap(); *y.lock().unwrap() += 1; };
    let other = async { let _b = l.b.lock().await; ms(1).await; let _y = y.lock().unwrap(); *x.lock().unwrap() += 1; };
    tokio::join!(one, other);
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    // A hang that nobody tells of ends the test all the same.
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    let args: Vec<_> = std::env::args().collect();
    let l = Arc::new(Locks { a: Mutex::new(0), b: Mutex::new(0) });
    let task = (args[1] == "correct" || args[1] == "latent").then(|| tokio::spawn(later(l.clone())));
    match args[1].as_str() {
        "correct" => for what in &args[2..] { correct(&l, what).await },
        "latent" => latent(&l, &args[2]).await,
        "hang" => hang(&l, &args[2]).await,
        "alone" => alone(&l, &args[2]).await,
        _ => in_turn(&l).await,
    }
    if let Some(task) = task { task.await.unwrap() }
    println!("went on");
}
"#;

/// All in one run, one after the other.
const CORRECT: [&str; 17] = [
    "join",
    "try_join",
    "futures_join",
    "join_all",
    "join_many",
    "try_join_all",
    "unordered",
    "buffered",
    "futures_select",
    "biased",
    "select_all",
    "nested",
    "select",
    "loop",
    "rest",
    "cancelled",
    "handed_in",
];

const LATENT: [&str; 8] = ["one", "both", "until", "around", "guards", "guard", "handler", "left"];

/// With what is told of each.
const ALONE: [(&str, &str); 9] = [
    ("joined", " 0 findings"),
    ("timed_join", " 0 findings"),
    ("all_joined", " 0 findings"),
    ("selected", " 0 findings"),
    ("foreign", " 1 finding (1 deny)"),
    ("both", " 1 finding (1 deny)"),
    ("referred", " 1 finding (1 deny)"),
    // What refers to it is given up after a time.
    ("referred_inside", " 1 finding (1 warn)"),
    ("unordered", " 1 finding (1 deny)"),
];

/// With what is told of each.
const HANGS: [(&str, &str); 11] = [
    ("join", "error[deadlock]: deadlock of 2 tasks over `"),
    ("try_join", "error[deadlock]: deadlock of 2 tasks over `"),
    ("select", "error[deadlock]: deadlock of 2 tasks over `"),
    ("futures_join", "error[deadlock]: deadlock of 2 tasks over `"),
    ("futures_select", "error[deadlock]: deadlock of 2 tasks over `"),
    ("select_all", "error[deadlock]: deadlock of 2 tasks over `"),
    ("join_all", "error[deadlock]: deadlock of 2 tasks over `"),
    ("around", "error[deadlock]: deadlock of 2 tasks over `"),
    ("far_around", "error[deadlock]: deadlock of "),
    ("crosswise", "error[deadlock]: deadlock of 2 tasks over `"),
    ("buffered", "error[self-deadlock]: task `main` waits for `"),
];

#[test]
fn futures_that_a_task_polls_in_turn() {
    let project = Project::with_tokio("arms", FUTURES, MAIN);
    let correct = project.call(&format!("run -- correct {}", CORRECT.join(" ")));
    correct.expect(0, &[" 0 findings"]);
    assert!(correct.stdout.contains("went on"), "{}", correct.stdout);
    for what in LATENT {
        let outcome = project.call(&format!("run -- latent {what}"));
        outcome.expect(1, &["error[lock-order-inversion]", " 1 finding (1 deny)"]);
        assert!(outcome.stdout.contains("went on"), "{what}: {}", outcome.stdout);
    }
    // The other one is held up until the time is over.
    let limited = project.call("run -- latent timeout");
    limited.expect(0, &["warning[lock-order-inversion]", "has a time limit", "went on"]);
    for (what, told) in ALONE {
        let outcome = project.call(&format!("run -- alone {what}"));
        outcome.expect(i32::from(told.contains("deny")), &[told]);
        assert!(outcome.stdout.contains("went on"), "{what}: {}", outcome.stdout);
    }
    for (what, told) in HANGS {
        let outcome = project.call(&format!("run -- hang {what}"));
        outcome.expect(1, &[told]);
        assert!(!outcome.stdout.contains("went on"), "{what}: {}", outcome.stdout);
    }
    let outcome = project.call("run -- in_turn");
    outcome.expect(0, &["they meet only if a guard is kept over an `await`", "(1 warn)"]);
}
