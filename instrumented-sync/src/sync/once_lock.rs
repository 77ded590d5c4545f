//! `OnceLock`.

use super::attempt;
use crate::rt::hook::{self, Waited, primitive, wait};
use crate::rt::object::meta::{Desc, Meta};
use std::cell::UnsafeCell;
use std::fmt;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync as real;
use std::sync::OnceState;

/// A cell that is written once: [`std::sync::OnceLock`], recorded.
///
/// While an initialiser runs, this is recorded as held by its thread, so an order that only exists through an
/// initialisation is seen, and so is a cell that is used by its own initialiser.
pub struct OnceLock<T> {
    pub(crate) meta: Meta,
    /// Decides which thread runs the initialiser. Not std's own `OnceLock`: its functions are generic, so in a program that is not
    /// optimised they take much stack, and ours would come on top.
    gate: real::Once,
    /// Not changed any more once the gate is completed.
    value: UnsafeCell<Option<T>>,
}

// SAFETY: the value is written by one thread, which the gate picks; afterwards only references are given out.
unsafe impl<T: Sync + Send> Sync for OnceLock<T> {}
impl<T: RefUnwindSafe + UnwindSafe> RefUnwindSafe for OnceLock<T> {}
impl<T: UnwindSafe> UnwindSafe for OnceLock<T> {}

impl<T> OnceLock<T> {
    const DESC: &'static Desc = &Desc::of::<T>(primitive::ONCE_LOCK);

    /// A new, empty cell. The caller's place becomes its creation site.
    #[inline]
    #[must_use]
    #[track_caller]
    pub const fn new() -> OnceLock<T> {
        OnceLock { meta: Meta::new(), gate: real::Once::new(), value: UnsafeCell::new(None) }
    }

    /// The value, if there is one. Never blocks; nothing is recorded.
    #[inline]
    pub fn get(&self) -> Option<&T> {
        self.value()
    }

    /// The value, if there is one. Nothing is recorded.
    #[inline]
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.get_mut().as_mut()
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
        unsafe { (*self.value.get()).as_ref() }
    }

    /// Blocks until there is a value.
    ///
    /// Recorded: the wait, which is checked for a deadlock.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    #[inline]
    #[track_caller]
    pub fn wait(&self) -> &T {
        let site = Location::caller();
        loop {
            if let Some(value) = self.value() {
                hook::used(&self.meta, Self::DESC, site);
                return value;
            }
            let object = Waited::Object(&self.meta, Self::DESC);
            let _waiting = hook::waiting(wait::ONCE_WAIT, object, site);
            self.gate.wait_force();
        }
    }

    /// Sets the value if there is none; blocks while another thread initialises.
    ///
    /// Recorded as [`get_or_init`](Self::get_or_init).
    ///
    /// # Errors
    ///
    /// There was a value already: the given one is handed back.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    #[inline]
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.get_or_init(|| value.take().expect("an initialiser runs at most once"));
        match value {
            None => Ok(()),
            Some(value) => Err(value),
        }
    }

    /// The value, which `f` makes if there is none; blocks while another thread initialises.
    ///
    /// Recorded: the run of `f`, or the wait for the other thread, which is checked for a deadlock.
    ///
    /// # Panics
    ///
    /// When `f` does, and when this call completes a deadlock and the chosen response is to panic.
    #[inline]
    #[track_caller]
    pub fn get_or_init<F>(&self, f: F) -> &T
    where
        F: FnOnce() -> T,
    {
        if self.gate.is_completed() {
            hook::used(&self.meta, Self::DESC, Location::caller());
            // SAFETY: the gate is completed.
            if let Some(value) = unsafe { self.made() } {
                return value;
            }
        }
        let initialiser = |_: &OnceState| {
            let value = f();
            // SAFETY: the gate lets one thread in, and nobody else looks before it is completed.
            unsafe { *self.value.get() = Some(value) };
        };
        attempt::call_once_force(&self.gate, &self.meta, Self::DESC, &mut Some(initialiser));
        self.value().expect("somebody has initialised it")
    }

    /// Consumes the cell and returns its value. Nothing is recorded.
    #[inline]
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }

    /// Takes the value out; the cell can be initialised again. Nothing is recorded.
    #[inline]
    pub fn take(&mut self) -> Option<T> {
        self.gate = real::Once::new();
        self.value.get_mut().take()
    }
}

impl<T> Default for OnceLock<T> {
    /// As [`OnceLock::new`].
    #[inline]
    #[track_caller]
    fn default() -> OnceLock<T> {
        OnceLock::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("OnceLock");
        match self.value() {
            Some(value) => tuple.field(value),
            None => tuple.field(&format_args!("<uninit>")),
        };
        tuple.finish()
    }
}

impl<T: Clone> Clone for OnceLock<T> {
    /// A new cell, created at the caller's place, with a clone of the value.
    #[inline]
    #[track_caller]
    fn clone(&self) -> OnceLock<T> {
        match self.value() {
            Some(value) => OnceLock::from(value.clone()),
            None => OnceLock::new(),
        }
    }
}

impl<T> From<T> for OnceLock<T> {
    /// A new cell, created at the caller's place, with `value`.
    #[inline]
    #[track_caller]
    fn from(value: T) -> Self {
        let gate = real::Once::new();
        gate.call_once(|| ());
        OnceLock { meta: Meta::new(), gate, value: UnsafeCell::new(Some(value)) }
    }
}

impl<T: PartialEq> PartialEq for OnceLock<T> {
    #[inline]
    fn eq(&self, other: &OnceLock<T>) -> bool {
        self.value() == other.value()
    }
}

impl<T: Eq> Eq for OnceLock<T> {}
