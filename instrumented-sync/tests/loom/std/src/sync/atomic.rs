//! Atomics that are only an address: what the word at that address holds is loom's affair once a model watches it.
//!
//! The runtime's words lie in mapped memory and are reached by `from_ptr`, so an atomic cannot carry loom's state with it.
//! Words that nobody watches are plain: accessed as they are, in the one schedule that loom just runs.
//!
//! What this misses: accesses that are not atomic, words that no model watches, and all of `AtomicPtr`, `AtomicBool` and the
//! locks, which are std's own.

use core::cell::UnsafeCell;
use loom::sync::atomic::{AtomicU32 as Loom32, AtomicU64 as Loom64};
use loom::thread::ThreadId;
use real_std::cell::{Cell, RefCell};
use real_std::collections::BTreeMap;
use real_std::rc::Rc;
use real_std::sync::atomic as real;

pub use loom::sync::atomic::fence;
pub use real_std::sync::atomic::*;

/// A word that loom keeps.
#[derive(Clone)]
struct Word {
    kept: Kept,
    /// The thread that is its only writer, and what it wrote last.
    owner: Rc<Cell<Option<ThreadId>>>,
    latest: Rc<Cell<u64>>,
}

#[derive(Clone)]
enum Kept {
    Half(Rc<Loom32>),
    /// Written as a whole, read as a whole or by halves.
    Full(Rc<Loom64>),
}

real_std::thread_local! {
    /// By address. Loom's threads are coroutines of one thread of the system.
    static WORDS: RefCell<BTreeMap<usize, Word>> = const { RefCell::new(BTreeMap::new()) };
}

/// Watches a word of four bytes. To be called before the threads of a model are started.
pub fn watch32(at: *const u8) {
    // SAFETY: the model owns the memory; nobody writes to it yet.
    let value = unsafe { at.cast::<u32>().read() };
    insert(at as usize, Kept::Half(Rc::new(Loom32::new(value))), u64::from(value));
}

/// Watches a word of eight bytes.
pub fn watch64(at: *const u8) {
    // SAFETY: as above.
    let value = unsafe { at.cast::<u64>().read() };
    insert(at as usize, Kept::Full(Rc::new(Loom64::new(value))), value);
}

/// The calling thread is the only one that writes to the watched words of these bytes. So it knows what is there, and what it
/// reads is no step of the schedule.
///
/// Without this loom would miss schedules: of all earlier accesses to a word it reorders a store with the last one alone,
/// which is the writer's own load when it reads a word before it stores.
pub fn own(start: *const u8, len: usize) {
    let start = start as usize;
    let own = loom::thread::current().id();
    WORDS.with(|words| {
        words.borrow().range(start..start + len).for_each(|(_, word)| word.owner.set(Some(own)));
    });
}

/// Watches nothing any more. To be called at the start and at the end of each run of a model.
pub fn forget_all() {
    WORDS.with(|words| words.borrow_mut().clear());
}

fn insert(at: usize, kept: Kept, value: u64) {
    let word = Word { kept, owner: Rc::default(), latest: Rc::new(Cell::new(value)) };
    WORDS.with(|words| words.borrow_mut().insert(at, word));
}

fn find(at: usize) -> Option<Word> {
    WORDS.with(|words| words.borrow().get(&at).cloned())
}

impl Word {
    fn is_own(&self) -> bool {
        self.owner.get().is_some_and(|owner| owner == loom::thread::current().id())
    }

    fn load(&self, order: Ordering) -> u64 {
        match &self.kept {
            _ if self.is_own() => self.latest.get(),
            Kept::Half(word) => u64::from(word.load(order)),
            Kept::Full(word) => word.load(order),
        }
    }

    fn store(&self, value: u64, order: Ordering) {
        assert!(self.owner.get().is_none() || self.is_own(), "a second writer");
        self.latest.set(value);
        match &self.kept {
            Kept::Half(word) => word.store(value as u32, order),
            Kept::Full(word) => word.store(value, order),
        }
    }

    /// One step that reads and writes. `None` of `update`: nothing is written.
    fn update(
        &self,
        order: Ordering,
        mut update: impl FnMut(u64) -> Option<u64>,
    ) -> Result<u64, u64> {
        let relaxed = Ordering::Relaxed;
        let done = match &self.kept {
            Kept::Half(word) => word
                .fetch_update(order, relaxed, |old| Some(update(u64::from(old))? as u32))
                .map(u64::from)
                .map_err(u64::from),
            Kept::Full(word) => word.fetch_update(order, relaxed, &mut update),
        };
        if let Some(new) = done.ok().and_then(update) {
            self.latest.set(new);
        }
        done
    }
}

/// A 32-bit word by its address.
#[repr(transparent)]
pub struct AtomicU32(UnsafeCell<u32>);

/// A 64-bit word by its address.
#[repr(transparent)]
pub struct AtomicU64(UnsafeCell<u64>);

// SAFETY: unwatched words are accessed by std's atomics.
unsafe impl Sync for AtomicU32 {}
// SAFETY: as above.
unsafe impl Sync for AtomicU64 {}

impl AtomicU32 {
    pub const fn new(value: u32) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// # Safety
    ///
    /// As std's.
    pub const unsafe fn from_ptr<'a>(pointer: *mut u32) -> &'a Self {
        // SAFETY: by contract; the layout is that of `u32`.
        unsafe { &*pointer.cast() }
    }

    pub fn load(&self, order: Ordering) -> u32 {
        match self.word() {
            Some((word, shift)) => (word.load(order) >> shift) as u32,
            None => self.plain().load(order),
        }
    }

    pub fn store(&self, value: u32, order: Ordering) {
        match self.word() {
            Some((word, shift)) => {
                let rest = match word.kept {
                    Kept::Half(_) => 0,
                    // Words that are written in both ways have one writer.
                    Kept::Full(_) => word.latest.get() & !(u64::from(u32::MAX) << shift),
                };
                word.store(rest | u64::from(value) << shift, order);
            }
            None => self.plain().store(value, order),
        }
    }

    pub fn fetch_update(
        &self,
        set: Ordering,
        fetch: Ordering,
        mut update: impl FnMut(u32) -> Option<u32>,
    ) -> Result<u32, u32> {
        match self.word() {
            Some((word, 0)) => word
                .update(set, |old| update(old as u32).map(u64::from))
                .map(|old| old as u32)
                .map_err(|old| old as u32),
            Some(_) => panic!("this word is written as a whole"),
            None => self.plain().try_update(set, fetch, &mut update),
        }
    }

    /// As std's.
    pub fn fetch_add(&self, value: u32, order: Ordering) -> u32 {
        let add = |old: u32| Some(old.wrapping_add(value));
        self.fetch_update(order, Ordering::Relaxed, add).unwrap_or_else(|old| old)
    }

    pub fn fetch_max(&self, value: u32, order: Ordering) -> u32 {
        let max = |old: u32| Some(old.max(value));
        self.fetch_update(order, Ordering::Relaxed, max).unwrap_or_else(|old| old)
    }

    /// The word, and where in it this half is.
    fn word(&self) -> Option<(Word, u32)> {
        let at = self.0.get() as usize;
        let whole = || {
            let around = find(at & !7).filter(|word| matches!(word.kept, Kept::Full(_)));
            Some((around?, 32))
        };
        find(at).map(|word| (word, 0)).or_else(whole)
    }

    fn plain(&self) -> &real::AtomicU32 {
        // SAFETY: the pointer is that of a living word; unwatched words are accessed by atomics only.
        unsafe { real::AtomicU32::from_ptr(self.0.get()) }
    }
}

impl AtomicU64 {
    pub const fn new(value: u64) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// # Safety
    ///
    /// As std's.
    pub const unsafe fn from_ptr<'a>(pointer: *mut u64) -> &'a Self {
        // SAFETY: by contract; the layout is that of `u64`.
        unsafe { &*pointer.cast() }
    }

    pub fn load(&self, order: Ordering) -> u64 {
        match self.word() {
            Some(word) => word.load(order),
            None => self.plain().load(order),
        }
    }

    pub fn store(&self, value: u64, order: Ordering) {
        match self.word() {
            Some(word) => word.store(value, order),
            None => self.plain().store(value, order),
        }
    }

    pub fn fetch_add(&self, value: u64, order: Ordering) -> u64 {
        match self.word() {
            Some(word) => word.update(order, |old| Some(old + value)).unwrap_or_else(|old| old),
            None => self.plain().fetch_add(value, order),
        }
    }

    pub fn fetch_max(&self, value: u64, order: Ordering) -> u64 {
        match self.word() {
            Some(word) => word.update(order, |old| Some(old.max(value))).unwrap_or_else(|old| old),
            None => self.plain().fetch_max(value, order),
        }
    }

    /// As std's.
    pub fn fetch_or(&self, value: u64, order: Ordering) -> u64 {
        match self.word() {
            Some(word) => word.update(order, |old| Some(old | value)).unwrap_or_else(|old| old),
            None => self.plain().fetch_or(value, order),
        }
    }

    pub fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        match self.word() {
            Some(word) => word.update(success, |old| (old == current).then_some(new)),
            None => self.plain().compare_exchange(current, new, success, failure),
        }
    }

    fn word(&self) -> Option<Word> {
        let word = find(self.0.get() as usize)?;
        assert!(matches!(word.kept, Kept::Full(_)), "this word is written by halves");
        Some(word)
    }

    fn plain(&self) -> &real::AtomicU64 {
        // SAFETY: as for 32 bits.
        unsafe { real::AtomicU64::from_ptr(self.0.get()) }
    }
}

impl Default for AtomicU32 {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Default for AtomicU64 {
    fn default() -> Self {
        Self::new(0)
    }
}

impl core::fmt::Debug for AtomicU32 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("AtomicU32").field(&self.0.get()).finish()
    }
}

impl core::fmt::Debug for AtomicU64 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("AtomicU64").field(&self.0.get()).finish()
    }
}
