//! The user's name of an object, kept from its creation, in a constant perhaps, until its class is known.
//!
//! A name is a pointer and a length, 16 bytes, and an identity has none to spare. So until the first use the pointer lies
//! where owner and acquisition count will be, and the length where the class will be.

use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// The pointer before the first use, owner and count from then on.
pub(crate) union NameOrCount {
    count: ManuallyDrop<AtomicU64>,
    name: ManuallyDrop<AtomicPtr<u8>>,
}

/// What is known of an object's class.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Naming {
    /// Its number.
    Known(u32),
    /// Nothing yet, but for the name.
    Unknown(Option<&'static str>),
}

impl NameOrCount {
    pub(crate) const fn zero() -> Self {
        Self { count: ManuallyDrop::new(AtomicU64::new(0)) }
    }

    pub(crate) const fn name(name: &'static str) -> Self {
        Self { name: ManuallyDrop::new(AtomicPtr::new(name.as_ptr().cast_mut())) }
    }

    pub(crate) const fn of(word: u64) -> Self {
        Self { count: ManuallyDrop::new(AtomicU64::new(word)) }
    }

    #[inline]
    pub(crate) fn count(&self) -> &AtomicU64 {
        // SAFETY: any bits are a number, and both fields have the same size on the platforms that record.
        unsafe { &self.count }
    }

    /// The pointer, if it is one.
    #[cold]
    pub(crate) fn name_pointer(&self) -> *const u8 {
        // SAFETY: any bits are a pointer; it is dereferenced only by who knows that it is a name's.
        // Relaxed: a constant, or overwritten by a number; `Meta::naming` tells the two apart.
        unsafe { self.name.load(Ordering::Relaxed) }
    }

    /// Takes the pointer away, if it is still there.
    #[cold]
    pub(crate) fn forget(&self, name: &'static str) {
        // SAFETY: as above. A count that equals the pointer would need as many acquisitions as an address has in its high half.
        let field = unsafe { &self.name };
        // Relaxed: as above.
        let (pointer, none) = (name.as_ptr().cast_mut(), std::ptr::null_mut());
        _ = field.compare_exchange(pointer, none, Ordering::Relaxed, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for NameOrCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.count().fmt(f)
    }
}
