//! Code whose accesses are not checked: that of std of which only a part is compiled with the program, and what is meant.

use crate::rt::memory;
#[cfg(feature = "accesses")]
use crate::rt::record::atomics;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr;

/// What orders threads in such code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Hooks tell all of it. The atomics would order more, such as readers of a lock who come one after the other.
    ByHooks,
    /// The atomics.
    ByAtomics,
}

// The functions are no part of the program's code, or what they do would be checked, too. Where nothing is checked they are nothing.

/// What the calling thread does from here on is std's, and its accesses are not checked.
#[cfg_attr(feature = "accesses", inline(never))]
#[cfg_attr(not(feature = "accesses"), inline)]
pub(crate) fn enters_std(order: Order) {
    #[cfg(feature = "accesses")]
    atomics::be_quiet(true);
    if let Some(accessor) = memory::current() {
        accessor.ignore(true);
        if order == Order::ByHooks {
            accessor.leave_out_atomics(true);
        }
    }
}

/// Ends [`enters_std`].
#[cfg_attr(feature = "accesses", inline(never))]
#[cfg_attr(not(feature = "accesses"), inline)]
pub(crate) fn leaves_std(order: Order) {
    #[cfg(feature = "accesses")]
    atomics::be_quiet(false);
    if let Some(accessor) = memory::current() {
        accessor.ignore(false);
        if order == Order::ByHooks {
            accessor.leave_out_atomics(false);
        }
    }
}

/// As long as it lives, the calling thread runs code of std's.
struct InStd(Order);

impl Drop for InStd {
    #[inline(always)]
    fn drop(&mut self) {
        leaves_std(self.0);
    }
}

/// Calls code of std's.
#[inline(always)]
pub(crate) fn in_std<R>(order: Order, body: impl FnOnce() -> R) -> R {
    enters_std(order);
    let _inside = InStd(order);
    body()
}

/// As long as it lives, the calling thread's plain accesses are not checked.
#[derive(Debug)]
pub(crate) struct Unchecked(());

impl Unchecked {
    #[cfg_attr(feature = "accesses", inline(never))]
    #[cfg_attr(not(feature = "accesses"), inline)]
    pub(crate) fn begin() -> Self {
        memory::current().into_iter().for_each(|accessor| accessor.ignore(true));
        Self(())
    }
}

impl Drop for Unchecked {
    #[cfg_attr(feature = "accesses", inline(never))]
    #[cfg_attr(not(feature = "accesses"), inline)]
    fn drop(&mut self) {
        memory::current().into_iter().for_each(|accessor| accessor.ignore(false));
    }
}

/// Something of std's that is dropped in its code: whoever happens to be the last to drop a handle has not learned anything by that.
pub(crate) struct OfStd<T>(ManuallyDrop<T>);

impl<T> OfStd<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self(ManuallyDrop::new(inner))
    }

    pub(crate) fn into_inner(self) -> T {
        let this = ManuallyDrop::new(self);
        // SAFETY:
        // - `this.0` is valid for reads and initialised.
        // - `this` is never dropped, so what is in it is not duplicated.
        ManuallyDrop::into_inner(unsafe { ptr::read(&raw const this.0) })
    }
}

impl<T> Deref for OfStd<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Drop for OfStd<T> {
    fn drop(&mut self) {
        // SAFETY: nobody uses it any more.
        in_std(Order::ByHooks, || unsafe { ManuallyDrop::drop(&mut self.0) });
    }
}

/// A lock of which nothing is recorded was acquired, right after the real acquisition.
#[cfg(feature = "accesses")]
#[inline(never)]
pub(crate) fn order_acquired(lock: usize, shared: bool) {
    memory::acquired(lock, shared);
}

/// It is about to be released.
#[cfg(feature = "accesses")]
#[inline(never)]
pub(crate) fn order_released(lock: usize, shared: bool) {
    memory::released(lock, shared);
}
