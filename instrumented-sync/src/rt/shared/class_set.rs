// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! A set of classes, which only grows.

use std::sync::atomic::{AtomicU64, Ordering};

/// Classes that are told apart: those that a held stack has, and one for all the others.
const CLASSES: usize = 1 << 16;

/// The set.
#[derive(Debug)]
pub(crate) struct ClassSet(Box<[AtomicU64]>);

impl Default for ClassSet {
    #[cold]
    fn default() -> Self {
        Self(std::iter::repeat_with(AtomicU64::default).take(CLASSES / 64).collect())
    }
}

impl ClassSet {
    fn place(&self, class: u32) -> (&AtomicU64, u64) {
        let class = (class as usize).min(CLASSES - 1);
        (&self.0[class / 64], 1 << (class % 64))
    }

    /// `true` when it was not in it before.
    pub(crate) fn insert(&self, class: u32) -> bool {
        let (word, bit) = self.place(class);
        // AcqRel: pairs with the Acquire in `contains`: the lock is let go only afterwards.
        word.fetch_or(bit, Ordering::AcqRel) & bit == 0
    }

    /// Whether it is in it.
    pub(crate) fn contains(&self, class: u32) -> bool {
        let (word, bit) = self.place(class);
        // Acquire: pairs with `insert`.
        word.load(Ordering::Acquire) & bit != 0
    }
}
