// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What every mirrored object carries beside std's: its identity.

use super::name::{NameOrCount, Naming};
use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use syncscope_recording::layout::{access, class_flag};

/// Identity of a lock (or other object): 24 bytes, no drop glue, `const`, valid when zeroed.
#[derive(Debug)]
pub(crate) struct Meta {
    /// Where it was created; `None` in zeroed memory.
    pub(crate) site: Option<&'static Location<'static>>,
    /// Instance number, 0 until the first use.
    pub(crate) id: AtomicU32,
    /// 0 until the first use of an object without a name.
    ///
    /// | bits | meaning |
    /// | --- | --- |
    /// | 0-23 | [`CLASS`], or with [`NAMED`] the length of the name |
    /// | 24 | [`WATCHED`] |
    /// | 25 | [`TOOK_LOCKS`] |
    /// | 26 | [`UNRECORDED`] |
    /// | 27 | [`NAMED`] |
    /// | 28 | [`ORDERS_NOTHING`] |
    /// | 29 | [`RESERVED`] |
    /// | 30-31 | 0 |
    pub(crate) class: AtomicU32,
    /// Before the first use of a named object the name's pointer, of one with [`RESERVED`] its number and, from bit 32 on, the bits of its
    /// group; then:
    ///
    /// | bits | meaning |
    /// | --- | --- |
    /// | 0-31 | board slot + 1 of the last exclusive owner: a hint, always checked against that thread's held stack |
    /// | 32-63 | exclusive acquisitions so far, counted while it is held; wraps |
    ///
    /// Readers record the count that they find, so readers are ordered between writers and not among each other. A Once-like object has
    /// the acquisitions of its initialiser's thread when it began.
    owner_seq: NameOrCount,
}

/// An RwLock whose writers matter even where they hold nothing else: only they can come between two readers.
const WATCHED: u32 = 1 << 24;
/// The initialiser took locks, so "held before this one" is an order even after it has completed.
const TOOK_LOCKS: u32 = 1 << 25;
/// Used by the program's allocator: recording it would need the allocator while it is held.
const UNRECORDED: u32 = 1 << 26;
/// The class is not known yet; its bits hold the length of the name that the object was given.
const NAMED: u32 = 1 << 27;
/// The initialiser took no locks, and nothing was tracked yet when it ended: to have seen its end orders nothing.
const ORDERS_NOTHING: u32 = 1 << 28;
/// A lock of a group that was not used yet: its number is reserved.
const RESERVED: u32 = 1 << 29;
const CLASS: u32 = 0x00FF_FFFF;

const _: () = assert!(size_of::<Meta>() == 24);

/// What is known of an object at compile time. One static per type, passed by reference to keep the mirrors thin.
#[derive(Debug)]
pub(crate) struct Desc {
    /// See [`syncscope_recording::layout::primitive`].
    pub(crate) primitive: u32,
    /// Name of the protected type.
    pub(crate) type_name: fn() -> &'static str,
    /// Its guards may be sent to another thread.
    pub(crate) guards_move: bool,
    /// Its readers do not wait for writers that wait.
    pub(crate) readers_pass: bool,
    /// A panic poisons it when it drops a guard, but for those of readers.
    pub(crate) poisons: bool,
}

/// The number that a lock of a group is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reserved {
    pub(crate) number: u32,
    /// The low bits of the number by which the locks of the group differ.
    pub(crate) group_bits: u32,
}

impl Meta {
    /// An identity without a creation site, as zeroed memory would hold: for constants that are copied about.
    pub(crate) const fn unknown() -> Self {
        Self {
            site: None,
            id: AtomicU32::new(0),
            class: AtomicU32::new(0),
            owner_seq: NameOrCount::zero(),
        }
    }

    /// A new identity, created at the caller's place.
    #[track_caller]
    pub(crate) const fn new() -> Self {
        Self::created_at(Location::caller())
    }

    /// A new identity, created at this place.
    pub(crate) const fn created_at(site: &'static Location<'static>) -> Self {
        Self {
            site: Some(site),
            id: AtomicU32::new(0),
            class: AtomicU32::new(0),
            owner_seq: NameOrCount::zero(),
        }
    }

    /// A new identity of a lock of a group, created at this place.
    pub(crate) const fn created_in_group(
        site: &'static Location<'static>,
        reserved: Reserved,
    ) -> Self {
        let word = reserved.number as u64 | (reserved.group_bits as u64) << 32;
        Self {
            site: Some(site),
            id: AtomicU32::new(0),
            class: AtomicU32::new(RESERVED),
            owner_seq: NameOrCount::of(word),
        }
    }

    /// The number that is reserved for a lock that has none yet.
    #[cold]
    pub(crate) fn reserved(&self) -> Option<Reserved> {
        // Relaxed: should another thread be faster, these words may have got another meaning meanwhile. Then the lock has its number
        // already, and what is read here is not used, or makes a class that no lock has.
        if self.class.load(Ordering::Relaxed) & RESERVED == 0 {
            return None;
        }
        let word = self.owner_seq.count().load(Ordering::Relaxed);
        let reserved = Reserved { number: word as u32, group_bits: (word >> 32) as u32 };
        (self.number() == 0
            && reserved.number != 0
            && reserved.group_bits <= class_flag::GROUP_MASK)
            .then_some(reserved)
    }

    /// The lock has got its reserved number, so the words that held it are free.
    #[cold]
    pub(crate) fn forget_reserved(&self, reserved: Reserved) {
        let word = u64::from(reserved.number) | u64::from(reserved.group_bits) << 32;
        // Relaxed: who has seen the number may have stored owner and count already, and they stay: a slot's number is smaller than one
        // that is reserved.
        let count = self.owner_seq.count();
        _ = count.compare_exchange(word, 0, Ordering::Relaxed, Ordering::Relaxed);
        self.class.fetch_and(!RESERVED, Ordering::Relaxed);
    }

    /// Where it lies.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self) as usize
    }

    /// Instance number; 0 when it has none.
    #[inline]
    pub(crate) fn number(&self) -> u32 {
        // Relaxed: the number stands for itself; the class is stored before it and read with Relaxed by the same rule: who
        // reads a stale 0 asks for the class again.
        self.id.load(Ordering::Relaxed)
    }

    /// Instance number of a lock of which nothing special is known that matters for this access, and whose class fits into 16
    /// bits, see [`Self::plain_class`].
    #[inline(always)]
    pub(crate) fn plain(&self, access: u8) -> Option<u32> {
        // Relaxed: as in [`Self::number`]. A lock has a class only when it has its number.
        let class = self.class.load(Ordering::Relaxed);
        let ignored = if access & access::SHARED != 0 { WATCHED } else { 0 };
        ((class & !ignored).wrapping_sub(1) < 0xFFFE).then(|| self.number())
    }

    /// As [`Self::plain`], of a lock of which nothing is known but that its writers matter.
    #[inline(always)]
    pub(crate) fn watched(&self) -> Option<u32> {
        if self.is_watched() { self.plain(access::SHARED) } else { None }
    }

    /// Class of a lock that was found to be plain.
    #[inline(always)]
    pub(crate) fn plain_class(&self) -> u32 {
        // Relaxed: it stays the same; the flags above it may not.
        self.class.load(Ordering::Relaxed) & 0xFFFF
    }

    /// Class, 0 while unknown.
    #[inline]
    pub(crate) fn class(&self) -> u32 {
        // Relaxed: a plain number.
        let class = self.class.load(Ordering::Relaxed);
        if class & NAMED == 0 { class & CLASS } else { 0 }
    }

    /// Names a new object. A name that is empty, or too long to be one, is none.
    pub(crate) const fn give_name(&mut self, name: &'static str) {
        let fits = !name.is_empty() && name.len() <= CLASS as usize;
        *self = Self {
            site: self.site,
            id: AtomicU32::new(0),
            class: AtomicU32::new(if fits { NAMED | name.len() as u32 } else { 0 }),
            owner_seq: if fits { NameOrCount::name(name) } else { NameOrCount::zero() },
        };
    }

    /// The class, or what is known instead.
    #[cold]
    pub(crate) fn naming(&self) -> Naming {
        loop {
            // Relaxed: read again below.
            let class = self.class.load(Ordering::Relaxed);
            if class & NAMED == 0 {
                let known = class & CLASS;
                return if known == 0 { Naming::Unknown(None) } else { Naming::Known(known) };
            }
            let pointer = self.owner_seq.name_pointer();
            // Pairs with the fence in `settle`: if the pointer is a count already, the class is seen below.
            fence(Ordering::Acquire);
            if pointer.is_null() || self.class.load(Ordering::Relaxed) & NAMED == 0 {
                // Another thread is between the two steps of `settle`, or was.
                std::thread::yield_now();
                continue;
            }
            // SAFETY: pointer and length are those of the `&'static str` in `give_name`.
            let name = unsafe {
                let bytes = std::slice::from_raw_parts(pointer, (class & CLASS) as usize);
                std::str::from_utf8_unchecked(bytes)
            };
            return Naming::Unknown(Some(name));
        }
    }

    /// The class is known now, unless another thread was faster. Gives the one that counts. Takes what `naming` said; owner
    /// and count are stored only after this, and begin with 0.
    #[cold]
    pub(crate) fn settle(&self, class: u32, name: Option<&'static str>) -> u32 {
        if let Some(name) = name {
            self.owner_seq.forget(name);
        }
        // Relaxed: a plain number.
        let settled = self.class.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |known| {
            (known & NAMED != 0 || known & CLASS == 0)
                .then_some(known & !(NAMED | CLASS) | class & CLASS)
        });
        // Pairs with the fence in `naming`.
        fence(Ordering::Release);
        settled.map_or_else(|known| known & CLASS, |_| class)
    }

    /// Takes the lock in the books: it is held now, exclusively, by the thread with this number of a slot + 1. Gives its acquisition
    /// count.
    #[inline]
    pub(crate) fn own(&self, owner: u64) -> u32 {
        let count = self.owner_seq.count();
        // Relaxed: guarded by the lock itself; others only look at it.
        let seq = ((count.load(Ordering::Relaxed) >> 32) as u32).wrapping_add(1);
        count.store(u64::from(seq) << 32 | owner, Ordering::Relaxed);
        seq
    }

    /// Stores owner and count.
    #[inline]
    pub(crate) fn set_seq(&self, slot_index: u32, seq: u32) {
        let owner = u64::from(slot_index.wrapping_add(1));
        // Relaxed: as in `own`.
        self.owner_seq.count().store(owner | u64::from(seq) << 32, Ordering::Relaxed);
    }

    /// Exclusive acquisitions so far.
    #[inline]
    pub(crate) fn seq(&self) -> u32 {
        // Relaxed: as in `own`.
        (self.owner_seq.count().load(Ordering::Relaxed) >> 32) as u32
    }

    /// Board slot of the last exclusive owner, if there was one.
    #[cold]
    pub(crate) fn owner_hint(&self) -> Option<u32> {
        // Relaxed: a hint.
        (self.owner_seq.count().load(Ordering::Relaxed) as u32).checked_sub(1)
    }

    /// Whether a writer matters even when it holds nothing else.
    #[inline]
    pub(crate) fn is_watched(&self) -> bool {
        // Relaxed: a late view only loses early evidence.
        self.class.load(Ordering::Relaxed) & WATCHED != 0
    }

    /// From now on writers matter even when they hold nothing else.
    #[cold]
    pub(crate) fn watch(&self) {
        // Relaxed: a flag that is only ever set.
        self.class.fetch_or(WATCHED, Ordering::Relaxed);
    }

    /// Whether the lock has its number, so that an acquisition needs no registration.
    #[inline]
    pub(crate) fn is_registered(&self) -> bool {
        self.number() != 0
    }

    /// Whether the lock is the allocator's.
    #[inline]
    pub(crate) fn is_unrecorded(&self) -> bool {
        // Relaxed: a late view only records once more.
        self.class.load(Ordering::Relaxed) & UNRECORDED != 0
    }

    /// The lock was taken inside a hook: it is the allocator's (or a signal handler's).
    #[cold]
    pub(crate) fn mark_unrecorded(&self) {
        // Relaxed: a flag that is only ever set.
        self.class.fetch_or(UNRECORDED, Ordering::Relaxed);
    }

    /// Whether the initialiser took locks.
    #[inline]
    pub(crate) fn took_locks(&self) -> bool {
        // Relaxed: set before the real completion, which the caller has seen with Acquire.
        self.class.load(Ordering::Relaxed) & TOOK_LOCKS != 0
    }

    /// Whether to have seen the initialiser's end orders nothing.
    #[inline]
    pub(crate) fn orders_nothing(&self) -> bool {
        // Relaxed: as in `took_locks`.
        self.class.load(Ordering::Relaxed) & ORDERS_NOTHING != 0
    }

    /// The initialiser has ended: whether it took locks, and whether accesses are tracked, so that its end orders them.
    #[cold]
    pub(crate) fn note_initialised(&self, took_locks: bool, is_tracking: bool) {
        let flags = if took_locks { TOOK_LOCKS } else { 0 };
        // Once it took locks it may do so again, after a panic or when the value is taken out.
        let known = |class: u32| class & !ORDERS_NOTHING | flags;
        let orders = |class: u32| is_tracking || class & TOOK_LOCKS != 0;
        let next = |class| if orders(class) { class } else { class | ORDERS_NOTHING };
        // Relaxed: published by the real completion.
        self.class.update(Ordering::Relaxed, Ordering::Relaxed, |class| next(known(class)));
    }
}

impl Desc {
    /// The description of `primitive` around a `T`.
    pub(crate) const fn of<T: ?Sized>(primitive: u32) -> Self {
        Self {
            primitive,
            type_name: std::any::type_name::<T>,
            guards_move: false,
            readers_pass: false,
            poisons: false,
        }
    }

    /// The description of `primitive` around something that is described otherwise.
    pub(crate) const fn named(primitive: u32, type_name: fn() -> &'static str) -> Self {
        Self { primitive, type_name, guards_move: false, readers_pass: false, poisons: false }
    }

    /// The same, with guards that may be sent to another thread.
    pub(crate) const fn with_guards_that_move(self) -> Self {
        Self { guards_move: true, ..self }
    }

    /// The same, of what a panic poisons.
    pub(crate) const fn that_poisons(self) -> Self {
        Self { poisons: true, ..self }
    }

    /// The same, with readers that do not wait for writers that wait.
    pub(crate) const fn with_readers_that_pass(self) -> Self {
        Self { readers_pass: true, ..self }
    }

    /// Whether it is this primitive.
    pub(crate) const fn is(&self, primitive: u32) -> bool {
        self.primitive == primitive
    }
}
