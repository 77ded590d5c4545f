//! What a thread has at hand only once it has asked for it some times: most of ten thousand threads never do.

use std::cell::{Cell, OnceCell};

/// Memory of a thread's own that is made late.
#[derive(Debug)]
pub(crate) struct Late<T> {
    made: OnceCell<Box<T>>,
    asked: Cell<u32>,
}

impl<T> Late<T> {
    pub(crate) const fn new() -> Self {
        Self { made: OnceCell::new(), asked: Cell::new(0) }
    }

    /// What there is.
    #[inline]
    pub(crate) fn get(&self) -> Option<&T> {
        self.made.get().map(|made| &**made)
    }

    /// What there is, made by `make` when it is asked for the `after`th time.
    #[cold]
    pub(crate) fn get_or_make(&self, after: u32, make: impl FnOnce() -> T) -> Option<&T> {
        self.asked.set(self.asked.get().saturating_add(1));
        if self.asked.get() >= after {
            self.made.get_or_init(|| Box::new(make()));
        }
        self.get()
    }
}
