//! A thread's own cache of classes: a program that makes locks over and over makes most of them at few places.

use super::meta::{Desc, Meta};
use std::cell::Cell;
use std::sync::atomic::AtomicU64;

/// Entries of a thread's cache; a power of two.
const CACHE: usize = 32;

/// A class that this thread has met.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownClass {
    pub(super) class: u32,
    /// Of its instances.
    pub(super) counter: &'static AtomicU64,
}

/// A thread's own map from creation sites and descriptions to classes: direct-mapped. Only classes that these two tell are in it:
/// neither named ones nor those that a stack tells.
#[derive(Debug)]
pub(super) struct ClassCache([Cell<Option<Entry>>; CACHE]);

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Addresses of creation site and description.
    key: (usize, usize),
    known: KnownClass,
}

impl ClassCache {
    pub(super) const fn new() -> Self {
        Self([const { Cell::new(None) }; CACHE])
    }

    /// The class of an object without a name, if this thread has it at hand.
    pub(super) fn get(&self, meta: &Meta, desc: &'static Desc) -> Option<KnownClass> {
        let key = key(meta, desc)?;
        let entry = self.entry(key).get()?;
        (entry.key == key).then_some(entry.known)
    }

    /// Remembers the class of an object without a name, which its creation site tells.
    pub(super) fn set(&self, meta: &Meta, desc: &'static Desc, known: KnownClass) {
        if let Some(key) = key(meta, desc) {
            self.entry(key).set(Some(Entry { key, known }));
        }
    }

    fn entry(&self, (site, desc): (usize, usize)) -> &Cell<Option<Entry>> {
        // Locations are 24 bytes, aligned to 8, descriptions 16.
        &self.0[((site >> 3) ^ (desc >> 4)) % CACHE]
    }
}

fn key(meta: &Meta, desc: &'static Desc) -> Option<(usize, usize)> {
    Some((std::ptr::from_ref(meta.site?) as usize, std::ptr::from_ref(desc) as usize))
}
