use crate::{LONG, SHORT, panic_of};
use instrumented_sync::ext::{TimedMutex, TimedRwLock};
use instrumented_sync::thread;
use std::sync::TryLockError;
use std::time::{Duration, Instant};

/// The same for std's types and for ours, which are the same ones when nothing is recorded.
macro_rules! cases {
    ($module:ident, $sync:ident) => {
        mod $module {
            use super::*;
            use $sync::{Mutex, RwLock};

            #[test]
            fn a_mutex() {
                let mutex = Mutex::new(1);
                *mutex.try_lock_for(Duration::ZERO).unwrap() += 1;
                let guard = mutex.try_lock_until(Instant::now()).unwrap();
                assert!(would_block(mutex.try_lock_for(Duration::ZERO)));
                assert!(would_block(mutex.try_lock_for(SHORT)));
                assert!(would_block(mutex.try_lock_until(Instant::now() + SHORT)));
                thread::scope(|scope| {
                    let waiter = scope.spawn(|| *mutex.try_lock_for(LONG).unwrap());
                    drop(guard);
                    assert_eq!(waiter.join().unwrap(), 2);
                });
            }

            #[test]
            fn a_poisoned_mutex() {
                let mutex = Mutex::new(1);
                panic_of(|| {
                    let _guard = mutex.lock().unwrap();
                    panic!("while it is held");
                });
                match mutex.try_lock_for(SHORT) {
                    Err(TryLockError::Poisoned(poisoned)) => *poisoned.into_inner() = 2,
                    _ => panic!("it is poisoned"),
                }
                // Also when it has to be waited for.
                let guard = mutex.lock().unwrap_err().into_inner();
                thread::scope(|scope| {
                    let waiter = scope.spawn(|| match mutex.try_lock_for(LONG) {
                        Err(TryLockError::Poisoned(poisoned)) => *poisoned.into_inner(),
                        _ => panic!("it is poisoned"),
                    });
                    drop(guard);
                    assert_eq!(waiter.join().unwrap(), 2);
                });
                mutex.clear_poison();
                assert_eq!(*mutex.try_lock_for(SHORT).unwrap(), 2);
            }

            #[test]
            fn a_lock_with_readers() {
                let lock = RwLock::new(1);
                let reader = lock.try_read_for(Duration::ZERO).unwrap();
                assert_eq!(*lock.try_read_until(Instant::now()).unwrap() + *reader, 2);
                assert!(would_block(lock.try_write_for(SHORT)));
                assert!(would_block(lock.try_write_until(Instant::now())));
                thread::scope(|scope| {
                    let writer = scope.spawn(|| *lock.try_write_for(LONG).unwrap() += 1);
                    drop(reader);
                    writer.join().unwrap();
                });
                let writer = lock.try_write_until(Instant::now()).unwrap();
                assert!(would_block(lock.try_read_for(SHORT)));
                assert!(would_block(lock.try_read_until(Instant::now())));
                thread::scope(|scope| {
                    let reader = scope.spawn(|| *lock.try_read_for(LONG).unwrap());
                    drop(writer);
                    assert_eq!(reader.join().unwrap(), 2);
                });
            }

            #[test]
            fn a_poisoned_lock_with_readers() {
                let lock = RwLock::new(1);
                panic_of(|| {
                    let _writer = lock.write().unwrap();
                    panic!("while it is written");
                });
                assert!(matches!(lock.try_read_for(SHORT), Err(TryLockError::Poisoned(_))));
                assert!(matches!(lock.try_write_for(SHORT), Err(TryLockError::Poisoned(_))));
                let writer = lock.write().unwrap_err().into_inner();
                thread::scope(|scope| {
                    let reader = scope.spawn(|| {
                        matches!(lock.try_read_for(LONG), Err(TryLockError::Poisoned(_)))
                    });
                    let other = scope.spawn(|| {
                        matches!(lock.try_write_for(LONG), Err(TryLockError::Poisoned(_)))
                    });
                    drop(writer);
                    assert!(reader.join().unwrap() && other.join().unwrap());
                });
            }

            #[test]
            fn what_is_not_sized() {
                let mutex: &Mutex<[u8]> = &Mutex::new([1, 2]);
                assert_eq!(mutex.try_lock_for(SHORT).unwrap().len(), 2);
                let lock: &RwLock<dyn Fn() -> u8> = &RwLock::new(|| 3);
                assert_eq!((lock.try_read_for(SHORT).unwrap())(), 3);
            }

            #[test]
            fn many_that_wait() {
                let mutex = Mutex::new(0);
                thread::scope(|scope| {
                    for _ in 0..8 {
                        scope.spawn(|| {
                            for _ in 0..50 {
                                let mut count = mutex.try_lock_for(LONG).unwrap();
                                let before = *count;
                                thread::yield_now();
                                *count = before + 1;
                            }
                        });
                    }
                });
                assert_eq!(mutex.into_inner().unwrap(), 400);
            }
        }
    };
}

use instrumented_sync as ours;
use std::sync as real;

cases!(of_std, real);
cases!(of_ours, ours);

fn would_block<G>(result: Result<G, TryLockError<G>>) -> bool {
    matches!(result, Err(TryLockError::WouldBlock))
}
