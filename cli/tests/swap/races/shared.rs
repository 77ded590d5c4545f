use std::cell::UnsafeCell;

/// A place that threads share without asking anybody.
pub struct Shared<T>(UnsafeCell<T>);

// SAFETY: whether accesses are ordered is what these programs are about.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    #[inline(always)]
    pub fn at(&self) -> *mut T {
        self.0.get()
    }
}

/// A pointer that threads hand to each other.
pub struct Pointer<T>(pub *mut T);

// SAFETY: as above.
unsafe impl<T> Send for Pointer<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Pointer<T> {}

impl<T> Clone for Pointer<T> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}
