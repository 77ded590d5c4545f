//! Permits that were forgotten, and guards that tasks have left behind.

use crate::support::Project;

/// What each test does comes from the first argument.
const MAIN: &str = r#"
use std::mem::forget;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedSemaphorePermit, RwLock, Semaphore, mpsc};
use tokio::time::{sleep, timeout};

/// Ten times the time of a stall.
const LONG: Duration = Duration::from_secs(3);

/// Waits in vain.
async fn waits(sem: &Semaphore) {
    assert!(timeout(LONG, sem.acquire()) // waits
        .await.is_err());
}

async fn takes_one(sem: Arc<Semaphore>) {
    sem.acquire().await.unwrap().forget(); // forgets
}

async fn forgotten() {
    let sem = Arc::new(Semaphore::new(2));
    for _ in 0..2 {
        tokio::spawn(takes_one(sem.clone())).await.unwrap();
    }
    waits(&sem).await;
}

/// Another one gives its own back, in time, but waits are long.
async fn fewer() {
    let sem = Arc::new(Semaphore::new(2));
    tokio::spawn(takes_one(sem.clone())).await.unwrap();
    let (begin, begun) = tokio::sync::oneshot::channel();
    let other = sem.clone();
    let other = tokio::spawn(async move {
        let permit = other.acquire().await.unwrap();
        begin.send(()).unwrap();
        sleep(LONG).await;
        drop(permit);
    });
    begun.await.unwrap();
    drop(sem.acquire() // gets it late
        .await.unwrap());
    other.await.unwrap();
}

/// By who waits.
async fn own() {
    let sem = Semaphore::new(1);
    sem.acquire().await.unwrap().forget(); // forgets its own
    waits(&sem).await;
}

async fn owned() {
    let sem = Arc::new(Semaphore::new(1));
    let (done, is_done) = tokio::sync::oneshot::channel();
    let one = sem.clone();
    let alive = tokio::spawn(async move {
        one.acquire_owned().await.unwrap().forget(); // forgets and goes on
        done.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    is_done.await.unwrap();
    waits(&sem).await;
    alive.abort();
}

/// Where some way out does not add it again.
async fn uncounted() {
    let sem = Arc::new(Semaphore::new(1));
    for is_ok in [true, false] {
        let sem = sem.clone();
        let work = async move {
            sem.acquire().await.unwrap().forget(); // counts by hand
            if is_ok {
                sem.add_permits(1);
            }
        };
        tokio::spawn(work).await.unwrap();
    }
    waits(&sem).await;
}

async fn none_left() {
    let sem = Semaphore::new(2);
    sem.forget_permits(2); // takes all
    waits(&sem).await;
}

async fn leaked() {
    let sem = Arc::new(Semaphore::new(2));
    for _ in 0..2 {
        let sem = sem.clone();
        let work = async move {
            let permit = sem.acquire().await.unwrap(); // leaks
            forget(permit);
        };
        tokio::spawn(work).await.unwrap();
    }
    waits(&sem).await;
}

async fn leaked_guard() {
    let lock = Arc::new(Mutex::new(0));
    let one = lock.clone();
    let work = async move {
        let guard = one.lock().await; // leaks a guard
        forget(guard);
    };
    tokio::spawn(work).await.unwrap();
    assert!(timeout(LONG, lock.lock()) // wants the lock
        .await.is_err());
}

async fn leaked_reader() {
    let lock = Arc::new(RwLock::new(0));
    let one = lock.clone();
    let work = async move {
        let guard = Box::new(one.read().await); // leaks a reader
        Box::into_raw(guard);
    };
    tokio::spawn(work).await.unwrap();
    assert!(timeout(LONG, lock.write()) // wants to write
        .await.is_err());
}

// Correct ones.

/// Adds one so often; `take` of them are taken.
async fn limits(period: Duration, take: usize) {
    let sem = Arc::new(Semaphore::new(1));
    let fills = sem.clone();
    let fills = tokio::spawn(async move {
        loop {
            sleep(period).await;
            fills.add_permits(1);
        }
    });
    let all: Vec<_> = (0..take).map(|_| tokio::spawn(takes_one(sem.clone()))).collect();
    for one in all {
        one.await.unwrap();
    }
    fills.abort();
}

/// The last ones wait for long, but are given some meanwhile.
async fn limited() {
    limits(Duration::from_millis(20), 30).await;
}

/// Each waits for long, and is given one after all.
async fn limited_slowly() {
    limits(Duration::from_millis(1000), 3).await;
}

async fn handed() {
    let sem = Arc::new(Semaphore::new(1));
    let (send, mut receive) = mpsc::channel::<OwnedSemaphorePermit>(1);
    let one = sem.clone();
    let acquires = async move { send.send(one.acquire_owned().await.unwrap()).await.unwrap() };
    tokio::spawn(acquires).await.unwrap();
    let permit = receive.recv().await.unwrap();
    let keeps = tokio::spawn(async move {
        sleep(LONG / 3).await;
        drop(permit);
    });
    drop(sem.acquire().await.unwrap());
    keeps.await.unwrap();
}

async fn closed() {
    let sem = Arc::new(Semaphore::new(1));
    sem.acquire().await.unwrap().forget();
    let (begin, begun) = tokio::sync::oneshot::channel();
    let one = sem.clone();
    let waiter = tokio::spawn(async move {
        begin.send(()).unwrap();
        assert!(one.acquire().await.is_err());
    });
    begun.await.unwrap();
    sem.close();
    sleep(LONG / 3).await;
    waiter.await.unwrap();
}

async fn made_smaller() {
    let sem = Arc::new(Semaphore::new(3));
    sem.forget_permits(2);
    let permit = sem.clone().acquire_owned().await.unwrap();
    let keeps = tokio::spawn(async move {
        sleep(LONG / 3).await;
        drop(permit);
    });
    drop(sem.acquire().await.unwrap());
    keeps.await.unwrap();
}

/// As a pool counts: who has taken one adds it when it is done.
async fn counted() {
    let sem = Arc::new(Semaphore::new(1));
    sem.acquire().await.unwrap().forget();
    sem.add_permits(1);
    let (begin, begun) = tokio::sync::oneshot::channel();
    let one = sem.clone();
    let keeps = tokio::spawn(async move {
        one.acquire().await.unwrap().forget();
        begin.send(()).unwrap();
        sleep(LONG / 3).await;
        one.add_permits(1);
    });
    begun.await.unwrap();
    drop(sem.acquire().await.unwrap());
    keeps.await.unwrap();
}

async fn aborted() {
    let sem = Arc::new(Semaphore::new(1));
    let (begin, begun) = tokio::sync::oneshot::channel();
    let one = sem.clone();
    let keeps = tokio::spawn(async move {
        let _permit = one.acquire().await.unwrap();
        begin.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    begun.await.unwrap();
    let aborts = async {
        sleep(LONG / 3).await;
        keeps.abort();
    };
    let (permit, ()) = tokio::join!(sem.acquire(), aborts);
    drop(permit.unwrap());
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    // A hang that nobody tells of ends the test all the same.
    std::thread::spawn(|| { std::thread::sleep(Duration::from_secs(60)); std::process::exit(99) });
    match std::env::args().nth(1).unwrap().as_str() {
        "forgotten" => forgotten().await,
        "fewer" => fewer().await,
        "own" => own().await,
        "owned" => owned().await,
        "uncounted" => uncounted().await,
        "none_left" => none_left().await,
        "leaked" => leaked().await,
        "leaked_guard" => leaked_guard().await,
        "leaked_reader" => leaked_reader().await,
        "limited" => limited().await,
        "limited_slowly" => limited_slowly().await,
        "handed" => handed().await,
        "closed" => closed().await,
        "made_smaller" => made_smaller().await,
        "counted" => counted().await,
        "aborted" => aborted().await,
        _ => panic!(),
    }
    println!("went on");
}
"#;

/// Programs with a finding, with the ends of the lines that lose it and that wait for it.
const FOUND: [(&str, [&str; 2]); 9] = [
    ("forgotten", ["// forgets", "// waits"]),
    ("fewer", ["// forgets", "// gets it late"]),
    ("own", ["// forgets its own", "// waits"]),
    ("owned", ["// forgets and goes on", "// waits"]),
    ("uncounted", ["// counts by hand", "// waits"]),
    ("none_left", ["// takes all", "// waits"]),
    ("leaked", ["// leaks", "// waits"]),
    ("leaked_guard", ["// leaks a guard", "// wants the lock"]),
    ("leaked_reader", ["// leaks a reader", "// wants to write"]),
];

const CORRECT: [&str; 7] =
    ["limited", "limited_slowly", "handed", "closed", "made_smaller", "counted", "aborted"];

/// Programs of one thread: nothing is started beside it until there is something to tell.
const ALONE: &str = r#"
use std::sync::Arc;
use tokio::sync::{Mutex, Semaphore};

unsafe extern "C" {
    fn alarm(seconds: u32) -> u32;
}

async fn takes_one(sem: Arc<Semaphore>) {
    sem.acquire().await.unwrap().forget(); // forgets
}

async fn forgotten() {
    let sem = Arc::new(Semaphore::new(1));
    tokio::spawn(takes_one(sem.clone())).await.unwrap();
    drop(sem.acquire().await); // waits
}

async fn both(first: Arc<Mutex<()>>, second: Arc<Mutex<()>>) {
    let _first = first.lock().await;
    tokio::task::yield_now().await;
    drop(second.lock().await); // crosses
}

async fn crosswise() {
    let (a, b) = (Arc::new(Mutex::new(())), Arc::new(Mutex::new(())));
    let other = tokio::spawn(both(b.clone(), a.clone()));
    both(a, b).await;
    other.await.unwrap();
}

/// Waits are short, and nothing is let go of.
async fn correct() {
    let lock = Arc::new(Mutex::new(()));
    let tasks: Vec<_> = (0..5).map(|_| tokio::spawn(both(lock.clone(), Arc::default()))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(std::fs::read_dir("/proc/self/task").unwrap().count(), 1);
    println!("alone");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // A hang that nobody tells of ends the test all the same, without a thread for it.
    // SAFETY: it takes a number, and nothing else.
    unsafe { alarm(60) };
    match std::env::args().nth(1).unwrap().as_str() {
        "forgotten" => forgotten().await,
        "crosswise" => crosswise().await,
        _ => correct().await,
    }
}
"#;

#[test]
fn what_one_thread_polls_for_ever() {
    let project = Project::with_tokio("permit_leak_alone", "", ALONE);
    let run =
        |program: &str| project.call(&format!("run --stall 0.5s --on-stall exit -- {program}"));
    run("forgotten").expect(1, &["warning[permit-leak]", " // forgets\n", " // waits\n"]);
    run("crosswise").expect(1, &["error[deadlock]", " // crosses\n"]);
    run("correct").expect(0, &["alone"]).lacks(&["warning[", "error["]);
}

#[test]
fn permits_that_nobody_gives_back() {
    let project = Project::with_tokio("permit_leak", "", MAIN);
    let run = |program: &str| project.call(&format!("run --stall 0.3s -- {program}"));
    for (program, ends) in FOUND {
        // The report shows both lines of the source.
        let [lost, waited] = ends.map(|end| format!(" {end}\n"));
        let outcome = run(program);
        outcome.expect(0, &["went on", "warning[permit-leak]", &lost, &waited]).lacks(&["error["]);
    }
    for program in CORRECT {
        run(program).expect(0, &["went on"]).lacks(&["permit-leak", "error["]);
    }
}
