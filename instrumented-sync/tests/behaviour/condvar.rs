//! `Condvar`.

use crate::panics::message;
use std::time::Duration;

scenarios! {
    fn hands_over() -> Vec<i32> {
        let (slot, changed) = (Mutex::new(None), Condvar::new());
        thread::scope(|scope| {
            let consumer = scope.spawn(|| {
                let mut taken = Vec::new();
                while taken.len() < 10 {
                    let mut slot = slot.lock().unwrap();
                    while slot.is_none() {
                        slot = changed.wait(slot).unwrap();
                    }
                    taken.push(slot.take().unwrap());
                    changed.notify_all();
                }
                taken
            });
            for value in 0..10 {
                let empty = slot.lock().unwrap();
                let mut empty = changed.wait_while(empty, |slot| slot.is_some()).unwrap();
                *empty = Some(value);
                changed.notify_one();
            }
            consumer.join().unwrap()
        })
    }

    fn limits_end_waits() -> Vec<String> {
        let (lock, never) = (Mutex::new(1), Condvar::default());
        let guard = lock.lock().unwrap();
        let (guard, limit) = never.wait_timeout(guard, Duration::ZERO).unwrap();
        let mut log = vec![format!("{guard:?} {limit:?} {:?}", limit.timed_out())];
        let short = Duration::from_millis(1);
        let (guard, limit) = never.wait_timeout_while(guard, short, |_| true).unwrap();
        log.push(format!("{guard:?} {limit:?}"));
        let (guard, limit) = never.wait_timeout_while(guard, Duration::MAX, |_| false).unwrap();
        log.push(format!("{guard:?} {limit:?} {}", limit == { limit }));
        #[expect(deprecated, reason = "it is there")]
        let (guard, notified) = never.wait_timeout_ms(guard, 0).unwrap();
        log.push(format!("{guard:?} {notified}"));
        drop(guard);
        log.push(format!("{lock:?} {never:?}"));
        log
    }

    fn a_wait_releases_the_mutex() -> bool {
        let (lock, changed) = (Mutex::new(false), Condvar::new());
        thread::scope(|scope| {
            let mut guard = lock.lock().unwrap();
            scope.spawn(|| {
                *lock.lock().unwrap() = true;
                changed.notify_one();
            });
            while !*guard {
                guard = changed.wait(guard).unwrap();
            }
            *guard
        })
    }

    fn waits_report_poison_and_keep_the_guard() -> Vec<String> {
        let (lock, never) = (Mutex::new(5), Condvar::new());
        message(|| {
            let _guard = lock.lock().unwrap();
            panic!("holding");
        });
        let guard = lock.lock().unwrap_err().into_inner();
        let poisoned = never.wait_timeout(guard, Duration::ZERO).unwrap_err();
        let (guard, limit) = poisoned.into_inner();
        let mut log = vec![format!("{guard:?} {limit:?} {}", lock.try_lock().is_err())];
        let poisoned = never.wait_timeout_while(guard, Duration::from_millis(1), |_| true);
        let (guard, limit) = poisoned.unwrap_err().into_inner();
        log.push(format!("{guard:?} {limit:?}"));
        #[expect(deprecated, reason = "it is there")]
        let (guard, notified) = never.wait_timeout_ms(guard, 0).unwrap_err().into_inner();
        log.push(format!("{guard:?} {notified}"));
        drop(guard);
        log.push(format!("{}", lock.try_lock().is_err()));
        log
    }

    fn a_waiter_sees_poison() -> (bool, bool) {
        let (lock, changed) = (Mutex::new(false), Condvar::new());
        thread::scope(|scope| {
            let guard = lock.lock().unwrap();
            let breaker = scope.spawn(|| {
                let mut guard = lock.lock().unwrap();
                *guard = true;
                changed.notify_all();
                panic!("holding");
            });
            let result = changed.wait_while(guard, |broken| !*broken);
            (result.is_err(), breaker.join().is_err())
        })
    }

    fn a_panicking_condition_releases_and_poisons() -> (String, bool) {
        let (lock, never) = (Mutex::new(()), Condvar::new());
        let panicked = message(|| {
            let guard = lock.lock().unwrap();
            never.wait_while(guard, |()| panic!("condition"))
        });
        let free = !matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
        (panicked, free && lock.is_poisoned())
    }
}
