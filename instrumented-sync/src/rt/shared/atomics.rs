// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What atomics tell, by their addresses: who has stored the value that is there now, and in which of its segments.
//!
//! It lies in a table of its own, since atomics are used inside of the program's allocator. What nobody has told anything by has no entry.

use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicUsize, Ordering};

/// Atomics that are followed at a time.
const ENTRIES: usize = 1 << 13;

/// Places in a row where an atomic may have its entry.
const WINDOW: usize = 16;

/// Threads that one value tells of: those that have gone on with its release sequence.
pub(crate) const TELLERS: usize = 12;

/// Rounds before a thread lets others run.
const ROUNDS: u32 = 64;

/// A thread that tells of what it has done, up to a segment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Teller {
    pub(crate) thread: u32,
    pub(crate) segment: u32,
    /// The return address of the store.
    pub(crate) at: usize,
}

impl Teller {
    /// Nobody.
    pub(crate) const NONE: Self = Self { thread: 0, segment: 0, at: 0 };
}

/// What a value tells.
#[derive(Debug)]
pub(crate) struct Told {
    /// The value. Where another is read, somebody has written it who does not tell, or the memory has a new owner.
    pub(crate) value: u64,
    tellers: [Teller; TELLERS],
    /// Those of them that are for loads only: see [`Told::tell`].
    for_loads: u16,
    count: u8,
    /// Segments that were begun to tell of them here, since anybody last learnt something.
    pub(crate) unheard: u8,
    /// When it was last written to, as far as eviction goes.
    age: u32,
}

/// An atomic.
#[derive(Debug)]
#[repr(align(64))]
struct Entry {
    /// 0 when it is free. Changed by who holds it.
    address: AtomicUsize,
    is_held: AtomicBool,
    told: UnsafeCell<Told>,
}

// SAFETY: what is told is reached by who holds the entry only.
unsafe impl Sync for Entry {}

static TABLE: [Entry; ENTRIES] = [const {
    Entry {
        address: AtomicUsize::new(0),
        is_held: AtomicBool::new(false),
        told: UnsafeCell::new(Told::NOTHING),
    }
}; ENTRIES];

/// Entries by where the search for them begins: nearly always there is none.
static THERE: [AtomicU16; ENTRIES] = [const { AtomicU16::new(0) }; ENTRIES];

/// Entries are taken by one thread at a time.
static TAKING: AtomicBool = AtomicBool::new(false);
/// Entries that were taken so far; wraps.
static TAKEN: AtomicU32 = AtomicU32::new(0);
/// Atomics that were given up for others.
static GIVEN_UP: AtomicU32 = AtomicU32::new(0);

/// Whether any atomic was ever told something by.
#[inline]
pub(crate) fn are_any() -> bool {
    // Relaxed: who reads what an atomic tells comes after who stored it, and sees this, too.
    TAKEN.load(Ordering::Relaxed) != 0
}

/// Atomics that were given up, since there was no room.
#[cold]
pub(crate) fn given_up() -> u32 {
    // Relaxed: an amount.
    GIVEN_UP.load(Ordering::Relaxed)
}

/// In the child of a fork: another thread of the parent may have held something.
#[cold]
pub(crate) fn forget() {
    // Relaxed: the child has one thread.
    TAKING.store(false, Ordering::Relaxed);
    if !are_any() {
        return;
    }
    for entry in &TABLE {
        if entry.address.load(Ordering::Relaxed) != 0 {
            entry.belongs_to(0);
        }
        entry.is_held.store(false, Ordering::Relaxed);
    }
}

/// What an atomic tells, for who holds it: nobody else does an operation on it meanwhile.
#[derive(Debug)]
pub(crate) struct Held(&'static Entry);

/// Whether an atomic may tell something.
#[inline]
pub(crate) fn may_have(address: usize) -> bool {
    // Relaxed: who reads what an atomic tells comes after who stored it, and sees this, too.
    THERE[home(address)].load(Ordering::Relaxed) != 0
}

/// What an atomic tells, if anything.
#[inline]
pub(crate) fn find(address: usize) -> Option<Held> {
    if !may_have(address) {
        return None;
    }
    let entry = window(address).find(|entry| entry.is(address))?;
    let held = Held::new(entry);
    // It may have gone meanwhile.
    entry.is(address).then_some(held)
}

/// As [`find`]; an atomic that tells nothing yet gets an entry, which it loses if it still tells nothing when that is let go of.
#[cold]
pub(crate) fn take(address: usize) -> Held {
    let mut round = 0;
    // Acquire: pairs with the Release below.
    while TAKING.swap(true, Ordering::Acquire) {
        pause(&mut round);
    }
    let held = find(address).unwrap_or_else(|| take_new(address));
    // Release: the next one finds what was taken.
    TAKING.store(false, Ordering::Release);
    held
}

fn take_new(address: usize) -> Held {
    // Relaxed: for eviction only.
    let now = TAKEN.fetch_add(1, Ordering::Relaxed);
    // Free ones are only taken here, so what is free stays so.
    let mut held = match window(address).find(|entry| entry.is(0)) {
        Some(entry) => Held::new(entry),
        None => {
            // Relaxed: an amount.
            GIVEN_UP.fetch_add(1, Ordering::Relaxed);
            Held::new(oldest(window(address), now))
        }
    };
    *held = Told::NOTHING;
    held.age = now;
    held.0.belongs_to(address);
    held
}

/// The one that was taken first.
fn oldest(window: impl Iterator<Item = &'static Entry>, now: u32) -> &'static Entry {
    let age = |entry: &&'static Entry| now.wrapping_sub(Held::new(entry).age);
    window.max_by_key(age).unwrap_or(&TABLE[0])
}

/// Where the entry of an atomic may be.
#[inline]
fn window(address: usize) -> impl Iterator<Item = &'static Entry> {
    let home = home(address);
    (home..home + WINDOW).map(|at| &TABLE[at % ENTRIES])
}

/// Where that begins.
#[inline]
fn home(address: usize) -> usize {
    ((address as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize % ENTRIES
}

impl Entry {
    #[inline]
    fn is(&self, address: usize) -> bool {
        // Relaxed: looked at again by who holds it.
        self.address.load(Ordering::Relaxed) == address
    }
}

impl Entry {
    /// Who holds it gives it to an atomic, or to none.
    fn belongs_to(&self, address: usize) {
        // Relaxed: who finds it takes hold of it first, and looks again.
        let before = self.address.swap(address, Ordering::Relaxed);
        if before != 0 {
            THERE[home(before)].fetch_sub(1, Ordering::Relaxed);
        }
        if address != 0 {
            THERE[home(address)].fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Held {
    fn new(entry: &'static Entry) -> Self {
        let mut round = 0;
        // Acquire: pairs with the Release below.
        while entry.is_held.swap(true, Ordering::Acquire) {
            pause(&mut round);
        }
        Self(entry)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.count == 0 {
            self.0.belongs_to(0);
        }
        // Release: what was told is seen by the next.
        self.0.is_held.store(false, Ordering::Release);
    }
}

impl Deref for Held {
    type Target = Told;
    fn deref(&self) -> &Told {
        // SAFETY: only who holds the entry is here.
        unsafe { &*self.0.told.get() }
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut Told {
        // SAFETY: only who holds the entry is here.
        unsafe { &mut *self.0.told.get() }
    }
}

#[cold]
fn pause(round: &mut u32) {
    *round += 1;
    if *round < ROUNDS {
        std::hint::spin_loop();
    } else {
        // SAFETY: has no preconditions.
        unsafe { libc::sched_yield() };
    }
}

impl Told {
    const NOTHING: Self = Self {
        value: 0,
        tellers: [Teller::NONE; TELLERS],
        for_loads: 0,
        count: 0,
        unheard: 0,
        age: 0,
    };

    /// The value tells nothing.
    pub(crate) fn clear(&mut self) {
        (self.count, self.for_loads) = (0, 0);
    }

    /// A thread tells by this value, too: whoever loads it, and whoever replaces it unless that is for loads only. Of too many the first is left out.
    pub(crate) fn tell(&mut self, teller: Teller, for_loads: bool) {
        let count = usize::from(self.count);
        let known = self.tellers[..count].iter().position(|known| known.thread == teller.thread);
        let at = known.unwrap_or_else(|| {
            if count == TELLERS {
                self.tellers.rotate_left(1);
                self.for_loads >>= 1;
                return TELLERS - 1;
            }
            self.count += 1;
            count
        });
        self.tellers[at] = teller;
        self.for_loads = self.for_loads & !(1 << at) | u16::from(for_loads) << at;
    }

    /// Who tells, to one who loads the value or to one who replaces it.
    pub(crate) fn tellers(&self, loads: bool) -> impl Iterator<Item = Teller> + '_ {
        let is_for = move |at: &usize| loads || self.for_loads >> at & 1 == 0;
        (0..usize::from(self.count)).filter(is_for).map(|at| self.tellers[at])
    }
}
