//! Locks that a program may well hold as long as it runs: nobody is told that such a hold is long. Who waits long for one
//! still is.

use super::meta::Meta;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The standard streams are three.
const ROOM: usize = 4;

static LOCKS: [AtomicPtr<Meta>; ROOM] = [const { AtomicPtr::new(std::ptr::null_mut()) }; ROOM];

/// Adds a lock. One too many is a lock like others.
pub(crate) fn add(meta: &'static Meta) {
    let pointer = std::ptr::from_ref(meta).cast_mut();
    for place in &LOCKS {
        // Relaxed: the identity is a static, so there is nothing that has to be seen before the pointer.
        let taken = place.compare_exchange(
            std::ptr::null_mut(),
            pointer,
            Ordering::Relaxed,
            Ordering::Relaxed,
        );
        if taken.is_ok() || taken == Err(pointer) {
            return;
        }
    }
}

/// Whether an instance is one of them.
pub(crate) fn contains(instance: u32) -> bool {
    LOCKS.iter().any(|place| {
        // SAFETY: null, or from a `&'static`. Relaxed: as above.
        let meta = unsafe { place.load(Ordering::Relaxed).as_ref() };
        // Relaxed: a number that stands for itself.
        meta.is_some_and(|meta| meta.id.load(Ordering::Relaxed) == instance)
    })
}
