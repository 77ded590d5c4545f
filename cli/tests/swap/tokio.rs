//! Tasks of tokio, and the locks that they await.

use crate::support::{Project, line_of};

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{Barrier, Mutex, RwLock, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

type Account = Arc<Mutex<i64>>;

fn accounts() -> (Account, Account) {
    let alice = Arc::new(Mutex::new(100));
    let bob = Arc::new(Mutex::new(100));
    (alice, bob)
}

async fn transfer(from: Account, to: Account, both: Option<Arc<Barrier>>) {
    let mut from = from.lock().await; // has
    if let Some(both) = both {
        both.wait().await;
    }
    *to.lock().await += 1; // wants
    *from -= 1;
}

async fn crosswise() {
    let (alice, bob) = accounts();
    let both = Some(Arc::new(Barrier::new(2)));
    let one = tokio::spawn(transfer(alice.clone(), bob.clone(), both.clone())); // spawns
    transfer(bob, alice, both).await;
    one.await.unwrap();
}

/// Somebody else has a waker of the task, too, until it has long been asleep.
async fn late() {
    let (alice, bob) = accounts();
    let both = Some(Arc::new(Barrier::new(2)));
    let one = tokio::spawn(transfer(alice.clone(), bob.clone(), both.clone()));
    let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        drop(waker);
    });
    transfer(bob, alice, both).await;
    one.await.unwrap();
}

/// As before, of a task that is not what the thread blocks on.
async fn late_of_a_task() {
    let (alice, bob) = accounts();
    let both = Some(Arc::new(Barrier::new(2)));
    let other = transfer(bob.clone(), alice.clone(), both.clone());
    let one = tokio::spawn(async move {
        let waker = poll_fn(|context| Poll::Ready(context.waker().clone())).await;
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(300));
            drop(waker);
        });
        transfer(alice, bob, both).await;
    });
    other.await;
    one.await.unwrap();
}

async fn latent() {
    let (alice, bob) = accounts();
    let one = tokio::spawn(transfer(alice.clone(), bob.clone(), None));
    // Only time orders the two.
    sleep(Duration::from_millis(50)).await;
    transfer(bob, alice, None).await;
    one.await.unwrap();
}

async fn joined() {
    let (alice, _) = accounts();
    let held = alice.lock().await; // holds
    let copy = alice.clone();
    let one = tokio::spawn(async move { *copy.lock().await += 1 });
    one.await.unwrap(); // joins
    drop(held);
}

async fn again() {
    let table = RwLock::new(1);
    let read = table.read().await; // reads
    *table.write().await = *read; // writes
}

/// A reader that holds the lock asks again behind a writer that waits.
async fn behind_a_writer() {
    let table = Arc::new(RwLock::new(1));
    let read = table.read().await; // first
    let copy = table.clone();
    let writer = tokio::spawn(async move { *copy.write().await += 1 });
    while table.try_read().is_ok() {
        sleep(Duration::from_millis(1)).await;
    }
    println!("{}", *read + *table.read().await); // second
    writer.await.unwrap();
}

async fn take_two(pool: &Semaphore, both: &Barrier) {
    let first = pool.acquire().await.unwrap(); // first permit
    both.wait().await;
    drop((pool.acquire().await.unwrap(), first)); // second permit
}

/// All permits are held by tasks that wait for one more.
async fn permits() {
    let pool = Arc::new((Semaphore::new(2), Barrier::new(2)));
    let copy = pool.clone();
    let one = tokio::spawn(async move { take_two(&copy.0, &copy.1).await });
    take_two(&pool.0, &pool.1).await;
    one.await.unwrap();
}

trait AmbiguousIfUnpin<A> {
    fn some(&self) {}
}
impl<T: ?Sized> AmbiguousIfUnpin<()> for T {}
impl<T: ?Sized + Unpin> AmbiguousIfUnpin<u8> for T {}

/// Calls of `async fn`s cannot be moved, as programs may rest on: else this does not compile.
#[allow(dead_code)]
fn none_is_unpin(set: &mut JoinSet<u32>, lock: &Mutex<u32>, pool: &Semaphore) {
    AmbiguousIfUnpin::some(&set.join_next());
    AmbiguousIfUnpin::some(&lock.lock());
    AmbiguousIfUnpin::some(&pool.acquire());
}

/// The lock is held by one who waits for the only permit, and the permit by one who waits for the lock.
async fn permit_and_lock() {
    let shared = Arc::new((Semaphore::new(1), Mutex::new(1), Barrier::new(2)));
    let copy = shared.clone();
    let one = tokio::spawn(async move {
        let _permit = copy.0.acquire().await.unwrap();
        copy.2.wait().await;
        *copy.1.lock().await += 1; // has the permit
    });
    let held = shared.1.lock().await;
    shared.2.wait().await;
    drop((shared.0.acquire().await.unwrap(), held)); // has the lock
    one.await.unwrap();
}

/// The guard of a static goes on when its task has ended.
async fn outlives() {
    static LOCK: Mutex<u32> = Mutex::const_new(0);
    let held = tokio::spawn(async { LOCK.lock().await }).await.unwrap();
    let other = tokio::spawn(async { *LOCK.lock().await += 1 });
    // Longer than it takes to tell a deadlock.
    sleep(Duration::from_millis(800)).await;
    drop(held);
    other.await.unwrap();
    println!("went on");
}

/// A permit and a lock in both orders, one after the other as far as the clock goes.
async fn permit_orders(permits: usize) {
    let shared = Arc::new((Semaphore::new(permits), Mutex::new(1)));
    let copy = shared.clone();
    let one = tokio::spawn(async move {
        let _permit = copy.0.acquire().await.unwrap();
        *copy.1.lock().await += 1; // inside of the permit
    });
    sleep(Duration::from_millis(50)).await;
    let held = shared.1.lock().await;
    drop((shared.0.acquire().await.unwrap(), held)); // inside of the lock
    one.await.unwrap();
}

/// Who has the only permit takes two locks in any order.
async fn gated() {
    let gate = Arc::new(Semaphore::new(1));
    let (alice, bob) = accounts();
    let (a, b, copy) = (alice.clone(), bob.clone(), gate.clone());
    let one = tokio::spawn(async move {
        let _permit = copy.acquire().await.unwrap();
        transfer(a, b, None).await;
    });
    let permit = gate.acquire().await.unwrap();
    transfer(bob, alice, None).await;
    drop(permit);
    one.await.unwrap();
}

/// One branch of a task waits for what another task holds, which waits for what a second branch holds. That one goes on: it wakes itself.
async fn branches() {
    let (alice, bob) = accounts();
    let both = Arc::new(Barrier::new(2));
    let (a, b, step) = (alice.clone(), bob.clone(), both.clone());
    let other = tokio::spawn(async move {
        let held = a.lock().await;
        step.wait().await;
        *b.lock().await += *held;
    });
    while alice.try_lock().is_ok() {
        tokio::task::yield_now().await;
    }
    let mut turns = 0;
    let mut busy = pin!(async {
        let held = bob.lock().await;
        both.wait().await;
        poll_fn(|context| {
            turns += 1;
            context.waker().wake_by_ref();
            if turns < 1000 { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
        drop(held);
    });
    let mut waits = pin!(async { drop(alice.lock().await) });
    let (mut is_idle, mut has_it) = (false, false);
    poll_fn(|context| {
        is_idle = is_idle || busy.as_mut().poll(context).is_ready();
        has_it = has_it || waits.as_mut().poll(context).is_ready();
        if is_idle && has_it { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    other.await.unwrap();
    println!("went on");
}

/// A thread waits for what a task holds, and the task for what the thread holds.
async fn with_a_thread() {
    let (alice, _) = accounts();
    let plain = Arc::new(std::sync::Mutex::new(1));
    let both = Arc::new(std::sync::Barrier::new(2));
    let (copy, other, step) = (alice.clone(), plain.clone(), both.clone());
    let thread = tokio::task::spawn_blocking(move || {
        let held = other.lock().unwrap();
        step.wait();
        *copy.blocking_lock() += *held; // blocks
    });
    let held = alice.lock().await;
    both.wait();
    println!("{}", *plain.lock().unwrap() + *held); // plainly
    thread.await.unwrap();
}

async fn correct() {
    let (alice, bob) = accounts();
    // One after the other, whoever runs them.
    transfer(alice.clone(), bob.clone(), None).await;
    transfer(bob.clone(), alice.clone(), None).await;
    tokio::spawn(transfer(alice.clone(), bob.clone(), None)).await.unwrap();
    tokio::spawn(transfer(bob.clone(), alice.clone(), None)).await.unwrap();
    let table = Arc::new(RwLock::new(0));
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let (alice, table) = (alice.clone(), table.clone());
            tokio::spawn(async move {
                for _ in 0..20 {
                    let mut own = alice.lock().await;
                    *own += 1;
                    if number % 3 == 0 { *table.write().await += 1; } else { drop(table.read().await); }
                    tokio::task::yield_now().await;
                    drop(own);
                    // Given up before it comes.
                    drop(timeout(Duration::from_micros(50), alice.lock()).await);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    // A wait that time ends is none for ever, and a guard may go to another task.
    let passed = Arc::new(Mutex::new(0));
    let held = passed.clone().lock_owned().await;
    assert!(timeout(Duration::from_millis(20), passed.lock()).await.is_err());
    let other = tokio::spawn(async move { sleep(Duration::from_millis(10)).await; *held });
    let sum = *passed.lock().await + other.await.unwrap();
    // Permits that come from elsewhere, go elsewhere, and go to another task.
    let gate = Arc::new(Semaphore::new(0));
    let opened = tokio::spawn({ let gate = gate.clone(); async move { gate.acquire().await.unwrap().forget() } });
    tokio::task::yield_now().await;
    gate.add_permits(1);
    opened.await.unwrap();
    let slots = Arc::new(Semaphore::new(2));
    for _ in 0..10 {
        let slot = slots.clone().acquire_owned().await.unwrap();
        tokio::spawn(async move { sleep(Duration::from_millis(1)).await; drop(slot) });
    }
    drop(slots.acquire_many(2).await.unwrap());
    let held = slots.acquire_many(2).await.unwrap();
    assert!(timeout(Duration::from_millis(20), slots.acquire()).await.is_err());
    drop(held);
    // One permit is where nothing is recorded, and comes back.
    let pool = Arc::new(Semaphore::new(2));
    let (sender, receiver) = std::sync::mpsc::channel();
    let copy = pool.clone();
    let thread = tokio::task::spawn_blocking(move || {
        let held = copy.try_acquire().unwrap();
        receiver.recv().unwrap();
        std::thread::sleep(Duration::from_millis(30));
        drop(held);
    });
    while pool.available_permits() == 2 {
        sleep(Duration::from_millis(1)).await;
    }
    let first = pool.acquire().await.unwrap();
    sender.send(()).unwrap();
    drop((pool.acquire().await.unwrap(), first));
    thread.await.unwrap();
    let cancelled = tokio::spawn({ let alice = alice.clone(); async move { let _held = alice.lock().await; sleep(Duration::from_secs(60)).await } });
    while alice.try_lock().is_ok() {
        tokio::task::yield_now().await;
    }
    cancelled.abort();
    let blocking = tokio::task::spawn_blocking({ let alice = alice.clone(); move || *alice.blocking_lock() });
    // They look the same, too.
    assert_eq!(format!("{:?}", Semaphore::new(2)), "Semaphore { ll_sem: Semaphore { permits: 2 } }");
    println!("sum {} {} {}", sum, blocking.await.unwrap(), *table.read().await);
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // A deadlock that nobody tells of ends the test all the same.
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    let runtime = match args.get(1) {
        Some(_) => tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        None => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
    };
    fn run(runtime: tokio::runtime::Runtime, future: impl Future<Output = ()>) {
        runtime.block_on(future);
    }
    match args.first().map(String::as_str) {
        Some("crosswise") => run(runtime, crosswise()),
        Some("late") => run(runtime, late()),
        Some("late_task") => run(runtime, late_of_a_task()),
        Some("latent") => run(runtime, latent()),
        Some("joined") => run(runtime, joined()),
        Some("again") => run(runtime, again()),
        Some("behind") => run(runtime, behind_a_writer()),
        Some("permits") => run(runtime, permits()),
        Some("lock") => run(runtime, permit_and_lock()),
        Some("order_1") => run(runtime, permit_orders(1)),
        Some("order_2") => run(runtime, permit_orders(2)),
        Some("outlives") => run(runtime, outlives()),
        Some("gated") => run(runtime, gated()),
        Some("branches") => run(runtime, branches()),
        Some("thread") => run(runtime, with_a_thread()),
        _ => run(runtime, correct()),
    }
}
"#;

/// The line of the source that ends so.
fn line(end: &str) -> String {
    line_of(MAIN, end)
}

#[test]
fn tasks_that_wait_for_each_other() {
    let project = Project::with_tokio("tasks", "", MAIN);
    let run = |what: &str| project.call(&format!("run -- {what}"));
    for runtime in ["", " current"] {
        let outcome = run(&format!("crosswise{runtime}"));
        let both = ["error[deadlock]: deadlock of 2 tasks over", "`alice`", "`bob`"];
        outcome.expect(1, &both);
        outcome.expect(1, &[&line("// has"), &line("// wants"), &line("// spawns")]);
        for late in ["late", "late_task"] {
            run(&format!("{late}{runtime}")).expect(1, &both);
        }
        let inversion = "error[lock-order-inversion]";
        run(&format!("latent{runtime}")).expect(1, &[inversion, "task `transfer`", "possible"]);
        let outcome = run(&format!("joined{runtime}"));
        outcome.expect(1, &["error[deadlock]", "`alice`", &line("// holds"), &line("// joins")]);
        let alone = "error[self-deadlock]";
        run(&format!("again{runtime}"))
            .expect(1, &[alone, "`table`", &line("// reads"), &line("// writes")]);
        run(&format!("behind{runtime}"))
            .expect(1, &["error[deadlock]", "`table`", &line("// first"), &line("// second")]);
        run(&format!("permits{runtime}")).expect(
            1,
            &["error[deadlock]", "`pool.0`", &line("// first permit"), &line("// second permit")],
        );
        run(&format!("lock{runtime}"))
            .expect(1, &["error[deadlock]", &line("// has the permit"), &line("// has the lock")]);
        let both = [&*line("// inside of the permit"), &line("// inside of the lock")];
        let outcome = run(&format!("order_1{runtime}"));
        outcome.expect(1, &[inversion, "a permit of"]);
        outcome.expect(1, &both);
        let outcome = run(&format!("order_2{runtime}"));
        outcome.expect(0, &["warning[lock-order-inversion]", "has several permits"]);
        run(&format!("gated{runtime}")).expect(0, &[" 0 findings"]);
        run(&format!("outlives{runtime}")).expect(0, &["went on", " 0 findings"]);
        let outcome = run(&format!("branches{runtime}"));
        outcome.lacks(&["error[deadlock"]);
        assert!(outcome.stdout.contains("went on"), "{}", outcome.stdout);
        run(&format!("correct{runtime}")).expect(0, &["sum 0 ", " 0 findings"]);
    }
    run("thread").expect(
        1,
        &["error[deadlock]: deadlock of 2 tasks", &line("// blocks"), &line("// plainly")],
    );
    project.call("doctor").expect(0, &["tokio 1."]);
}
