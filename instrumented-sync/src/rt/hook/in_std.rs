//! Code of std of which only a part is compiled with the program.

use crate::rt::memory;

// The functions are no part of the program's code, or what they do would be checked, too.

/// What the calling thread does from here on is std's, and its accesses are not checked.
#[inline(never)]
pub(crate) fn enters_std() {
    if let Some(accessor) = memory::current() {
        accessor.ignore(true);
    }
}

/// Ends [`enters_std`].
#[inline(never)]
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
    #[inline(never)]
    fn drop(&mut self) {
        if let Some(accessor) = memory::current() {
            accessor.leave_out_atomics(false);
        }
    }
}

#[inline(never)]
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
