//! The programs. The marks at the ends of lines are what the checks look for.

use instrumented_sync::ext::{
    Event, Lock, Queue, ReentrantLock, Semaphore, TimedMutex, declare_order, named,
};
use instrumented_sync::{Barrier, Mutex, thread};
use std::time::Duration;

static OUTER: Mutex<u8> = named("outer", Mutex::new(0));
static INNER: ReentrantLock<u8> = named("inner", ReentrantLock::new(0));
static PERMITS: Semaphore = named("permits", Semaphore::new(0));
static SIGNAL: Event = named("signal", Event::new());
static ITEMS: Queue<u8> = named("items", Queue::new());
static GATE: Lock = named("gate", Lock::new());

pub(crate) fn run(name: &str) {
    match name {
        "recorded" => recorded(),
        "over_and_over" => over_and_over(),
        "semaphore" => stuck(named("semaphore", Semaphore::new(1)), |it| it.acquire_many(2)),
        "lock" => stuck(named("lock", Lock::new()), |it| {
            it.acquire();
            it.acquire();
        }),
        "event" => stuck(named("event", Event::new()), Event::wait),
        "queue_get" => stuck(named("queue_get", Queue::<u8>::new()), |it| _ = it.get()),
        "queue_put" => stuck(named("queue_put", Queue::bounded(1)), |it| {
            it.put(1);
            it.put(2);
        }),
        "queue_join" => stuck(named("queue_join", Queue::new()), |it| {
            it.put(1);
            it.join();
        }),
        "reentrant_cycle" => reentrant_cycle(),
        _ => panic!("no such program: {name}"),
    }
}

/// Whether the line of this file ends with the mark.
pub(crate) fn is_marked(line: u32, mark: &str) -> bool {
    let text = include_str!("programs.rs").lines().nth(line as usize - 1);
    text.is_some_and(|text| text.ends_with(mark))
}

// A mark stands at the end of its line.
#[rustfmt::skip]
fn over_and_over() {
    fn make<T: Default>(times: usize) {
        for _ in 0..times {
            let _ = Mutex::new(T::default()).lock(); // made
        }
    }
    let work = || {
        make::<u8>(50);
        make::<u16>(40);
        for _ in 0..50 {
            let _ = Mutex::new(0_u8).lock(); // made
        }
    };
    thread::spawn(work).join().unwrap();
    work();
    for _ in 0..3 {
        let _ = named("third", Mutex::new(0_u16)).lock(); // made
    }
}

// A mark stands at the end of its line.
#[rustfmt::skip]
fn recorded() {
    declare_order(["outer", "inner"]);
    declare_order(["outer", "inner"]);
    {
        let _outer = OUTER.lock().unwrap();
        let _inner = (INNER.lock(), INNER.lock()); // inner, twice
    }
    drop(INNER.try_lock());
    drop(OUTER.try_lock_for(Duration::from_secs(1)).unwrap()); // timed
    PERMITS.release(); // given
    PERMITS.acquire(); // taken
    GATE.acquire(); // taken
    GATE.release(); // given
    ITEMS.put(1); // given
    assert_eq!(ITEMS.get(), 1); // taken
    assert!(!SIGNAL.wait_for(Duration::from_millis(1))); // waited
    SIGNAL.set(); // set
    SIGNAL.wait(); // taken
}

/// Two threads that wait for ever, each in its own way.
fn stuck<T: Sync>(object: T, wait: impl FnOnce(&T) + Send) {
    thread::scope(|scope| {
        let object = &object;
        scope.spawn(move || wait(object));
    });
}

fn reentrant_cycle() {
    let one = named("reentrant_cycle", ReentrantLock::new(()));
    let other = named("reentrant_cycle", ReentrantLock::new(()));
    let both_hold = Barrier::new(2);
    let nest = |first: &ReentrantLock<()>, second: &ReentrantLock<()>| {
        let _first = (first.lock(), first.lock());
        both_hold.wait();
        let _second = second.lock();
    };
    thread::scope(|scope| {
        scope.spawn(|| nest(&one, &other));
        scope.spawn(|| nest(&other, &one));
    });
}
