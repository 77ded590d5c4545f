//! Threads that have spun long, and sleep until what they wait for has come: only of one that sleeps it is certain that it waits still.
//!
//! One whose spinning does something of its user's spins on.

use super::Patience;
use super::shadow::__syncscope::instrumented_sync::raw::plain::{Condvar, Mutex, PoisonError};
use core::sync::atomic::{AtomicUsize, Ordering, fence};

/// Of all that this crate offers: there are few.
static COUNT: AtomicUsize = AtomicUsize::new(0);
static BED: Mutex<()> = Mutex::new(());
static WOKEN: Condvar = Condvar::new();

/// A turn of a thread that spins by `R`. It may sleep then, until `is_over`, which who calls [`wake`] has brought about before.
#[inline]
pub(crate) fn turn<R>(patience: &mut Patience, is_over: impl Fn() -> bool) {
    if patience.turn() && core::any::type_name::<R>().starts_with("spin::relax::") {
        sleep(&is_over);
    }
}

#[cold]
fn sleep(is_over: &dyn Fn() -> bool) {
    // Relaxed: the fence orders it.
    COUNT.fetch_add(1, Ordering::Relaxed);
    // Pairs with the fence in `wake`: who is not counted there sees what has come.
    fence(Ordering::SeqCst);
    let mut bed = BED.lock().unwrap_or_else(PoisonError::into_inner);
    while !is_over() {
        bed = WOKEN.wait(bed).unwrap_or_else(PoisonError::into_inner);
    }
    // Relaxed: a count.
    COUNT.fetch_sub(1, Ordering::Relaxed);
}

/// What others may wait for has come. The caller holds nothing that `is_over` of another thread takes.
#[inline]
pub(crate) fn wake() {
    // Pairs with the fence in `sleep`.
    fence(Ordering::SeqCst);
    // Relaxed: the fence orders it.
    if COUNT.load(Ordering::Relaxed) != 0 {
        wake_all();
    }
}

#[cold]
fn wake_all() {
    // Who has looked sleeps by now.
    drop(BED.lock());
    WOKEN.notify_all();
}
