//! Tasks that idle: somebody else may send to them, wherever the sender is.

use futures_util::stream::{FuturesUnordered, StreamExt};
use std::cell::RefCell;
use std::sync::{LazyLock, Mutex, mpsc as blocking};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::{broadcast, oneshot};
use tokio::time::{interval, sleep};

/// Longer than it takes to tell a circle.
const LONG: Duration = Duration::from_millis(2500);

async fn drains(mut rx: Receiver<u32>) {
    while rx.recv().await.is_some() {}
}

/// A worker, and the only sender to it.
fn worker() -> (Sender<u32>, tokio::task::JoinHandle<()>) {
    let (tx, rx) = mpsc::channel(4);
    (tx, tokio::spawn(drains(rx)))
}

/// The sender is on the stack of a thread that sleeps.
pub async fn on_a_stack() {
    let (tx, worker) = worker();
    let thread = std::thread::spawn(move || { std::thread::sleep(LONG); tx.blocking_send(1).unwrap() });
    worker.await.unwrap();
    thread.join().unwrap();
}

/// It is with a thread that has nothing else, and waits for another thread.
pub async fn with_a_thread_that_waits() {
    let (tx, worker) = worker();
    let (go, goes) = blocking::channel();
    let sends = std::thread::spawn(move || { _ = goes.recv(); tx.blocking_send(1).unwrap() });
    let wakes = std::thread::spawn(move || { std::thread::sleep(LONG); go.send(()).unwrap() });
    worker.await.unwrap();
    sends.join().unwrap();
    wakes.join().unwrap();
}

static TABLE: LazyLock<Mutex<Vec<Sender<u32>>>> = LazyLock::new(Mutex::default);

/// It is in a table, at which somebody looks later.
pub async fn in_a_table() {
    let (tx, worker) = worker();
    TABLE.lock().unwrap().push(tx);
    tokio::spawn(async { sleep(LONG).await; TABLE.lock().unwrap().clear() });
    worker.await.unwrap();
}

thread_local! {
    static OWN: RefCell<Option<Sender<u32>>> = const { RefCell::new(None) };
}

/// It is in a variable of a thread.
pub async fn in_a_local() {
    let (tx, worker) = worker();
    let thread = std::thread::spawn(move || {
        OWN.set(Some(tx));
        std::thread::sleep(LONG);
        OWN.take();
    });
    worker.await.unwrap();
    thread.join().unwrap();
}

/// It is in a message to a task that sleeps for a time.
pub async fn in_a_message() {
    let (tx, worker) = worker();
    let (hand_over, mut handed) = mpsc::channel::<Sender<u32>>(1);
    let later = tokio::spawn(async move { sleep(LONG).await; drop(handed.recv().await) });
    hand_over.send(tx).await.unwrap();
    worker.await.unwrap();
    later.await.unwrap();
}

/// A weak one becomes a strong one, as long as there is one: the worker's own.
pub async fn weak() {
    let (tx, mut rx) = mpsc::channel::<u32>(4);
    let weak = tx.downgrade();
    tokio::spawn(async move { sleep(LONG).await; weak.upgrade().unwrap().send(1).await.unwrap() });
    let worker = tokio::spawn(async move { rx.recv().await.unwrap(); drop(tx) });
    worker.await.unwrap();
}

/// It is with a task that blocks its worker.
pub async fn in_a_poll() {
    let (tx, worker) = worker();
    tokio::spawn(async move { let tx = tx; std::thread::sleep(Duration::from_millis(900)); drop(tx) });
    worker.await.unwrap();
}

/// It is with a task that works.
pub async fn with_a_ticker() {
    let (tx, worker) = worker();
    tokio::spawn(async move {
        let mut ticks = interval(Duration::from_millis(50));
        for _ in 0..50 { ticks.tick().await; }
        drop(tx);
    });
    worker.await.unwrap();
}

/// It is in a future on the heap, of a task that sleeps for a time.
pub async fn in_a_box() {
    let (tx, worker) = worker();
    let later: std::pin::Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(async move { sleep(LONG).await; drop(tx) });
    tokio::spawn(later);
    worker.await.unwrap();
}

/// Two that have a sender to each other, and somebody has one to both.
pub async fn peers() {
    async fn peer(mut inbox: Receiver<u32>, other: Sender<u32>) {
        while let Some(one) = inbox.recv().await { if one > 0 { _ = other.send(one - 1).await; } else { break } }
    }
    let (to_left, left) = mpsc::channel(4);
    let (to_right, right) = mpsc::channel(4);
    let both = [tokio::spawn(peer(left, to_right.clone())), tokio::spawn(peer(right, to_left.clone()))];
    TABLE.lock().unwrap().extend([to_left, to_right]);
    tokio::spawn(async {
        sleep(LONG).await;
        let all = std::mem::take(&mut *TABLE.lock().unwrap());
        for one in all { one.send(0).await.unwrap(); }
    });
    for one in both { one.await.unwrap(); }
}

/// A program that is meant to wait beside what it has started, which ends it.
pub async fn for_ever() {
    let (_tx, rx) = oneshot::channel::<()>();
    tokio::spawn(async { sleep(LONG).await; println!("went on"); std::process::exit(0) });
    rx.await.unwrap();
}

/// Two replies are awaited at once, of which one comes.
pub async fn either() {
    let (kept, never) = oneshot::channel::<u32>();
    let (tx, comes) = oneshot::channel::<u32>();
    tokio::spawn(async move { sleep(LONG).await; tx.send(1).unwrap() });
    let waits = tokio::spawn(async move {
        let mut all: FuturesUnordered<_> = [never, comes].into_iter().collect();
        println!("{:?}", all.next().await);
        drop(kept);
    });
    waits.await.unwrap();
}

/// A worker pool behind one queue, whose sender is with who sleeps.
pub async fn pool() {
    let (tx, rx) = mpsc::channel::<u32>(4);
    let rx = std::sync::Arc::new(tokio::sync::Mutex::new(rx));
    let workers: Vec<_> = (0..3).map(|_| {
        let rx = rx.clone();
        tokio::spawn(async move { while rx.lock().await.recv().await.is_some() {} })
    }).collect();
    tokio::spawn(async move { sleep(LONG).await; drop(tx) });
    for one in workers { one.await.unwrap(); }
}

/// A reply that takes long, by a thread.
pub async fn slow_reply() {
    let (tx, rx) = oneshot::channel();
    std::thread::spawn(move || { std::thread::sleep(LONG); tx.send(1).unwrap() });
    println!("{}", tokio::spawn(async { rx.await.unwrap() }).await.unwrap());
}

/// A weak sender of events becomes a strong one, as long as the one that listens has one.
pub async fn listens() {
    let (tx, mut rx) = broadcast::channel::<u32>(4);
    let weak = tx.downgrade();
    tokio::spawn(async move { sleep(LONG).await; weak.upgrade().unwrap().send(1).unwrap() });
    let waits = tokio::spawn(async move { rx.recv().await.unwrap(); drop(tx) });
    waits.await.unwrap();
}

/// A worker that has a sender to itself, and another sender.
fn worker_with_its_own() -> (Sender<u32>, tokio::task::JoinHandle<()>) {
    let (tx, mut rx) = mpsc::channel(4);
    let own = tx.clone();
    (tx, tokio::spawn(async move { rx.recv().await.unwrap(); drop(own) }))
}

/// The other one is on the stack of a thread that sleeps.
pub async fn own_and_on_a_stack() {
    let (tx, worker) = worker_with_its_own();
    let thread = std::thread::spawn(move || { std::thread::sleep(LONG); tx.blocking_send(1).unwrap() });
    worker.await.unwrap();
    thread.join().unwrap();
}

/// It is with a thread that waits for another one.
pub async fn own_and_with_a_thread_that_waits() {
    let (tx, worker) = worker_with_its_own();
    let (go, goes) = blocking::channel();
    let sends = std::thread::spawn(move || { _ = goes.recv(); tx.blocking_send(1).unwrap() });
    let wakes = std::thread::spawn(move || { std::thread::sleep(LONG); go.send(()).unwrap() });
    worker.await.unwrap();
    sends.join().unwrap();
    wakes.join().unwrap();
}

/// It is in a blocking call of the runtime's.
pub async fn own_and_in_a_call() {
    let (tx, worker) = worker_with_its_own();
    tokio::task::spawn_blocking(move || { std::thread::sleep(LONG); tx.blocking_send(1).unwrap() });
    worker.await.unwrap();
}

/// It is in a table.
pub async fn own_and_in_a_table() {
    let (tx, worker) = worker_with_its_own();
    TABLE.lock().unwrap().push(tx);
    tokio::spawn(async {
        sleep(LONG).await;
        let tx = TABLE.lock().unwrap().pop().unwrap();
        tx.send(1).await.unwrap();
    });
    worker.await.unwrap();
}

/// It is in a future on the heap.
pub async fn own_and_in_a_box() {
    let (tx, worker) = worker_with_its_own();
    let later: std::pin::Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(async move { sleep(LONG).await; tx.send(1).await.unwrap() });
    tokio::spawn(later);
    worker.await.unwrap();
}

/// It is with a task that blocks its thread.
pub async fn own_and_in_a_poll() {
    let (tx, worker) = worker_with_its_own();
    tokio::spawn(async move { let tx = tx; std::thread::sleep(LONG); tx.try_send(1).unwrap() });
    worker.await.unwrap();
}

/// A weak one, in a table.
pub async fn own_and_weak() {
    let (tx, worker) = worker_with_its_own();
    static WEAK: Mutex<Option<mpsc::WeakSender<u32>>> = Mutex::new(None);
    *WEAK.lock().unwrap() = Some(tx.downgrade());
    drop(tx);
    std::thread::spawn(|| {
        std::thread::sleep(LONG);
        let weak = WEAK.lock().unwrap().take().unwrap();
        weak.upgrade().unwrap().blocking_send(1).unwrap();
    });
    worker.await.unwrap();
}
