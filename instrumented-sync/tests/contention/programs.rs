//! The programs, which print what they have seen themselves. The marks at the ends of lines are what the checks look for.

use instrumented_sync::{Condvar, Mutex, RwLock, thread};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, OnceLock};
use std::time::{Duration, Instant};
use std::{fs, hint};

pub(crate) fn run(name: &str) {
    match name {
        "mutex" => mutex(),
        "rwlock" => rwlock(),
        "often" => often(),
        "condition" => condition(),
        "nested" => nested(),
        _ => panic!("no such program: {name}"),
    }
}

/// Whether the line of this file ends with the mark.
pub(crate) fn is_marked(line: u32, mark: &str) -> bool {
    let text = include_str!("programs.rs").lines().nth(line as usize - 1);
    text.is_some_and(|text| text.ends_with(mark))
}

/// Works for so long, and for how long in truth.
fn work(wanted: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < wanted {
        hint::spin_loop();
    }
}

/// From half a millisecond to four, evenly by factors.
fn length(round: u32) -> Duration {
    let share = f64::from(round * 37 % 100) / 100.0;
    Duration::from_secs_f64(0.0005 * 8_f64.powf(share))
}

fn print(name: &str, times: &[Duration]) {
    let times: Vec<String> = times.iter().map(|time| time.as_nanos().to_string()).collect();
    println!("{name} {}", times.join(" "));
}

/// Where a thread says that it is about to wait for a lock, so that the holder can see to it that it does.
struct Waiter {
    thread: String,
    asks: AtomicU32,
}

impl Waiter {
    /// The calling thread.
    fn new() -> Self {
        let thread = fs::read_link("/proc/thread-self").expect("a thread's folder");
        let thread =
            thread.file_name().and_then(|name| name.to_str()).expect("a number").to_owned();
        Self { thread, asks: AtomicU32::new(0) }
    }

    /// It asks for the lock now, in this round.
    fn asks(&self, round: u32) {
        self.asks.store(round, Ordering::SeqCst);
    }

    /// Returns when it sleeps in its wait in this round.
    fn await_sleep(&self, round: u32) {
        let state = format!("/proc/self/task/{}/stat", self.thread);
        let sleeps = || fs::read_to_string(&state).is_ok_and(|state| state.contains(") S "));
        while self.asks.load(Ordering::SeqCst) < round || !sleeps() {
            thread::yield_now();
        }
    }
}

/// One thread holds the lock, works and sleeps; the other waits for it from the beginning on.
fn mutex() {
    let lock = Mutex::new(());
    let (taken, over) = (Barrier::new(2), Barrier::new(2));
    let waiter = Waiter::new();
    let [mut held, mut slept, mut waited] = [const { Vec::new() }; 3];
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..=300 {
                let guard = lock.lock().unwrap(); // holder
                let begun = Instant::now();
                taken.wait();
                waiter.await_sleep(round);
                work(length(round));
                let sleeps = Instant::now();
                thread::sleep(length(round));
                slept.push(sleeps.elapsed());
                held.push(begun.elapsed());
                drop(guard);
                over.wait();
            }
        });
        for round in 1..=300 {
            taken.wait();
            waiter.asks(round);
            let begun = Instant::now();
            let guard = lock.lock().unwrap(); // waiter
            waited.push(begun.elapsed());
            drop(guard);
            over.wait();
        }
    });
    print("held", &held);
    print("slept", &slept);
    print("waited", &waited);
}

/// A reader waits for the writer, then the writer for the reader.
fn rwlock() {
    let lock = RwLock::new(());
    let (taken, over) = (Barrier::new(2), Barrier::new(2));
    let (reader, writer) = (Waiter::new(), OnceLock::new());
    let mut waited = Vec::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let own = writer.get_or_init(Waiter::new);
            for round in 1..=100 {
                own.asks(round);
                let guard = lock.write().unwrap(); // writer
                taken.wait();
                reader.await_sleep(round);
                work(length(round));
                drop(guard);
                over.wait();
            }
        });
        for round in 1..=100 {
            taken.wait();
            reader.asks(round);
            let begun = Instant::now();
            let guard = lock.read().unwrap(); // reader
            waited.push(begun.elapsed());
            over.wait();
            if round < 100 {
                writer.get_or_init(Waiter::new).await_sleep(round + 1);
            }
            drop(guard);
        }
    });
    print("waited", &waited);
}

/// So often that not every acquisition is looked at. Four in five times the lock is held briefly.
fn often() {
    let lock = Mutex::new(());
    let mut held = Vec::new();
    for round in 0..50_000_u32 {
        let guard = lock.lock().unwrap(); // often
        let begun = Instant::now();
        work(Duration::from_micros(if round % 5 == 0 { 40 } else { 10 }));
        held.push(begun.elapsed());
        drop(guard);
    }
    print("held", &held);
}

/// The lock is held before and after a wait that is longer than both.
fn condition() {
    let (lock, changed) = (Mutex::new(0), Condvar::new());
    let [mut before, mut after] = [const { Vec::new() }; 2];
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..=100 {
                work(Duration::from_millis(3));
                *lock.lock().unwrap() = round;
                changed.notify_one();
            }
        });
        for round in 0..100 {
            let mut guard = lock.lock().unwrap(); // before
            let begun = Instant::now();
            work(length(round) / 2);
            before.push(begun.elapsed());
            if *guard <= round {
                guard = changed.wait_while(guard, |now| *now <= round).unwrap(); // condition
                let begun = Instant::now();
                work(length(round) / 2);
                after.push(begun.elapsed());
            }
            drop(guard);
        }
    });
    print("before", &before);
    print("after", &after);
}

fn nested() {
    let (outer, inner) = (Mutex::new(()), Mutex::new(()));
    let [mut of_outer, mut of_inner] = [const { Vec::new() }; 2];
    for round in 0..100 {
        let guard = outer.lock().unwrap(); // outer
        let begun = Instant::now();
        work(length(round));
        {
            let inside = inner.lock().unwrap(); // inner
            let begun = Instant::now();
            work(length(round + 50));
            of_inner.push(begun.elapsed());
            drop(inside);
        }
        of_outer.push(begun.elapsed());
        drop(guard);
    }
    print("outer", &of_outer);
    print("inner", &of_inner);
}
