//! What an order rests on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering, fence};

/// Objects that one entry of a clock rests on at most. What rests on more is not kept.
const MOST: usize = 8;

/// An object whose order holds as long as it is not shared with others.
#[derive(Debug, Default)]
pub struct Ground {
    /// Its number in the recording; 0 while no recorded clock rests on it.
    number: AtomicU32,
    is_void: AtomicBool,
}

/// All objects that an entry rests on: none when it is certain.
#[derive(Clone, Debug, Default)]
pub struct Grounds(Option<Arc<[Arc<Ground>]>>);

impl Ground {
    /// The object has proved shared: nothing that rests on it holds. Gives its number, if the recording must be told.
    pub fn void(&self) -> Option<u32> {
        // Relaxed: the fence orders it.
        if self.is_void.swap(true, Ordering::Relaxed) {
            return None;
        }
        // SeqCst: either this thread finds the number, or `number` finds the ground void.
        fence(Ordering::SeqCst);
        // Relaxed: see the fence.
        Some(self.number.load(Ordering::Relaxed)).filter(|number| *number != 0)
    }

    /// Whether it is void.
    #[must_use]
    pub fn is_void(&self) -> bool {
        // Relaxed: whoever is late is told by the recording.
        self.is_void.load(Ordering::Relaxed)
    }

    /// Whether a recorded clock may rest on it.
    pub(super) fn has_number(&self) -> bool {
        // Relaxed: asked by the driver that gives the numbers, or later.
        self.number.load(Ordering::Relaxed) != 0
    }

    /// Its number, for a recorded clock; `None` when it is void. `fresh` gives numbers, from 1.
    pub fn number(&self, fresh: impl FnOnce() -> u32) -> Option<u32> {
        // Relaxed: the number stands for itself; the fence orders it with `is_void`.
        let known = self.number.load(Ordering::Relaxed);
        let number = if known != 0 {
            known
        } else {
            let fresh = fresh();
            match self.number.compare_exchange(0, fresh, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => fresh,
                Err(theirs) => theirs,
            }
        };
        // SeqCst: pairs with the one in `void`.
        fence(Ordering::SeqCst);
        (!self.is_void()).then_some(number)
    }
}

impl Grounds {
    /// Certain: rests on nothing.
    pub const CERTAIN: Self = Self(None);

    /// Rests on one object.
    #[must_use]
    pub fn on(ground: Arc<Ground>) -> Self {
        Self(Some(Arc::new([ground])))
    }

    /// The objects.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Ground>> + '_ {
        self.0.iter().flat_map(|grounds| grounds.iter())
    }

    /// Whether it rests on nothing.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.0.is_none()
    }

    /// Whether one of the objects has proved shared.
    #[must_use]
    pub fn is_void(&self) -> bool {
        self.iter().any(|ground| ground.is_void())
    }

    /// Whether all of these are among those of the two.
    pub(super) fn are_in(&self, a: &Self, b: &Self) -> bool {
        self.0.is_none()
            || self.is_same(a)
            || self.is_same(b)
            || self.iter().all(|ground| a.has(ground) || b.has(ground))
    }

    /// Whether these are those of the two together.
    pub(super) fn are(&self, a: &Self, b: &Self) -> bool {
        (self.is_same(a) && b.is_certain())
            || (self.is_same(b) && a.is_certain())
            || self.are_in(a, b)
                && a.iter().all(|ground| self.has(ground))
                && b.iter().all(|ground| self.has(ground))
    }

    /// Those of both; `None` when there are too many.
    pub(super) fn with(&self, other: &Self) -> Option<Self> {
        if self.iter().all(|ground| other.has(ground)) {
            return Some(other.clone());
        }
        if other.iter().all(|ground| self.has(ground)) {
            return Some(self.clone());
        }
        let more = other.iter().filter(|ground| !self.has(ground));
        let all: Vec<_> = self.iter().chain(more).cloned().collect();
        (all.len() <= MOST).then(|| Self(Some(all.into())))
    }

    fn has(&self, ground: &Arc<Ground>) -> bool {
        self.iter().any(|other| Arc::ptr_eq(other, ground))
    }

    fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }
}
