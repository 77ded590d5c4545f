//! What futures hold that arms of a task have left behind: see [`arms`](super::arms).

use std::cell::Cell;
use std::fmt;

/// What arms that only referred to their futures have held at their ends: their task holds it, until the futures are polled by other arms.
#[derive(Default)]
pub(crate) struct Remains(Cell<Vec<(usize, Held)>>);

/// Locks, by the word and the time of their entries.
pub(crate) type Held = Vec<(u64, u64)>;

/// Futures that are kept, at most: what others have held stays with their task.
const KEPT: usize = 64;

impl Remains {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        let all = self.0.take();
        let is_empty = all.is_empty();
        self.0.set(all);
        is_empty
    }

    /// This is what the future there has held.
    #[cold]
    pub(crate) fn put(&self, pointee: usize, held: Held) {
        let mut all = self.0.take();
        all.retain(|one| one.0 != pointee);
        if all.len() == KEPT {
            all.remove(0);
        }
        all.push((pointee, held));
        self.0.set(all);
    }

    /// Whether some future has held this.
    #[cold]
    pub(crate) fn have(&self, one: (u64, u64)) -> bool {
        let all = self.0.take();
        let have = all.iter().any(|(_, held)| held.contains(&one));
        self.0.set(all);
        have
    }

    /// What the future there has held.
    #[cold]
    pub(crate) fn take(&self, pointee: usize) -> Option<Held> {
        let mut all = self.0.take();
        let at = all.iter().position(|one| one.0 == pointee);
        let held = at.map(|at| all.swap_remove(at).1);
        self.0.set(all);
        held
    }
}

impl fmt::Debug for Remains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remains")
    }
}
