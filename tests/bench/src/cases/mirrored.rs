//! What only std has, and its mirror: compiled once against each, by `plain` and `recorded`, as code of users is.

use super::{sync, thread};
use crate::cases::{Kind, Work, timed};
use std::hint::black_box;
use std::time::{Duration, Instant};
use sync::atomic::{AtomicU64, Ordering};
use sync::mpsc;
use sync::{LazyLock, Mutex, OnceLock};

/// Messages that a bounded channel holds.
const CAPACITY: usize = 64;

/// The case, if it is one of these.
pub fn work(kind: Kind) -> Option<Work> {
    Some(match kind {
        Kind::PairAndMessage => pair_and_message(),
        Kind::Channel => Box::new(|count| {
            let (sender, receiver) = mpsc::channel();
            throughput(count, receiver, move |n| sender.send(n).expect("somebody listens"))
        }),
        Kind::SyncChannel => Box::new(|count| {
            let (sender, receiver) = mpsc::sync_channel(CAPACITY);
            throughput(count, receiver, move |n| sender.send(n).expect("somebody listens"))
        }),
        Kind::OnceRead => {
            let once = OnceLock::new();
            once.set(1).expect("it is new");
            Box::new(move |count| {
                timed(count, |_| _ = black_box(*black_box(&once).get().expect("it has one")))
            })
        }
        Kind::LazyRead => {
            let lazy: LazyLock<u64> = LazyLock::new(|| 1);
            Box::new(move |count| timed(count, |_| _ = black_box(**black_box(&lazy))))
        }
        Kind::Atomic => {
            let atomic = AtomicU64::new(0);
            // Relaxed: nothing rests on the number.
            Box::new(move |count| timed(count, |_| _ = atomic.fetch_add(1, Ordering::Relaxed)))
        }
        Kind::SpawnAndJoin => Box::new(|count| {
            timed(count, |_| thread::spawn(|| ()).join().expect("it does nothing"))
        }),
        _ => return None,
    })
}

fn pair_and_message() -> Work {
    let (outer, inner) = (Mutex::new(0_u64), Mutex::new(0_u64));
    let (sender, receiver) = mpsc::channel();
    Box::new(move |count| {
        timed(count, |n| {
            let mut outer = outer.lock().expect("nobody panics");
            *outer += 1;
            *inner.lock().expect("nobody panics") += 1;
            drop(outer);
            sender.send(n).expect("the receiver is here");
            black_box(receiver.recv().expect("it was sent"));
        })
    })
}

fn throughput(
    count: u64,
    receiver: mpsc::Receiver<u64>,
    send: impl Fn(u64) + Send + 'static,
) -> Duration {
    let (ready, start) = mpsc::channel();
    let sending = thread::spawn(move || {
        ready.send(()).expect("somebody listens");
        (0..count).for_each(send);
    });
    start.recv().expect("the thread begins");
    let start = Instant::now();
    for _ in 0..count {
        black_box(receiver.recv().expect("it was sent"));
    }
    let took = start.elapsed();
    sending.join().expect("it only sends");
    took
}
