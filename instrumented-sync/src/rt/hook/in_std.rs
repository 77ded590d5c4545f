//! Code of std of which only a part is compiled with the program.

use crate::rt::memory;

// The functions are no part of the program's code, or what they do would be checked, too. Where nothing is checked they are nothing.

/// What the calling thread does from here on is std's, and its accesses are not checked.
#[cfg_attr(feature = "accesses", inline(never))]
#[cfg_attr(not(feature = "accesses"), inline)]
pub(crate) fn enters_std() {
    if let Some(accessor) = memory::current() {
        accessor.ignore(true);
    }
}

/// Ends [`enters_std`].
#[cfg_attr(feature = "accesses", inline(never))]
#[cfg_attr(not(feature = "accesses"), inline)]
pub(crate) fn leaves_std() {
    if let Some(accessor) = memory::current() {
        accessor.ignore(false);
    }
}

/// As long as it lives, the calling thread runs code of std's.
struct InStd;

impl Drop for InStd {
    #[inline]
    fn drop(&mut self) {
        leaves_std();
    }
}

/// Calls code of std's.
#[inline]
pub(crate) fn in_std<R>(body: impl FnOnce() -> R) -> R {
    enters_std();
    let _inside = InStd;
    body()
}

/// As long as it lives, the calling thread begins or joins another.
struct OfThreads;

impl Drop for OfThreads {
    #[cfg_attr(feature = "accesses", inline(never))]
    #[cfg_attr(not(feature = "accesses"), inline)]
    fn drop(&mut self) {
        if let Some(accessor) = memory::current() {
            accessor.leave_out_atomics(false);
        }
    }
}

#[cfg_attr(feature = "accesses", inline(never))]
#[cfg_attr(not(feature = "accesses"), inline)]
fn leave_out_atomics() -> OfThreads {
    if let Some(accessor) = memory::current() {
        accessor.leave_out_atomics(true);
    }
    OfThreads
}

/// Calls code of std's by which threads begin and end: hooks tell what that orders. Its atomics order more, such as threads of one scope that
/// happen to come one after the other.
#[inline]
pub(crate) fn among_threads<R>(body: impl FnOnce() -> R) -> R {
    let _atomics = leave_out_atomics();
    in_std(body)
}

/// As long as it lives, the calling thread takes a lock, or gives it back.
struct OfLock;

impl Drop for OfLock {
    #[cfg_attr(feature = "accesses", inline(never))]
    #[cfg_attr(not(feature = "accesses"), inline)]
    fn drop(&mut self) {
        if let Some(accessor) = memory::current() {
            accessor.ignore(false);
            accessor.leave_out_atomics(false);
        }
    }
}

#[cfg_attr(feature = "accesses", inline(never))]
#[cfg_attr(not(feature = "accesses"), inline)]
fn of_lock() -> OfLock {
    if let Some(accessor) = memory::current() {
        accessor.ignore(true);
        accessor.leave_out_atomics(true);
    }
    OfLock
}

/// Calls the code by which a lock of std's is taken or given back: hooks tell what that orders. Its atomics order more, such as readers who
/// come one after the other.
#[inline(always)]
pub(crate) fn in_lock<R>(body: impl FnOnce() -> R) -> R {
    let _lock = of_lock();
    body()
}
