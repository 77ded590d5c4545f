//! Tasks that wait for each other's messages.

use std::sync::Arc;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::{Mutex, Semaphore, broadcast, oneshot};
use tokio::task::{JoinSet, yield_now};

type Ask = (u32, oneshot::Sender<u32>);

/// Each awaits a message before it sends one.
pub async fn circle() {
    let (to_left, left) = oneshot::channel::<u32>();
    let (to_right, right) = oneshot::channel::<u32>();
    let one = tokio::spawn(async move { left.await.unwrap(); to_right.send(1).unwrap() }); // left
    let other = tokio::spawn(async move { right.await.unwrap(); to_left.send(1).unwrap() }); // right
    one.await.unwrap();
    other.await.unwrap();
}

async fn ask(whom: &Sender<Ask>, what: u32) -> u32 {
    let (reply, answer) = oneshot::channel();
    whom.send((what, reply)).await.unwrap();
    answer.await.unwrap() // answer
}

async fn actor(mut inbox: Receiver<Ask>, other: Sender<Ask>) {
    while let Some((what, reply)) = inbox.recv().await {
        let answer = if what == 0 { 0 } else { ask(&other, what - 1).await };
        reply.send(answer).unwrap();
    }
}

/// Who is asked asks the one who asks, which takes no messages meanwhile.
pub async fn actors() {
    let (to_left, left) = mpsc::channel(4);
    let (to_right, right) = mpsc::channel(4);
    tokio::spawn(actor(left, to_right.clone()));
    tokio::spawn(actor(right, to_left.clone()));
    println!("{}", tokio::spawn(async move { ask(&to_left, 2).await }).await.unwrap());
}

/// An actor asks itself.
pub async fn itself() {
    let (to_it, inbox) = mpsc::channel(4);
    tokio::spawn(actor(inbox, to_it.clone()));
    println!("{}", ask(&to_it, 1).await);
}

/// A task receives until all senders are gone, and has one itself.
pub async fn own_sender() {
    let (tx, mut rx) = mpsc::channel(4);
    for one in 0..3 {
        let tx = tx.clone();
        tokio::spawn(async move { yield_now().await; tx.send(one).await.unwrap() });
    }
    let sums = tokio::spawn(async move {
        let mut sum = 0;
        while let Some(one) = rx.recv().await { sum += one; } // drains
        drop(tx);
        sum
    });
    println!("{}", sums.await.unwrap()); // joins
}

/// Who waits for the end of a worker keeps the sender that keeps it alive.
pub async fn kept_sender() {
    let (tx, mut rx) = mpsc::unbounded_channel::<u32>();
    let worker = tokio::spawn(async move { while rx.recv().await.is_some() {} }); // works
    tx.send(1).unwrap();
    worker.await.unwrap(); // keeps
    drop(tx);
}

/// Each sends all before it receives.
pub async fn full() {
    let (to_left, mut left) = mpsc::channel(1);
    let (to_right, mut right) = mpsc::channel(1);
    let one = tokio::spawn(async move {
        for one in 0..5 { to_right.send(one).await.unwrap(); } // fills right
        drop(to_right);
        while left.recv().await.is_some() {}
    });
    let other = tokio::spawn(async move {
        for one in 0..5 { to_left.send(one).await.unwrap(); } // fills left
        drop(to_left);
        while right.recv().await.is_some() {}
    });
    one.await.unwrap();
    other.await.unwrap();
}

/// Results are taken when all tasks have ended.
pub async fn results() {
    let (tx, mut rx) = mpsc::channel(2);
    let mut set = JoinSet::new();
    for one in 0..6 {
        let tx = tx.clone();
        set.spawn(async move { tx.send(one).await.unwrap() }); // result
    }
    drop(tx);
    let all = async move {
        while set.join_next().await.is_some() {} // all
        while rx.recv().await.is_some() {}
    };
    tokio::spawn(all).await.unwrap();
}

/// Who has the only permit asks a worker that needs one.
pub async fn permit() {
    let permits = Arc::new(Semaphore::new(1));
    let (tx, mut rx) = mpsc::channel::<oneshot::Sender<u32>>(8);
    let of_worker = permits.clone();
    tokio::spawn(async move {
        while let Some(reply) = rx.recv().await {
            let _permit = of_worker.acquire().await.unwrap(); // worker
            reply.send(1).unwrap();
        }
    });
    let user = tokio::spawn(async move {
        let _permit = permits.acquire().await.unwrap(); // has
        let (reply, answer) = oneshot::channel();
        tx.send(reply).await.unwrap();
        answer.await.unwrap() // user
    });
    println!("{}", user.await.unwrap());
}

/// Who is to send needs the lock that the other one holds meanwhile.
pub async fn lock() {
    let lock = Arc::new(Mutex::new(0));
    let (tx, mut rx) = mpsc::channel::<u32>(1);
    let of_other = lock.clone();
    let (holds, is_held) = oneshot::channel();
    let receives = tokio::spawn(async move {
        let _held = lock.lock().await; // holds
        holds.send(()).unwrap();
        rx.recv().await.unwrap() // receives
    });
    is_held.await.unwrap();
    let sends = tokio::spawn(async move {
        *of_other.lock().await += 1; // locks
        tx.send(1).await.unwrap();
    });
    receives.await.unwrap();
    sends.await.unwrap();
}

/// Who is to tell of an event needs the lock that the one that awaits it holds. Another one listens.
pub async fn event() {
    let lock = Arc::new(Mutex::new(0));
    let (tx, mut other) = broadcast::channel::<u32>(4);
    let (mut rx, of_other) = (tx.subscribe(), lock.clone());
    let (holds, is_held) = oneshot::channel();
    let receives = tokio::spawn(async move {
        let _held = lock.lock().await; // keeps it
        holds.send(()).unwrap();
        rx.recv().await.unwrap() // listens
    });
    is_held.await.unwrap();
    let sends = tokio::spawn(async move {
        *of_other.lock().await += 1; // needs it
        tx.send(1).unwrap();
    });
    receives.await.unwrap();
    sends.await.unwrap();
    println!("{}", other.recv().await.unwrap());
}
