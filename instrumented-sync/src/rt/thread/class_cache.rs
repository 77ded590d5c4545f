//! A thread's own cache of classes: a program that makes locks over and over makes most of them at few places.

use super::late::Late;
use crate::rt::object::meta::{Desc, Meta};
use std::cell::Cell;
use std::sync::atomic::AtomicU64;

/// Entries of a thread's cache; a power of two.
const CACHE: usize = 32;
/// Classes that a thread has to look up before it gets one.
const LOOKED_UP: u32 = 8;

/// A class that this thread has met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownClass {
    pub(crate) class: u32,
    /// Of its instances.
    pub(crate) counter: &'static AtomicU64,
}

/// A thread's own map from creation sites and descriptions to classes: direct-mapped. Only classes that these two tell are in it:
/// neither named ones nor those that a stack tells.
#[derive(Debug)]
pub(crate) struct ClassCache(Late<[Cell<Option<Entry>>; CACHE]>);

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Addresses of creation site and description.
    key: (usize, usize),
    known: KnownClass,
}

impl ClassCache {
    pub(crate) const fn new() -> Self {
        Self(Late::new())
    }

    /// The class of an object without a name, if this thread has it at hand.
    pub(crate) fn get(&self, meta: &Meta, desc: &'static Desc) -> Option<KnownClass> {
        let key = key(meta, desc)?;
        let entry = self.0.get()?[place(key)].get()?;
        (entry.key == key).then_some(entry.known)
    }

    /// Remembers the class of an object without a name, which its creation site tells.
    pub(crate) fn set(&self, meta: &Meta, desc: &'static Desc, known: KnownClass) {
        let none = || [const { Cell::new(None) }; CACHE];
        if let Some(key) = key(meta, desc)
            && let Some(entries) = self.0.get_or_make(LOOKED_UP, none)
        {
            entries[place(key)].set(Some(Entry { key, known }));
        }
    }
}

/// Where an entry is.
fn place((site, desc): (usize, usize)) -> usize {
    // Locations are 24 bytes, aligned to 8, descriptions 16.
    ((site >> 3) ^ (desc >> 4)) % CACHE
}

fn key(meta: &Meta, desc: &'static Desc) -> Option<(usize, usize)> {
    Some((std::ptr::from_ref(meta.site?) as usize, std::ptr::from_ref(desc) as usize))
}
