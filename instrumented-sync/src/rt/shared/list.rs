//! Lists that the child of a fork can read, whatever another thread of its parent was doing.

use std::sync::atomic::{AtomicPtr, Ordering};

/// A list that only grows, and can be read at any moment, also in the child of a fork that came in the midst of an addition. What it
/// holds is never freed.
#[derive(Debug)]
pub(crate) struct List<T: 'static>(AtomicPtr<Link<T>>);

#[derive(Debug)]
struct Link<T: 'static> {
    value: T,
    next: *const Link<T>,
}

// SAFETY: links are never changed once they are in the list, and never freed.
unsafe impl<T: Send + Sync> Send for List<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for List<T> {}

impl<T: 'static> Default for List<T> {
    fn default() -> Self {
        Self(AtomicPtr::new(std::ptr::null_mut()))
    }
}

impl<T: 'static> List<T> {
    /// Adds a value.
    pub(crate) fn add(&self, value: T) {
        let link = Box::leak(Box::new(Link { value, next: std::ptr::null() }));
        // Relaxed: read again by the exchange.
        let mut first = self.0.load(Ordering::Relaxed);
        loop {
            link.next = first;
            // Release: pairs with the Acquire in `iter`: who finds the link finds its value.
            match self.0.compare_exchange_weak(first, link, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => first = now,
            }
        }
    }

    /// All values, newest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static T> {
        // Acquire: pairs with the Release in `add`.
        let mut next = self.0.load(Ordering::Acquire).cast_const();
        std::iter::from_fn(move || {
            // SAFETY: null or a link, which is never freed.
            let link: &'static Link<T> = unsafe { next.as_ref() }?;
            next = link.next;
            Some(&link.value)
        })
    }
}
