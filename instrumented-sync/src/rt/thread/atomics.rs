//! What a thread keeps of the orders that atomics give.

use crate::rt::shared::atomics::Teller;
use std::cell::Cell;

/// Threads of which it is remembered what was learnt.
const KNOWN: usize = 32;
/// Relaxed loads that an acquire fence may follow.
pub(crate) const UNFENCED: usize = 4;
/// Atomics that the thread has taken as one takes a lock.
const TAKEN: usize = 4;

/// An atomic that was read: who tells by its value, and where.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) teller: Teller,
    pub(crate) address: usize,
    pub(crate) size: u32,
    /// The return address of the load.
    pub(crate) at: usize,
}

/// For one thread. Only that thread uses it.
#[derive(Debug)]
pub(crate) struct ThreadAtomics {
    /// The last segment in which it has nested; `u32::MAX` for none.
    pub(crate) nested: Cell<u32>,
    /// The last segment in which it has learnt something; `u32::MAX` for none.
    pub(crate) learnt: Cell<u32>,
    /// Up to which segment it knows of some threads: number and segment + 1.
    known: [Cell<(u32, u32)>; KNOWN],
    /// What its last release fence covers.
    pub(crate) fence: Cell<Option<(u32, u32)>>,
    unfenced: [Cell<Seen>; UNFENCED],
    next_unfenced: Cell<usize>,
    taken: [Cell<(usize, u32)>; TAKEN],
    /// The recorded lock that it is just about to release, by its address; 0 for none.
    pub(crate) releases: Cell<usize>,
    /// Whether it has done an atomic operation.
    pub(crate) is_begun: Cell<bool>,
    /// Whether there may be anything to tell: it has nested, or knows of others that have.
    pub(crate) may_tell: Cell<bool>,
    /// How often it has nested in another segment than before; wraps.
    pub(crate) nestings: Cell<u32>,
}

impl ThreadAtomics {
    pub(crate) const fn new() -> Self {
        Self {
            nested: Cell::new(u32::MAX),
            learnt: Cell::new(u32::MAX),
            known: [const { Cell::new((0, 0)) }; KNOWN],
            fence: Cell::new(None),
            unfenced: [const { Cell::new(Seen { teller: Teller::NONE, address: 0, size: 0, at: 0 }) };
                UNFENCED],
            next_unfenced: Cell::new(0),
            taken: [const { Cell::new((0, 0)) }; TAKEN],
            releases: Cell::new(0),
            is_begun: Cell::new(false),
            may_tell: Cell::new(false),
            nestings: Cell::new(0),
        }
    }

    /// The thread nests in this segment.
    pub(crate) fn nests(&self, segment: u32) {
        self.nested.set(segment);
        self.nestings.set(self.nestings.get().wrapping_add(1));
    }

    /// Whether it has learnt what a thread tells up to a segment.
    pub(crate) fn knows(&self, teller: &Teller) -> bool {
        let (thread, segment) = self.known[teller.thread as usize % KNOWN].get();
        thread == teller.thread && segment > teller.segment
    }

    /// It has learnt that.
    pub(crate) fn note_known(&self, teller: &Teller) {
        let known = (teller.thread, teller.segment.saturating_add(1));
        self.known[teller.thread as usize % KNOWN].set(known);
    }

    /// It has seen this by a relaxed load, and an acquire fence would teach it.
    pub(crate) fn see_unfenced(&self, seen: Seen) {
        let is_it = |known: &&Cell<Seen>| {
            known.get().address == seen.address && known.get().teller.thread == seen.teller.thread
        };
        let known = self.unfenced.iter().find(is_it);
        let place = known.unwrap_or_else(|| {
            let next = self.next_unfenced.get();
            self.next_unfenced.set((next + 1) % UNFENCED);
            &self.unfenced[next]
        });
        place.set(seen);
    }

    /// What it has seen so, which is then forgotten.
    pub(crate) fn take_unfenced(&self) -> [Seen; UNFENCED] {
        self.next_unfenced.set(0);
        std::array::from_fn(|at| self.unfenced[at].take())
    }

    /// It has taken an atomic as one takes a lock.
    pub(crate) fn takes(&self, address: usize) {
        let place = self.taken.iter().find(|taken| taken.get().0 == address);
        let place = place.or_else(|| self.taken.iter().find(|taken| taken.get().0 == 0));
        let place = place.unwrap_or(&self.taken[address / 8 % TAKEN]);
        place.set((address, self.nestings.get()));
    }

    /// It gives an atomic back as one releases a lock, if it had taken it. Whether it has nested nothing meanwhile, so that this orders nothing more
    /// than such a lock does.
    pub(crate) fn gives_back(&self, address: usize) -> bool {
        let place = self.taken.iter().find(|taken| taken.get().0 == address);
        place.is_some_and(|place| place.replace((0, 0)).1 == self.nestings.get())
    }
}
