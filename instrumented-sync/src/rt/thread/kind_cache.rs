//! A thread's own view of the kinds of nestings.

use super::late::Late;
use crate::rt::shared::kinds::Kind;
use std::cell::Cell;

/// Kinds that a thread has at hand; a power of two.
const CACHE: usize = 64;
/// ... once it has looked for so many.
const LOOKED_FOR: u32 = 64;

/// A kind by its key.
type KnownKind = Cell<Option<(u64, &'static Kind)>>;

/// A thread's own view of the kinds.
#[derive(Debug)]
pub(crate) struct KindCache {
    known: Late<[KnownKind; CACHE]>,
    /// Nestings left out that nobody was told of.
    pub(crate) lost: Cell<u32>,
}

impl KindCache {
    pub(crate) const fn new() -> Self {
        Self { known: Late::new(), lost: Cell::new(0) }
    }

    #[inline]
    pub(crate) fn get(&self, key: u64) -> Option<&'static Kind> {
        let (known, kind) = self.known.get()?[place(key)].get()?;
        (known == key).then_some(kind)
    }

    #[cold]
    pub(crate) fn set(&self, key: u64, kind: &'static Kind) {
        let none = || [const { Cell::new(None) }; CACHE];
        if let Some(known) = self.known.get_or_make(LOOKED_FOR, none) {
            known[place(key)].set(Some((key, kind)));
        }
    }
}

/// Where a thread has a kind at hand.
#[inline]
fn place(key: u64) -> usize {
    (key >> 40) as usize % CACHE
}
