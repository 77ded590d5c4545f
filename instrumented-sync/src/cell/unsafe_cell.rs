//! `UnsafeCell`.

use super::{ConstPtr, MutPtr, Track};
use std::cell::UnsafeCell as RealUnsafeCell;
use std::fmt;

/// A cell that is accessed through pointers: [`std::cell::UnsafeCell`], tracked, with loom's API.
///
/// It is not `Sync`, as std's is not: the type around it decides who may access it, and when.
#[repr(C)]
pub struct UnsafeCell<T: ?Sized> {
    track: Track,
    // Last, so that it unsizes.
    inner: RealUnsafeCell<T>,
}

impl<T> UnsafeCell<T> {
    /// A new cell. The caller's place becomes its creation site.
    #[inline]
    #[must_use]
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { track: Track::new(None), inner: RealUnsafeCell::new(value) }
    }

    /// The value. Owning the cell proves that nobody else accesses it, so nothing is checked.
    #[inline]
    pub fn into_inner(self) -> T {
        self.inner.into_inner()
    }
}

impl<T: ?Sized> UnsafeCell<T> {
    /// Reads: calls `f` with a pointer to the value. The read is checked, as made at the caller's place right before `f`
    /// is called; what `f` does with the pointer is its own matter.
    #[inline]
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        self.track.read::<T>();
        f(self.inner.get().cast_const())
    }

    /// Writes: as [`with`](Self::with), for a pointer that may be written to.
    #[inline]
    #[track_caller]
    pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        self.track.write::<T>();
        f(self.inner.get())
    }

    /// A pointer to read through. Reads are checked when it is made and each time it is used.
    #[inline]
    #[track_caller]
    pub fn get(&self) -> ConstPtr<'_, T> {
        self.track.read::<T>();
        ConstPtr::new(&self.track, self.inner.get())
    }

    /// A pointer to write through. Writes are checked when it is made and each time it is used.
    #[inline]
    #[track_caller]
    pub fn get_mut(&self) -> MutPtr<'_, T> {
        self.track.write::<T>();
        MutPtr::new(&self.track, self.inner.get())
    }
}

impl<T: Default> Default for UnsafeCell<T> {
    /// As [`UnsafeCell::new`] of the default value.
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for UnsafeCell<T> {
    /// As [`UnsafeCell::new`].
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: ?Sized> fmt::Debug for UnsafeCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsafeCell").finish_non_exhaustive()
    }
}
