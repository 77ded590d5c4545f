use crate::{LONG, SHORT, panic_of};
use instrumented_sync::ext::Semaphore;
use instrumented_sync::thread;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

#[test]
fn permits_are_counted() {
    let semaphore = Semaphore::new(3);
    semaphore.acquire();
    semaphore.acquire_many(2);
    assert_eq!(semaphore.available(), 0);
    assert!(!semaphore.try_acquire());
    semaphore.release_many(2);
    assert!(!semaphore.try_acquire_many(3));
    assert_eq!(semaphore.available(), 2, "an attempt that fails takes nothing");
    assert!(semaphore.try_acquire_many(2));
    semaphore.release();
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn none_of_nothing_never_waits() {
    let semaphore = Semaphore::new(0);
    semaphore.acquire_many(0);
    assert!(semaphore.try_acquire_many(0));
    assert!(semaphore.try_acquire_many_for(0, Duration::ZERO));
    semaphore.release_many(0);
    drop(semaphore.permits(0));
    assert_eq!(semaphore.available(), 0);
}

#[test]
fn guards_give_back_also_when_unwinding() {
    let semaphore = Semaphore::new(2);
    {
        let both = semaphore.permits(2);
        assert_eq!(both.count(), 2);
        assert!(semaphore.try_permit().is_none());
        assert!(semaphore.try_permit_for(SHORT).is_none());
    }
    assert_eq!(semaphore.available(), 2);
    panic_of(|| {
        let _permit = semaphore.permit();
        panic!("while a permit is held");
    });
    assert_eq!(semaphore.available(), 2);
    semaphore.permit().forget();
    assert_eq!(semaphore.available(), 1);
    let permit = semaphore.try_permit_for(LONG).expect("there is one");
    thread::scope(|scope| _ = scope.spawn(move || drop(permit)));
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn limits_are_kept() {
    let semaphore = Semaphore::new(1);
    assert!(!semaphore.try_acquire_many_for(2, SHORT));
    assert!(!semaphore.try_acquire_many_for(2, Duration::ZERO));
    assert_eq!(semaphore.available(), 1);
    assert!(semaphore.try_acquire_until(Instant::now()), "a permit that is there is taken");
    assert!(!semaphore.try_acquire_until(Instant::now()));
    thread::scope(|scope| {
        // So long that no clock can tell its end.
        let waiter = scope.spawn(|| semaphore.try_acquire_for(Duration::MAX));
        semaphore.release();
        assert!(waiter.join().expect("no panic"));
    });
}

#[test]
fn too_many_permits_are_refused_and_the_rest_stays_usable() {
    let semaphore = Semaphore::new(usize::MAX - 1);
    semaphore.release();
    assert!(panic_of(|| semaphore.release()).contains("permits"));
    assert_eq!(semaphore.available(), usize::MAX);
    assert!(semaphore.try_acquire_many(usize::MAX));
}

#[test]
fn who_needs_many_does_not_swallow_the_wake_up_of_who_needs_few() {
    for _ in 0..100 {
        let semaphore = Semaphore::new(0);
        let (done, finished) = channel();
        thread::scope(|scope| {
            for count in [3, 1, 3, 1] {
                let (semaphore, done) = (&semaphore, done.clone());
                scope.spawn(move || {
                    semaphore.acquire_many(count);
                    done.send(count).expect("somebody listens");
                });
            }
            // Whoever is woken first, these are enough for both that need one.
            semaphore.release();
            semaphore.release();
            let few: Vec<usize> = finished.iter().take(2).collect();
            assert_eq!(few, [1, 1]);
            semaphore.release_many(6);
        });
        assert_eq!(semaphore.available(), 0);
    }
}
