//! Futures that queue for a lock of tokio's, and are polled no more.

use crate::support::{FUTURES, Project, line_of};

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use futures_util::FutureExt;
use futures_util::stream::{self, FuturesUnordered, StreamExt};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{Mutex, RwLock, Semaphore, oneshot};
use tokio::time::{sleep, timeout};

type Lock = Arc<Mutex<u32>>;

async fn add(lock: Lock) {
    let mut guard = lock.lock().await; // adds
    *guard += 1;
}

/// Holds the lock in a task, until told.
async fn held(lock: &Lock) -> (oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (has, had) = oneshot::channel();
    let (free, freed) = oneshot::channel::<()>();
    let lock = lock.clone();
    let task = tokio::spawn(async move {
        let _guard = lock.lock().await; // holder
        has.send(()).unwrap();
        _ = freed.await;
    });
    had.await.unwrap();
    (free, task)
}

/// The classic.
async fn classic() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut first = pin!(add(lock.clone()));
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            free.send(()).unwrap();
            *lock.lock().await += 1; // handler
        }
    }
    task.await.unwrap();
}

/// As published: on the heap.
async fn boxed() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut first = add(lock.clone()).boxed();
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            free.send(()).unwrap();
            *lock.lock().await += 1; // handler of a box
        }
    }
    task.await.unwrap();
}

/// The holder lets go while the handler sleeps.
async fn slept() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut first = pin!(add(lock.clone()));
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = sleep(Duration::from_millis(10)) => {
            free.send(()).unwrap();
            task.await.unwrap();
            sleep(Duration::from_millis(10)).await;
            *lock.lock().await += 1; // after a sleep
        }
    }
}

/// In the body of a loop over futures.
async fn stream() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut all = FuturesUnordered::new();
    all.push(add(lock.clone()).boxed());
    all.push(async {}.boxed());
    let mut free = Some(free);
    while all.next().await.is_some() {
        if let Some(free) = free.take() {
            free.send(()).unwrap();
            *lock.lock().await += 1; // body
        }
    }
    task.await.unwrap();
}

async fn buffered() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut free = Some(free);
    let work = |number| {
        let lock = lock.clone();
        async move {
            if number < 2 {
                *lock.lock().await += 1; // in a stream
            }
        }
    };
    let mut all = pin!(stream::iter(0..3).map(work).buffer_unordered(3));
    while all.next().await.is_some() {
        if let Some(free) = free.take() {
            free.send(()).unwrap();
            *lock.lock().await += 1; // in its body
        }
    }
    task.await.unwrap();
}

/// Two tasks: one is handed what the other wants, and waits for what that one holds.
async fn chain() {
    let (one, two) = (Lock::default(), Lock::default());
    let (free, task) = held(&one).await;
    let (has, had) = oneshot::channel();
    let (go, gone) = oneshot::channel::<()>();
    let (a, b) = (one.clone(), two.clone());
    let other = tokio::spawn(async move {
        let held = b.lock().await; // has two
        has.send(()).unwrap();
        gone.await.unwrap();
        *a.lock().await += *held; // wants one
    });
    had.await.unwrap();
    let mut first = pin!(add(one.clone()));
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            free.send(()).unwrap();
            task.await.unwrap();
            go.send(()).unwrap();
            *two.lock().await += 1; // wants two
        }
    }
    other.await.unwrap();
}

/// Writers and readers.
async fn written() {
    let table = Arc::new(RwLock::new(0));
    let read = table.read().await;
    let mut first = pin!(async { *table.write().await += 1 }); // writer
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            drop(read);
            println!("{}", *table.read().await); // reader
        }
    }
}

async fn permit() {
    let pool = Semaphore::new(1);
    let held = pool.acquire().await.unwrap();
    let mut first = pin!(async { drop(pool.acquire().await.unwrap()) }); // first permit
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            drop(held);
            drop(pool.acquire().await.unwrap()); // second permit
        }
    }
}

/// The wait in the handler has an end.
async fn lucky() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut first = pin!(add(lock.clone()));
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            free.send(()).unwrap();
            task.await.unwrap();
            assert!(timeout(Duration::from_millis(50), lock.lock()).await.is_err()); // limited
        }
    }
    first.await;
}

// Correct ones.

async fn owned() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    tokio::select! {
        biased;
        _ = add(lock.clone()) => {}
        _ = async {} => { free.send(()).unwrap(); }
    }
    *lock.lock().await += 1;
    task.await.unwrap();
}

async fn dropped() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut first = Box::pin(add(lock.clone()));
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            free.send(()).unwrap();
            drop(first);
            *lock.lock().await += 1;
        }
    }
    task.await.unwrap();
}

async fn timed() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    assert!(timeout(Duration::from_millis(10), add(lock.clone())).await.is_err());
    free.send(()).unwrap();
    *lock.lock().await += 1;
    task.await.unwrap();
}

async fn joined() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    tokio::join!(add(lock.clone()), add(lock.clone()), async { free.send(()).unwrap() }, add(lock.clone()));
    futures_util::future::join_all((0..50).map(|_| add(lock.clone()))).await;
    task.await.unwrap();
}

/// All are polled, each when it is woken.
async fn drained() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut all: FuturesUnordered<_> = (0..60).map(|_| add(lock.clone())).collect();
    let mut free = Some(free);
    poll_fn(|context| {
        assert!(all.poll_next_unpin(context).is_pending());
        Poll::Ready(())
    }).await;
    free.take().unwrap().send(()).unwrap();
    while all.next().await.is_some() {}
    let all = stream::iter(0..60).map(|_| add(lock.clone())).buffer_unordered(8);
    all.collect::<Vec<_>>().await;
    task.await.unwrap();
}

async fn spawned() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut first = tokio::spawn(add(lock.clone()));
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            free.send(()).unwrap();
            *lock.lock().await += 1;
        }
    }
    first.await.unwrap();
    task.await.unwrap();
}

/// The future goes to another task, which polls it only later.
async fn given_away() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let mut first = Box::pin(add(lock.clone()));
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            free.send(()).unwrap();
            let later = tokio::spawn(async move {
                sleep(Duration::from_millis(2500)).await;
                first.await;
            });
            *lock.lock().await += 1;
            later.await.unwrap();
        }
    }
    task.await.unwrap();
}

/// The future goes to another task with the guard that it has by then.
async fn given_away_with_its_guard() {
    let lock = Lock::default();
    let copy = lock.clone();
    let mut first = Box::pin(async move {
        let mut guard = copy.lock().await;
        sleep(Duration::from_millis(20)).await;
        *guard += 1;
    });
    tokio::select! {
        biased;
        _ = &mut first => {}
        _ = async {} => {
            let other = tokio::spawn(first);
            *lock.lock().await += 1;
            other.await.unwrap();
        }
    }
}

/// Others hold on to clones of it.
async fn shared() {
    let lock = Lock::default();
    let (free, task) = held(&lock).await;
    let first = add(lock.clone()).boxed().shared();
    let copy = first.clone();
    let other = tokio::spawn(async move { copy.await });
    tokio::task::yield_now().await;
    tokio::select! {
        biased;
        _ = first.clone() => {}
        _ = async {} => {
            free.send(()).unwrap();
            *lock.lock().await += 1;
        }
    }
    other.await.unwrap();
    task.await.unwrap();
}

/// The first one is polled again after the handler.
async fn looped() {
    let lock = Lock::default();
    let other = Lock::default();
    let (free, task) = held(&lock).await;
    let mut first = pin!(add(lock.clone()));
    let mut turns = 0;
    let mut free = Some(free);
    loop {
        tokio::select! {
            _ = &mut first => break,
            _ = sleep(Duration::from_millis(1)) => {
                turns += 1;
                *other.lock().await += 1;
                if turns == 5 { free.take().unwrap().send(()).unwrap(); sleep(Duration::from_millis(5)).await; }
            }
        }
    }
    task.await.unwrap();
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(20)); std::process::exit(99) });
    let runtime = match args.get(1).map(String::as_str) {
        Some("current") => tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        _ => tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
    };
    let spawns = args.get(1).is_some_and(|how| how == "spawned");
    fn run(runtime: tokio::runtime::Runtime, spawns: bool, future: impl Future<Output = ()> + Send + 'static) {
        if spawns { runtime.block_on(async { tokio::spawn(future).await.unwrap() }) } else { runtime.block_on(future) }
        println!("went on");
    }
    macro_rules! programs { ($($name:ident)*) => { match args[0].as_str() { $(stringify!($name) => run(runtime, spawns, $name()),)* _ => panic!() } } }
    programs!(classic boxed slept stream buffered chain written permit lucky owned dropped timed joined drained spawned given_away given_away_with_its_guard shared looped)
}
"#;

/// Programs that hang, with the ends of the lines where the future asks, and where its task does.
const HANG: [(&str, [&str; 2]); 8] = [
    ("classic", ["// adds", "// handler"]),
    ("boxed", ["// adds", "// handler of a box"]),
    ("slept", ["// adds", "// after a sleep"]),
    ("stream", ["// adds", "// body"]),
    ("buffered", ["// in a stream", "// in its body"]),
    ("chain", ["// adds", "// wants two"]),
    ("written", ["// writer", "// reader"]),
    ("permit", ["// first permit", "// second permit"]),
];

const GO_ON: [&str; 10] = [
    "owned",
    "dropped",
    "timed",
    "joined",
    "drained",
    "spawned",
    "given_away",
    "given_away_with_its_guard",
    "shared",
    "looped",
];

#[test]
fn futures_that_are_no_longer_polled() {
    let project = Project::with_tokio("futurelock", FUTURES, MAIN);
    let line = |end| line_of(MAIN, end);
    for how in ["", "current", "spawned"] {
        let run = |what: &str| project.call(&format!("run -- {what} {how}"));
        for (program, lines) in HANG {
            let [asks, waits] = lines.map(line);
            let outcome = run(program);
            outcome.expect(1, &["error[futurelock]", &asks, &waits, "no longer polls"]);
            outcome.lacks(&["error[deadlock", "error[self"]);
        }
        run("lucky").expect(
            0,
            &["warning[futurelock]", "`lock` behind", &line("// adds"), &line("// limited")],
        );
        for program in GO_ON {
            let outcome = run(program);
            outcome.expect(0, &[" 0 findings"]);
            assert!(outcome.stdout.contains("went on"), "{program}: {}", outcome.stdout);
        }
    }
}
