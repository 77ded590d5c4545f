//! The objects of the list, and what their operations mean here.

use instrumented_sync::ext::{
    Event, Lock, Queue, ReentrantLock, ReentrantLockGuard, Semaphore, TimedMutex,
};
use instrumented_sync::{Barrier, Condvar, Mutex, MutexGuard, TryLockError, thread};
use std::fmt::Display;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// One object, of any kind.
#[derive(Debug)]
pub(crate) enum Object {
    Lock(Lock),
    Reentrant(ReentrantLock<()>),
    Condition(Mutex<i64>, Condvar),
    Semaphore(Semaphore),
    Event(Event),
    Barrier(Barrier, AtomicU64),
    Queue(Queue<Option<u64>>),
}

/// What an actor holds between its steps.
#[derive(Debug, Default)]
pub(crate) struct Held {
    reentrant: Vec<ReentrantLockGuard<'static, ()>>,
    condition: Option<MutexGuard<'static, i64>>,
}

/// Makes an object.
pub(crate) fn make(kind: &str, argument: Option<&str>) -> Object {
    match (kind, argument) {
        ("lock", None) => Object::Lock(Lock::new()),
        ("rlock", None) => Object::Reentrant(ReentrantLock::new(())),
        ("condition", None) => Object::Condition(Mutex::new(0), Condvar::new()),
        ("semaphore", Some(permits)) => Object::Semaphore(Semaphore::new(number(permits))),
        ("event", None) => Object::Event(Event::new()),
        ("barrier", Some(size)) => Object::Barrier(Barrier::new(number(size)), AtomicU64::new(0)),
        ("queue", None) => Object::Queue(Queue::new()),
        ("queue", Some(bound)) => Object::Queue(Queue::bounded(number(bound))),
        _ => panic!("an object the list does not explain: {kind} {argument:?}"),
    }
}

impl Object {
    /// Does one operation; gives its outcome in the words of the list.
    pub(crate) fn call(&'static self, operation: &str, args: &[String], held: &mut Held) -> String {
        match self {
            Self::Lock(lock) => on_lock(lock, operation, args),
            Self::Reentrant(lock) => on_reentrant(lock, operation, args, &mut held.reentrant),
            Self::Condition(mutex, condvar) => {
                on_condition(mutex, condvar, operation, args, &mut held.condition)
            }
            Self::Semaphore(semaphore) => on_semaphore(semaphore, operation, args),
            Self::Event(event) => on_event(event, operation, args),
            Self::Barrier(barrier, leaders) => on_barrier(barrier, leaders, operation),
            Self::Queue(queue) => on_queue(queue, operation, args),
        }
    }
}

fn on_lock(lock: &Lock, operation: &str, args: &[String]) -> String {
    match operation {
        "acquire" => done(|| lock.acquire()),
        "try" => yes(lock.try_acquire()),
        "acquire_for" => yes(lock.try_acquire_for(seconds(&args[0]))),
        "release" => done(|| lock.release()),
        "is" => yes(lock.is_acquired()),
        "hammer" => hammer(args, |work| {
            let _guard = lock.guard();
            work();
        }),
        _ => unknown(operation),
    }
}

fn on_reentrant(
    lock: &'static ReentrantLock<()>,
    operation: &str,
    args: &[String],
    held: &mut Vec<ReentrantLockGuard<'static, ()>>,
) -> String {
    let mut keep = |guard: Option<_>| {
        let got = guard.is_some();
        held.extend(guard);
        yes(got)
    };
    match operation {
        "acquire" => {
            held.push(lock.lock());
            "ok".to_owned()
        }
        "try" => keep(lock.try_lock()),
        "acquire_for" => keep(lock.try_lock_for(seconds(&args[0]))),
        "release" => done(|| drop(held.pop().expect("the actor holds the lock"))),
        "hammer" => hammer(args, |work| {
            let _outer = lock.lock();
            let _inner = lock.lock();
            work();
        }),
        _ => unknown(operation),
    }
}

fn on_condition(
    mutex: &'static Mutex<i64>,
    condvar: &Condvar,
    operation: &str,
    args: &[String],
    held: &mut Option<MutexGuard<'static, i64>>,
) -> String {
    let level = || number::<i64>(&args[0]);
    let mut taken = || held.take().expect("the actor holds the lock");
    match operation {
        "acquire" => *held = Some(mutex.lock().expect("no panic")),
        "try" => match mutex.try_lock_for(Duration::ZERO) {
            Ok(guard) => {
                *held = Some(guard);
                return yes(true);
            }
            Err(TryLockError::WouldBlock) => return yes(false),
            Err(TryLockError::Poisoned(_)) => panic!("no actor panics while it holds a lock"),
        },
        "release" => drop(taken()),
        "set" => *held.as_deref_mut().expect("the actor holds the lock") = level(),
        "wait" => {
            let waited = condvar.wait_while(taken(), |value| *value < level());
            *held = Some(waited.expect("no panic"));
        }
        "wait_for" => {
            let limit = seconds(&args[1]);
            let waited = condvar.wait_timeout_while(taken(), limit, |value| *value < level());
            let (guard, result) = waited.expect("no panic");
            *held = Some(guard);
            return yes(!result.timed_out());
        }
        "await" => {
            let guard = mutex.lock().expect("no panic");
            drop(condvar.wait_while(guard, |value| *value < level()).expect("no panic"));
        }
        "notify" => condvar.notify_one(),
        "notify_all" => condvar.notify_all(),
        _ => return unknown(operation),
    }
    "ok".to_owned()
}

fn on_semaphore(semaphore: &Semaphore, operation: &str, args: &[String]) -> String {
    match operation {
        "acquire" => done(|| semaphore.acquire()),
        "try" => yes(semaphore.try_acquire()),
        "acquire_for" => yes(semaphore.try_acquire_for(seconds(&args[0]))),
        "release" => match args.first() {
            Some(count) => done(|| semaphore.release_many(number(count))),
            None => done(|| semaphore.release()),
        },
        "hammer" => hammer(args, |work| {
            let _permit = semaphore.permit();
            work();
        }),
        _ => unknown(operation),
    }
}

fn on_event(event: &Event, operation: &str, args: &[String]) -> String {
    match operation {
        "set" => done(|| event.set()),
        "clear" => done(|| event.clear()),
        "is" => yes(event.is_set()),
        "wait" => done(|| event.wait()),
        "wait_for" => yes(event.wait_for(seconds(&args[0]))),
        _ => unknown(operation),
    }
}

fn on_barrier(barrier: &Barrier, leaders: &AtomicU64, operation: &str) -> String {
    // Relaxed: the steps of a scenario are ordered by the channels of the actors.
    match operation {
        "wait" => {
            if barrier.wait().is_leader() {
                leaders.fetch_add(1, Ordering::Relaxed);
            }
            "ok".to_owned()
        }
        "leaders" => leaders.load(Ordering::Relaxed).to_string(),
        _ => unknown(operation),
    }
}

fn on_queue(queue: &Queue<Option<u64>>, operation: &str, args: &[String]) -> String {
    let item = || Some(number(&args[0]));
    let put = |result: Result<(), _>| if result.is_ok() { "ok" } else { "full" }.to_owned();
    let got = |result: Result<Option<u64>, _>| match result {
        Ok(item) => item.map_or_else(String::new, |item| item.to_string()),
        Err(_) => "empty".to_owned(),
    };
    match operation {
        "put" => done(|| queue.put(item())),
        "try_put" => put(queue.try_put(item())),
        "put_for" => put(queue.put_for(item(), seconds(&args[1]))),
        "get" => got(Ok::<_, ()>(queue.get())),
        "try_get" => got(queue.try_get().map_err(drop)),
        "get_for" => got(queue.get_for(seconds(&args[0])).map_err(drop)),
        "task_done" => done(|| queue.task_done()),
        "join" => done(|| queue.join()),
        "len" => queue.len().to_string(),
        "empty" => yes(queue.is_empty()),
        "full" => yes(queue.is_full()),
        "pipe" => pipe(queue, number(&args[0]), number(&args[1]), number(&args[2])),
        _ => unknown(operation),
    }
}

/// Counts up inside `exclusively`, with a chance for others between reading and writing.
fn hammer(args: &[String], exclusively: impl Fn(&dyn Fn()) + Sync) -> String {
    let (threads, rounds): (u64, u64) = (number(&args[0]), number(&args[1]));
    let total = AtomicU64::new(0);
    let count = || {
        // Relaxed, and two steps: only what is tested keeps updates from being lost.
        let before = total.load(Ordering::Relaxed);
        thread::yield_now();
        total.store(before + 1, Ordering::Relaxed);
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..rounds).for_each(|_| exclusively(&count)));
        }
    });
    total.into_inner().to_string()
}

/// Sums up, in the consumers, what the producers put: the numbers from 0 on.
fn pipe(queue: &Queue<Option<u64>>, producers: u64, consumers: u64, count: u64) -> String {
    let total = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..consumers {
            scope.spawn(|| {
                while let Some(number) = queue.get() {
                    // Relaxed: read when the scope has ended.
                    total.fetch_add(number, Ordering::Relaxed);
                }
            });
        }
        thread::scope(|scope| {
            for which in 0..producers {
                scope.spawn(move || {
                    (0..count).for_each(|number| queue.put(Some(which * count + number)));
                });
            }
        });
        (0..consumers).for_each(|_| queue.put(None));
    });
    total.into_inner().to_string()
}

fn done(operation: impl FnOnce()) -> String {
    operation();
    "ok".to_owned()
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

fn number<N: FromStr>(word: impl AsRef<str> + Display) -> N {
    word.as_ref().parse().unwrap_or_else(|_| panic!("no number: {word}"))
}

fn seconds(word: &str) -> Duration {
    Duration::from_secs_f64(number(word))
}

fn unknown(operation: &str) -> String {
    panic!("an operation the list does not explain: {operation}")
}
