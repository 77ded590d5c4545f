//! The same few calls on the locks of every implementation.

use crate::cases::{Kind, Work, plain, recorded};
use std::hint::black_box;
use std::ops::DerefMut;
use std::thread;
use std::time::Duration;

/// An implementation: all calls are inlined, so that only its own code is measured.
pub trait Locks: 'static {
    /// A mutex around a number.
    type Mutex: Send + Sync;
    /// A readers-writer lock around a number.
    type RwLock: Send + Sync;
    /// A condition variable for the mutex.
    type Condvar: Send + Sync;
    /// A guard of the mutex.
    type Guard<'a>: DerefMut<Target = u64>;

    /// What the implementation wants to be done once in its process.
    fn prepare();
    /// A new mutex.
    fn mutex() -> Self::Mutex;
    /// A new readers-writer lock.
    fn rwlock() -> Self::RwLock;
    /// A new condition variable.
    fn condvar() -> Self::Condvar;
    /// Locks, and changes the value.
    fn lock(mutex: &Self::Mutex) -> Self::Guard<'_>;
    /// Locks for reading, looks at the value, and unlocks.
    fn read(rwlock: &Self::RwLock);
    /// Locks for writing, changes the value, and unlocks.
    fn write(rwlock: &Self::RwLock);
    /// Waits for a notification.
    fn wait<'a>(condvar: &Self::Condvar, guard: Self::Guard<'a>) -> Self::Guard<'a>;
    /// Wakes one that waits.
    fn notify(condvar: &Self::Condvar);
    /// A case that needs more of std's vocabulary than these calls.
    fn mirrored(kind: Kind) -> Option<Work>;
}

/// Implements [`Locks`] for a family of types with std's names.
macro_rules! locks {
    ($name:ident, $doc:literal, $($path:ident)::+, $style:ident, $prepare:expr, $mirrored:expr) => {
        #[doc = $doc]
        #[derive(Debug)]
        pub struct $name;

        impl Locks for $name {
            type Mutex = $($path)::+::Mutex<u64>;
            type RwLock = $($path)::+::RwLock<u64>;
            type Condvar = $($path)::+::Condvar;
            type Guard<'a> = $($path)::+::MutexGuard<'a, u64>;

            fn prepare() {
                $prepare
            }

            fn mutex() -> Self::Mutex {
                $($path)::+::Mutex::new(0)
            }

            fn rwlock() -> Self::RwLock {
                $($path)::+::RwLock::new(0)
            }

            fn condvar() -> Self::Condvar {
                $($path)::+::Condvar::new()
            }

            #[inline(always)]
            fn lock(mutex: &Self::Mutex) -> Self::Guard<'_> {
                let mut guard = $style!(mutex.lock());
                *guard += 1;
                guard
            }

            #[inline(always)]
            fn read(rwlock: &Self::RwLock) {
                black_box(*$style!(rwlock.read()));
            }

            #[inline(always)]
            fn write(rwlock: &Self::RwLock) {
                *$style!(rwlock.write()) += 1;
            }

            #[inline(always)]
            fn wait<'a>(condvar: &Self::Condvar, guard: Self::Guard<'a>) -> Self::Guard<'a> {
                $style!(wait condvar, guard)
            }

            #[inline(always)]
            fn notify(condvar: &Self::Condvar) {
                condvar.notify_one();
            }

            fn mirrored(kind: Kind) -> Option<Work> {
                $mirrored(kind)
            }
        }
    };
}

/// Calls as std has them: their results may be poisoned, and waiting takes and gives the guard.
macro_rules! poisonable {
    (wait $condvar:ident, $guard:ident) => {
        $condvar.wait($guard).expect("nobody panics")
    };
    ($result:expr) => {
        $result.expect("nobody panics")
    };
}

/// Calls as `parking_lot` has them.
macro_rules! plain {
    (wait $condvar:ident, $guard:ident) => {{
        let mut guard = $guard;
        $condvar.wait(&mut guard);
        guard
    }};
    ($guard:expr) => {
        $guard
    };
}

/// Only std has it, and ours.
const fn none(_: Kind) -> Option<Work> {
    None
}

locks!(Std, "Plain std.", std::sync, poisonable, (), plain::work);
locks!(Syncscope, "Ours.", instrumented_sync, poisonable, (), recorded::work);
locks!(ParkingLot, "`parking_lot`, without its detector.", parking_lot, plain, (), none);
locks!(
    ParkingLotDetector,
    "`parking_lot` with its detector, which is asked now and then, as its docs advise.",
    parking_lot_detector,
    plain,
    _ = thread::spawn(|| loop {
        thread::sleep(Duration::from_secs(10));
        assert!(parking_lot_detector::deadlock::check_deadlock().is_empty(), "no deadlock");
    }),
    none
);
locks!(TracingMutex, "`tracing-mutex`.", tracing_mutex::stdsync::tracing, poisonable, (), none);
locks!(
    Deloxide,
    "`deloxide` with its order graph.",
    deloxide,
    plain,
    deloxide::Deloxide::new()
        .callback(|_| ())
        .with_lock_order_checking()
        .start()
        .expect("deloxide starts"),
    none
);
locks!(NoDeadlocks, "`no_deadlocks`.", no_deadlocks, poisonable, (), none);
