use crate::{LONG, SHORT, panic_of};
use instrumented_sync::ext::Lock;
use instrumented_sync::thread;
use std::time::{Duration, Instant};

#[test]
fn any_thread_may_release() {
    let lock = Lock::new();
    lock.acquire();
    thread::scope(|scope| {
        let second = scope.spawn(|| lock.acquire());
        scope.spawn(|| lock.release());
        second.join().expect("no panic");
    });
    assert!(lock.is_acquired());
    lock.release();
    assert!(!lock.is_acquired());
}

#[test]
fn releasing_what_is_not_acquired_panics() {
    let lock = Lock::default();
    assert!(panic_of(|| lock.release()).contains("not acquired"));
    assert!(lock.try_acquire(), "it stays usable");
}

#[test]
fn limits_are_kept() {
    let lock = Lock::new();
    assert!(lock.try_acquire_for(Duration::ZERO), "a free lock is acquired");
    assert!(!lock.try_acquire_for(Duration::ZERO));
    assert!(!lock.try_acquire_for(SHORT));
    assert!(!lock.try_acquire_until(Instant::now() + SHORT));
    thread::scope(|scope| {
        let waiter = scope.spawn(|| lock.try_acquire_for(LONG));
        lock.release();
        assert!(waiter.join().expect("no panic"));
    });
}

#[test]
fn guards_release_also_when_unwinding() {
    let lock = Lock::new();
    panic_of(|| {
        let _guard = lock.guard();
        panic!("while it is acquired");
    });
    assert!(!lock.is_acquired());
    let guard = lock.guard();
    thread::scope(|scope| _ = scope.spawn(move || drop(guard)));
    assert!(!lock.is_acquired());
}

#[test]
fn a_guard_of_a_released_lock_does_nothing() {
    let lock = Lock::new();
    let guard = lock.guard();
    lock.release();
    drop(guard);
    assert!(lock.try_acquire());
}

#[test]
fn debug_shows_the_state() {
    let lock = Lock::new();
    let _guard = lock.guard();
    assert_eq!(format!("{lock:?}"), "Lock { acquired: true, .. }");
}
