//! Pointers into a cell.

use super::Track;
use std::fmt;

/// A pointer to read a cell through: [`UnsafeCell::get`](super::UnsafeCell::get).
pub struct ConstPtr<'a, T: ?Sized> {
    track: &'a Track,
    pointer: *const T,
}

/// A pointer to write to a cell through: [`UnsafeCell::get_mut`](super::UnsafeCell::get_mut).
pub struct MutPtr<'a, T: ?Sized> {
    track: &'a Track,
    pointer: *mut T,
}

impl<'a, T: ?Sized> ConstPtr<'a, T> {
    pub(super) fn new(track: &'a Track, pointer: *const T) -> Self {
        Self { track, pointer }
    }

    /// Reads: calls `f` with the pointer.
    #[inline]
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        self.track.read::<T>();
        f(self.pointer)
    }

    /// The value.
    ///
    /// # Safety
    ///
    /// Nobody may write to the value while the reference lives.
    #[inline]
    #[track_caller]
    pub unsafe fn deref(&self) -> &T {
        self.track.read::<T>();
        // SAFETY: the pointer is that of a live cell; the rest is the caller's promise.
        unsafe { &*self.pointer }
    }
}

impl<'a, T: ?Sized> MutPtr<'a, T> {
    pub(super) fn new(track: &'a Track, pointer: *mut T) -> Self {
        Self { track, pointer }
    }

    /// Writes: calls `f` with the pointer.
    #[inline]
    #[track_caller]
    pub fn with<R>(&mut self, f: impl FnOnce(*mut T) -> R) -> R {
        self.track.write::<T>();
        f(self.pointer)
    }

    /// The value.
    ///
    /// # Safety
    ///
    /// Nobody else may access the value while the reference lives.
    #[inline]
    #[track_caller]
    #[expect(
        clippy::mut_from_ref,
        reason = "as loom's; the caller promises that there is no other"
    )]
    pub unsafe fn deref(&self) -> &mut T {
        self.track.write::<T>();
        // SAFETY: the pointer is that of a live cell; the rest is the caller's promise.
        unsafe { &mut *self.pointer }
    }
}

impl<T: ?Sized> fmt::Debug for ConstPtr<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pointer.fmt(f)
    }
}

impl<T: ?Sized> fmt::Debug for MutPtr<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pointer.fmt(f)
    }
}
