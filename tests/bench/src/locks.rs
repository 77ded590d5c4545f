//! The same few calls on the locks of every implementation.

use std::hint::black_box;

/// An implementation: all calls are inlined, so that only its own code is measured.
pub trait Locks {
    /// A mutex around a number.
    type Mutex: Send + Sync;
    /// A readers-writer lock around a number.
    type RwLock: Send + Sync;
    /// A guard of the mutex.
    type Guard<'a>;

    /// What the implementation wants to be done once in its process.
    fn prepare() {}
    /// A new mutex.
    fn mutex() -> Self::Mutex;
    /// A new readers-writer lock.
    fn rwlock() -> Self::RwLock;
    /// Locks, and changes the value.
    fn lock(mutex: &Self::Mutex) -> Self::Guard<'_>;
    /// Locks for reading, looks at the value, and unlocks.
    fn read(rwlock: &Self::RwLock);
}

/// Implements [`Locks`] for a family of types with std's names.
macro_rules! locks {
    ($name:ident, $doc:literal, $($path:ident)::+, $unpack:ident, $prepare:expr) => {
        #[doc = $doc]
        #[derive(Debug)]
        pub struct $name;

        impl Locks for $name {
            type Mutex = $($path)::+::Mutex<u64>;
            type RwLock = $($path)::+::RwLock<u64>;
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

            #[inline(always)]
            fn lock(mutex: &Self::Mutex) -> Self::Guard<'_> {
                let mut guard = $unpack!(mutex.lock());
                *guard += 1;
                guard
            }

            #[inline(always)]
            fn read(rwlock: &Self::RwLock) {
                black_box(*$unpack!(rwlock.read()));
            }
        }
    };
}

macro_rules! poisonable {
    ($result:expr) => {
        $result.expect("nobody panics")
    };
}

macro_rules! plain {
    ($guard:expr) => {
        $guard
    };
}

locks!(Std, "Plain std.", std::sync, poisonable, ());
locks!(Syncscope, "Ours.", instrumented_sync, poisonable, ());
locks!(ParkingLot, "`parking_lot`, without its detector.", parking_lot, plain, ());
locks!(TracingMutex, "`tracing-mutex`.", tracing_mutex::stdsync::tracing, poisonable, ());
locks!(Deloxide, "`deloxide` with its order graph.", deloxide, plain, {
    deloxide::Deloxide::new()
        .callback(|_| ())
        .with_lock_order_checking()
        .start()
        .expect("deloxide starts")
});
