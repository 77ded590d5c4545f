//! What a task learns from its arms as soon as it acts itself: arms that were made before one ended do not know of that.

use crate::rt::shared::stamp::Stamp;
use std::cell::Cell;
use std::fmt;

/// Ends of arms that are kept; what comes before more of them is not known.
const KEPT: usize = 64;

/// Ends of arms that the task does not know of yet.
#[derive(Default)]
pub(crate) struct Heard {
    is_any: Cell<bool>,
    ends: Cell<Vec<Stamp>>,
}

impl Heard {
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        self.is_any.get()
    }

    /// An arm has ended.
    #[cold]
    pub(crate) fn put(&self, end: Stamp) {
        let mut ends = self.ends.take();
        if ends.len() < KEPT {
            ends.push(end);
        }
        self.ends.set(ends);
        self.is_any.set(true);
    }

    /// Takes all.
    #[cold]
    pub(crate) fn take(&self) -> Vec<Stamp> {
        self.is_any.set(false);
        self.ends.take()
    }
}

impl fmt::Debug for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Heard")
    }
}
