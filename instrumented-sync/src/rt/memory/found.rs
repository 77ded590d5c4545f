//! What was found: a race, or accesses that do not go well together.

use super::contexts::{self, Context, TOLD};
use super::held::{self, Held};
use super::slots;
use crate::rt::object::lock::Lock;
use std::sync::atomic::{AtomicU64, Ordering};

/// How memory was accessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Read,
    Write,
    AtomicRead,
    AtomicWrite,
    /// The memory was given back.
    Free,
}

/// One of the two accesses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub(super) slot: u16,
    /// 0 for the thread's own time now.
    pub(super) time: u64,
    pub(crate) how: How,
    pub(super) place: Context,
}

/// An access, with the locks that its thread held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Past {
    pub(super) side: Side,
    pub(super) held: Held,
}

/// The lock under which threads access a place in most of their turns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard {
    pub(crate) lock: Lock,
    /// So many turns were under it, of so many.
    pub(crate) turns: u32,
    pub(crate) of: u32,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing orders the two.
    Race,
    /// See [`lost_update`](super::lost_update).
    LostUpdate,
    /// See [`overwritten`](super::overwritten).
    CheckThenAct,
    /// See [`unprotected`](super::unprotected).
    Unprotected,
}

/// Two accesses, or three.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) address: usize,
    pub(crate) size: usize,
    pub(crate) earlier: Side,
    /// Another thread's write in between, where that is what is wrong.
    pub(crate) between: Option<Side>,
    /// The thread's own read before its last write, where that may be a check.
    pub(crate) again: Option<Side>,
    pub(crate) later: Side,
    /// The locks held at the earlier access and at the later one, where they were looked up before.
    pub(crate) held: Option<[Held; 2]>,
    /// Of an unprotected place, if it has one.
    pub(crate) guard: Option<Guard>,
}

impl Side {
    /// The number of its thread; 0 when that is not known.
    pub(crate) fn thread(&self) -> u32 {
        slots::owner(self.slot, self.time)
    }

    /// The locks that its thread held, if that is known of an earlier access.
    pub(crate) fn held(&self) -> Option<Held> {
        held::at(self.slot, self.time)
    }

    /// Return addresses, innermost first; so many.
    pub(crate) fn stack(&self, into: &mut [u64; TOLD]) -> usize {
        contexts::stack(self.place, into)
    }
}

/// Pairs of places that were told, by hash.
static TOLD_PAIRS: [AtomicU64; 1 << 12] = [const { AtomicU64::new(0) }; 1 << 12];

impl Found {
    /// Whether no race between these two places was told before. Pairs that share an entry may be told again.
    pub(crate) fn is_news(&self) -> bool {
        let mut stacks = [[0; TOLD]; 2];
        let sides = [&self.earlier, &self.later];
        let mut keys = [0; 2];
        for ((side, stack), key) in sides.into_iter().zip(&mut stacks).zip(&mut keys) {
            let count = side.stack(stack);
            *key = stack[..count].first().copied().unwrap_or(0) << 3 | side.how as u64;
        }
        keys.sort_unstable();
        let pair = keys[0]
            .wrapping_add(self.kind as u64)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(31)
            ^ keys[1];
        let pair = pair.wrapping_mul(0xBF58_476D_1CE4_E5B9) | 1;
        // Relaxed: of two threads that tell the same at once, one does.
        let entry = &TOLD_PAIRS[(pair >> 40) as usize % TOLD_PAIRS.len()];
        entry.load(Ordering::Relaxed) != pair && entry.swap(pair, Ordering::Relaxed) != pair
    }
}
