//! What atomics and locks order, by their addresses: it lies beside the cell of their bytes, and goes when the memory is given back.

use super::accessor::Accessor;
use super::cell::{Open, Records, Word};
use super::clock::{self, Known};
use super::pool::{SMALLEST, Stash};
use std::ptr::NonNull;
use std::sync::atomic::Ordering;

/// An atomic variable, or a lock.
#[derive(Debug)]
pub(super) struct Sync {
    /// Others in the same eight bytes.
    next: *mut Sync,
    /// The first of its bytes; [`LOCK`] for a lock.
    byte: u8,
    /// Of a lock: whether it hands over what others did before, see [`hand_over`](Self::hand_over).
    hands_over: bool,
    /// The slot of who alone has told by it; [`MANY`] for several.
    teller: u16,
    /// Which of those that have been there.
    birth: u32,
    /// What the release sequence has told; of a lock, its writers.
    told: Option<Known>,
    /// What a lock's readers have told.
    by_readers: Option<Known>,
    /// Atomic loads, by thread: plain accesses are to be ordered with them.
    pub(super) loads: Records,
    /// Atomic stores.
    pub(super) stores: Records,
}

const _: () = assert!(size_of::<Sync>() <= SMALLEST);

/// In place of a slot.
const MANY: u16 = u16::MAX;

/// A lock is none of the atomics that its bytes may hold.
pub(super) const LOCK: u8 = 8;

/// Finds the one that begins at a byte, which is new if need be. `None` when there is no memory.
pub(super) fn of<'a>(open: &'a mut Open, stash: &Stash, byte: u8) -> Option<&'a mut Sync> {
    let first = open.writes.atomics();
    let mut at = NonNull::new(first);
    while let Some(mut sync) = at {
        // SAFETY: those of a cell are reached by who has the cell only.
        let sync = unsafe { sync.as_mut() };
        if sync.byte == byte {
            return Some(sync);
        }
        at = NonNull::new(sync.next);
    }
    let mut made = stash.take(SMALLEST)?.cast::<Sync>();
    let empty = Records::default();
    let sync = Sync {
        next: first,
        byte,
        hands_over: false,
        teller: MANY,
        birth: stash.number(),
        told: None,
        by_readers: None,
        loads: empty,
        stores: empty,
    };
    // SAFETY: a block of its own, large enough and aligned.
    unsafe { made.write(sync) };
    open.writes.set_atomics(stash, made.as_ptr());
    // SAFETY: as above.
    Some(unsafe { made.as_mut() })
}

/// The first one of a cell that the thread has locked, by its word of writes, if it begins at the byte and all writes have `passed`.
#[inline]
pub(super) fn only<'a>(
    writes: Word,
    byte: u8,
    have_passed: impl Fn(Word) -> bool,
) -> Option<&'a mut Sync> {
    let mut sync = Records::atomics_if(writes, have_passed)?;
    // SAFETY: those of a cell are reached by who has the cell only.
    let sync = unsafe { sync.as_mut() };
    (sync.byte == byte).then_some(sync)
}

/// Calls `body` with each of a cell, until it gives something.
pub(super) fn find<R>(open: &Open, mut body: impl FnMut(&Sync) -> Option<R>) -> Option<R> {
    let mut at = NonNull::new(open.writes.atomics());
    while let Some(sync) = at {
        // SAFETY: those of a cell are reached by who has the cell only.
        let sync = unsafe { sync.as_ref() };
        if let Some(found) = body(sync) {
            return Some(found);
        }
        at = NonNull::new(sync.next);
    }
    None
}

/// Forgets the operations on some bytes of a cell, and what those have told that begin there.
#[cold]
pub(super) fn forget(open: &mut Open, stash: &Stash, bytes: u64) {
    let mut at = NonNull::new(open.writes.atomics());
    while let Some(mut sync) = at {
        // SAFETY: those of a cell are reached by who has the cell only.
        let sync = unsafe { sync.as_mut() };
        sync.loads.forget(stash, bytes);
        sync.stores.forget(stash, bytes);
        if bytes >> sync.byte & 1 != 0 {
            for known in [sync.told.take(), sync.by_readers.take()].into_iter().flatten() {
                known.give_up(stash);
            }
            sync.birth = stash.number();
            sync.hands_over = false;
        }
        at = NonNull::new(sync.next);
    }
}

/// Forgets these and what follows.
pub(super) fn free(first: *mut Sync, stash: &Stash) {
    let mut at = NonNull::new(first);
    while let Some(block) = at {
        // SAFETY: taken out of their cell, so nobody else reaches them; they are read once and then given back.
        let mut sync = unsafe { block.read() };
        at = NonNull::new(sync.next);
        for known in [sync.told, sync.by_readers].into_iter().flatten() {
            known.give_up(stash);
        }
        sync.loads.clear(stash);
        sync.stores.clear(stash);
        // SAFETY: as above.
        unsafe { stash.give(block.cast(), SMALLEST) };
    }
}

fn acquires(order: Ordering) -> bool {
    matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(order: Ordering) -> bool {
    matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}

/// The rules for atomics, in the order in which the variable is modified:
///
/// - A store with `Release` begins a release sequence; a relaxed one tells what the thread's last release fence covers.
/// - A read-modify-write goes on with the sequence, whatever its ordering.
/// - A load with `Acquire` learns from the sequence whose value it reads; a relaxed one leaves that to an acquire fence.
/// - `SeqCst` orders as `AcqRel` does: no data is told by the total order alone.
impl Sync {
    /// The thread has loaded the current value.
    pub(super) fn load(&self, accessor: &Accessor, order: Ordering) {
        let Some(told) = &self.told else { return };
        if self.teller == accessor.slot() {
            // Nobody hands anything over by that.
            accessor.learn_by_lock(told);
        } else if acquires(order) {
            accessor.learn(told);
        } else {
            accessor.see_unfenced(told);
        }
    }

    /// The thread stores a value.
    pub(super) fn store(&mut self, accessor: &Accessor, order: Ordering) {
        self.teller = accessor.slot();
        if releases(order) {
            return clock::set(&accessor.stash, &mut self.told, accessor.tells());
        }
        accessor.with_fenced(|fenced| match fenced {
            Some(fenced) => clock::set(&accessor.stash, &mut self.told, fenced.times()),
            None => give_up(&mut self.told, &accessor.stash),
        });
    }

    /// The thread has read a value and replaces it.
    pub(super) fn modify(&mut self, accessor: &Accessor, order: Ordering) {
        self.load(accessor, order);
        if self.told.is_none() {
            self.teller = accessor.slot();
        } else if self.teller != accessor.slot() {
            self.teller = MANY;
        }
        if releases(order) {
            return clock::add(&accessor.stash, &mut self.told, accessor.tells());
        }
        accessor.with_fenced(|fenced| {
            if let Some(fenced) = fenced {
                clock::add(&accessor.stash, &mut self.told, fenced.times());
            }
        });
    }

    /// Tells it from those that were at its address before.
    #[inline]
    pub(super) fn birth(&self) -> u32 {
        self.birth
    }

    /// The first of its bytes.
    pub(super) fn byte(&self) -> u8 {
        self.byte
    }

    /// The thread has taken it for a lock, and did not tell.
    pub(super) fn was_taken(&self, accessor: &Accessor) {
        self.told.iter().for_each(|told| accessor.learn(told));
    }

    /// The thread has acquired the lock.
    pub(super) fn acquired(&self, accessor: &Accessor, shared: bool) {
        let readers = self.by_readers.iter().filter(|_| !shared);
        self.told.iter().chain(readers).for_each(|told| match self.hands_over {
            true => accessor.learn(told),
            false => accessor.learn_by_lock(told),
        });
    }

    /// From here on whoever acquires the lock does not just happen to come later: it belongs to a condition variable, goes from thread to thread, or is none
    /// that is seen among those which threads hold.
    pub(super) fn hand_over(&mut self) {
        self.hands_over = true;
    }

    /// The thread is about to release the lock.
    pub(super) fn released(&mut self, accessor: &Accessor, shared: bool) {
        if shared {
            clock::add(&accessor.stash, &mut self.by_readers, accessor.tells());
        } else {
            // The writer had learned all that is replaced here.
            clock::set(&accessor.stash, &mut self.told, accessor.tells());
            give_up(&mut self.by_readers, &accessor.stash);
        }
    }
}

#[inline]
fn give_up(told: &mut Option<Known>, stash: &Stash) {
    if let Some(told) = told.take() {
        told.give_up(stash);
    }
}
