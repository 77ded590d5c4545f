use crate::{LONG, SHORT, panic_of};
use instrumented_sync::ext::ReentrantLock;
use instrumented_sync::thread;
use std::cell::{Cell, RefCell};
use std::time::Instant;

/// Whether another thread finds the lock free.
fn is_free<T: Send>(lock: &ReentrantLock<T>) -> bool {
    thread::scope(|scope| scope.spawn(|| lock.try_lock().is_some()).join().expect("no panic"))
}

#[test]
fn it_is_free_after_as_many_releases() {
    let lock = ReentrantLock::new(());
    let guards = [lock.lock(), lock.lock(), lock.try_lock().expect("it is ours")];
    for guard in guards {
        assert!(!is_free(&lock));
        drop(guard);
    }
    assert!(is_free(&lock));
}

#[test]
fn guards_may_go_in_any_order() {
    let lock = ReentrantLock::new(());
    let (outer, inner) = (lock.lock(), lock.lock());
    drop(outer);
    assert!(!is_free(&lock));
    drop(inner);
    assert!(is_free(&lock));
}

#[test]
fn it_is_not_poisoned() {
    let lock = ReentrantLock::new(RefCell::new(1));
    panic_of(|| {
        let outer = lock.lock();
        let _inner = lock.lock();
        *outer.borrow_mut() = 2;
        panic!("while it is held twice");
    });
    assert!(is_free(&lock));
    assert_eq!(*lock.lock().borrow(), 2);
}

#[test]
fn limits_are_kept() {
    let lock = ReentrantLock::new(());
    let guard = lock.try_lock_for(LONG).expect("it is free");
    assert!(lock.try_lock_until(Instant::now()).is_some(), "it is ours");
    thread::scope(|scope| {
        scope.spawn(|| {
            assert!(lock.try_lock().is_none());
            assert!(lock.try_lock_for(SHORT).is_none());
            assert!(lock.try_lock_until(Instant::now() + SHORT).is_none());
        });
    });
    thread::scope(|scope| {
        let waiter = scope.spawn(|| lock.try_lock_for(LONG).is_some());
        drop(guard);
        assert!(waiter.join().expect("no panic"));
    });
}

#[test]
fn who_leaks_a_guard_keeps_the_lock_for_ever() {
    let lock = ReentrantLock::new(());
    thread::scope(|scope| {
        scope.spawn(|| std::mem::forget(lock.lock()));
    });
    // Threads that come later, perhaps in the memory of the one that has ended, are not its owner.
    for _ in 0..20 {
        assert!(!is_free(&lock));
    }
}

#[test]
fn its_value_is_reached_without_locking_when_nobody_else_can() {
    let mut lock = ReentrantLock::from(vec![1]);
    lock.get_mut().push(2);
    assert_eq!(lock.into_inner(), [1, 2]);
    assert_eq!(ReentrantLock::<Cell<u8>>::default().lock().get(), 0);
}

#[test]
fn debug_shows_the_value_unless_another_thread_holds_it() {
    let lock = ReentrantLock::new(7);
    let guard = lock.lock();
    assert_eq!(format!("{lock:?} {guard:?} {guard}"), "ReentrantLock { data: 7, .. } 7 7");
    let elsewhere = || format!("{lock:?}");
    let text = thread::scope(|scope| scope.spawn(elsewhere).join().expect("no panic"));
    assert_eq!(text, "ReentrantLock { data: <locked>, .. }");
}

#[test]
fn thread_locals_may_use_it_while_they_are_destroyed() {
    static LOCK: ReentrantLock<Cell<u32>> = ReentrantLock::new(Cell::new(0));
    struct AtEnd;
    impl Drop for AtEnd {
        fn drop(&mut self) {
            let outer = LOCK.lock();
            let inner = LOCK.lock();
            inner.set(outer.get() + 1);
        }
    }
    thread_local!(static AT_END: AtEnd = const { AtEnd });
    for _ in 0..4 {
        thread::spawn(|| AT_END.with(|_| {})).join().expect("no panic");
    }
    assert_eq!(LOCK.lock().get(), 4);
}
