//! The lock around the value of a `watch`: its guards are the user's.

#[cfg(not(syncscope_rwlock_wrapped))]
pub(crate) use std::sync::{RwLock, RwLockReadGuard};

#[cfg(syncscope_rwlock_wrapped)]
pub(crate) use self::wrapped::{RwLock, RwLockReadGuard};

/// Since it is wrapped, it knows no poison.
#[cfg(syncscope_rwlock_wrapped)]
mod wrapped {
    pub(crate) use std::sync::RwLockReadGuard;
    use std::sync::{PoisonError, RwLockWriteGuard};

    #[derive(Debug)]
    pub(crate) struct RwLock<T>(std::sync::RwLock<T>);

    impl<T> RwLock<T> {
        #[track_caller]
        pub(crate) fn new(value: T) -> Self {
            Self(std::sync::RwLock::new(value))
        }

        #[track_caller]
        pub(crate) fn read(&self) -> RwLockReadGuard<'_, T> {
            self.0.read().unwrap_or_else(PoisonError::into_inner)
        }

        #[track_caller]
        pub(crate) fn write(&self) -> RwLockWriteGuard<'_, T> {
            self.0.write().unwrap_or_else(PoisonError::into_inner)
        }
    }
}
