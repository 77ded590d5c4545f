//! `LazyLock`.

use super::attempt::{self, ForcedInitialiser};
use crate::rt::hook::{self, primitive};
use crate::rt::object::meta::{Desc, Meta};
use std::cell::UnsafeCell;
use std::fmt;
use std::mem;
use std::ops::{Deref, DerefMut};
use std::panic::{self, Location, RefUnwindSafe, UnwindSafe};
use std::sync as real;
use std::sync::OnceState;

/// A value that is made at its first use: [`std::sync::LazyLock`], recorded.
///
/// While its function runs, this is recorded as held by its thread, so an order that only exists through an
/// initialisation is seen, and so is a value that is used by its own function.
pub struct LazyLock<T, F = fn() -> T> {
    pub(crate) meta: Meta,
    /// Decides which thread runs the function; std's own `LazyLock` offers no place for code around that.
    gate: real::Once,
    /// Not changed any more once the gate is completed.
    made: UnsafeCell<Made<T, F>>,
}

/// What there is.
enum Made<T, F> {
    Not(F),
    Value(T),
    /// The function has not returned.
    Never,
}

// SAFETY: the function is called, and the value written, by one thread, which the gate picks; afterwards only references are given out.
unsafe impl<T: Sync + Send, F: Send> Sync for LazyLock<T, F> {}
impl<T: RefUnwindSafe + UnwindSafe, F: UnwindSafe> RefUnwindSafe for LazyLock<T, F> {}
impl<T: UnwindSafe, F: UnwindSafe> UnwindSafe for LazyLock<T, F> {}

impl<T, F> LazyLock<T, F> {
    const DESC: &'static Desc = &Desc::of::<T>(primitive::LAZY_LOCK);

    /// The value, if it has been made. Never blocks; nothing is recorded.
    #[inline]
    pub fn get(this: &LazyLock<T, F>) -> Option<&T> {
        this.value()
    }

    /// The value, if it has been made. Nothing is recorded.
    #[inline]
    pub fn get_mut(this: &mut LazyLock<T, F>) -> Option<&mut T> {
        match this.made.get_mut() {
            Made::Value(value) => Some(value),
            Made::Not(_) | Made::Never => None,
        }
    }

    #[inline]
    fn value(&self) -> Option<&T> {
        if !self.gate.is_completed() {
            return None;
        }
        // Before the value is looked at, which is checked where all accesses are.
        hook::completed_seen(&self.meta, Self::DESC);
        // SAFETY: the gate is completed.
        unsafe { self.made() }
    }

    /// # Safety
    ///
    /// The gate is completed, so nobody changes the value while this is borrowed.
    #[inline(always)]
    unsafe fn made(&self) -> Option<&T> {
        // SAFETY: by the caller.
        match unsafe { &*self.made.get() } {
            Made::Value(value) => Some(value),
            Made::Not(_) | Made::Never => None,
        }
    }
}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// A new value that `f` makes at its first use. The caller's place becomes its creation site.
    #[inline]
    #[track_caller]
    pub const fn new(f: F) -> LazyLock<T, F> {
        LazyLock { meta: Meta::new(), gate: real::Once::new(), made: UnsafeCell::new(Made::Not(f)) }
    }

    /// The value, made now if it has not been; blocks while another thread makes it.
    ///
    /// Recorded: the run of the function, or the wait for the other thread, which is checked for a deadlock.
    ///
    /// # Panics
    ///
    /// As std's: when the function does, now or earlier. Also when this call completes a deadlock and the chosen
    /// response is to panic.
    #[inline]
    #[track_caller]
    pub fn force(this: &LazyLock<T, F>) -> &T {
        if this.gate.is_completed() {
            hook::used(&this.meta, Self::DESC, Location::caller());
            // SAFETY: the gate is completed.
            if let Some(value) = unsafe { this.made() } {
                return value;
            }
        }
        attempt::call_once_force(&this.gate, &this.meta, Self::DESC, &mut &*this);
        this.value().unwrap_or_else(|| poisoned())
    }

    /// The value, made now if it has not been.
    ///
    /// Recorded: the run of the function.
    ///
    /// # Panics
    ///
    /// As std's: when the function does, now or earlier.
    #[inline]
    #[track_caller]
    pub fn force_mut(this: &mut LazyLock<T, F>) -> &mut T {
        let Self { meta, gate, made } = this;
        let made = made.get_mut();
        if !matches!(made, Made::Value(_)) {
            attempt::initialise(meta, Self::DESC, Location::caller(), || make(made));
            // From now on it is there for others, too.
            gate.call_once_force(|_| ());
        }
        match made {
            Made::Value(value) => value,
            Made::Not(_) | Made::Never => poisoned(),
        }
    }
}

impl<T, F: FnOnce() -> T> ForcedInitialiser for &LazyLock<T, F> {
    fn run(&mut self, _: &OnceState) {
        // SAFETY: the gate lets one thread in, and nobody else looks before it is completed.
        make(unsafe { &mut *self.made.get() });
    }
}

/// Calls the function. Should it panic, there never is a value.
#[inline(always)]
fn make<T, F: FnOnce() -> T>(made: &mut Made<T, F>) {
    match mem::replace(made, Made::Never) {
        Made::Not(f) => *made = Made::Value(f()),
        Made::Value(_) | Made::Never => poisoned(),
    }
}

/// Panics as std's own does, and at the same place: by one of those.
#[cold]
#[inline(never)]
fn poisoned() -> ! {
    fn never_returns() {
        panic::resume_unwind(Box::new(()))
    }
    let theirs: real::LazyLock<()> = real::LazyLock::new(never_returns);
    // No hook is called for this one.
    _ = panic::catch_unwind(|| real::LazyLock::force(&theirs));
    real::LazyLock::force(&theirs);
    unreachable!("it is poisoned")
}

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    /// As [`LazyLock::force`].
    #[inline]
    #[track_caller]
    fn deref(&self) -> &T {
        LazyLock::force(self)
    }
}

impl<T, F: FnOnce() -> T> DerefMut for LazyLock<T, F> {
    /// As [`LazyLock::force_mut`].
    #[inline]
    #[track_caller]
    fn deref_mut(&mut self) -> &mut T {
        LazyLock::force_mut(self)
    }
}

impl<T: Default> Default for LazyLock<T> {
    /// As [`LazyLock::new`] of `T::default`.
    #[inline]
    #[track_caller]
    fn default() -> LazyLock<T> {
        LazyLock::new(T::default)
    }
}

impl<T: fmt::Debug, F> fmt::Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("LazyLock");
        match self.value() {
            Some(value) => tuple.field(value),
            None => tuple.field(&format_args!("<uninit>")),
        };
        tuple.finish()
    }
}
