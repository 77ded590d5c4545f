//! The board: one slot per thread, in the recording, where every thread's state can be read by all.
//!
//! A slot is written by its own thread only, but for one bit of a held entry ([`crate::rt::record::moved`]). Readers are the wait-for check,
//! the service thread, other processes and the post-mortem. Rules of access:
//!
//! 1. The owner stores held entries first and the depth in `STATE` after them, and lowers it before it releases the lock.
//! 2. `WAIT` is stored last when a wait begins (with Release, then a SeqCst fence) and first when it ends.
//! 3. So whoever loads `WAIT` with Acquire and finds a wait sees the held stack that the thread sleeps with.

use super::overflow::Overflow;
use super::rest::Rest;
use std::ptr::NonNull;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering, fence};
use syncscope_recording::layout::{access, chunk_kind, held, slot, thread_flag, wait};
use syncscope_recording::writer::{RecordingFile, bounded_lock};

/// Slots start behind the chunk's header, at a multiple of their size.
const FIRST: usize = slot::SIZE;
/// Slots in a chunk of 64 KiB.
const PER_CHUNK: usize = 127;
/// Chunks at most: over 65,000 threads at a time.
const CHUNKS: usize = 520;

/// All slots.
#[derive(Debug)]
pub(crate) struct Board {
    chunks: [AtomicPtr<u8>; CHUNKS],
    /// For each chunk what belongs to its slots and has no business in a file: whoever may write to that must not lead us anywhere.
    private: [AtomicPtr<Private>; CHUNKS],
    slots: AtomicU32,
    free: Mutex<Vec<u32>>,
}

/// How far from its number the slot of a thread is looked for first.
const NEAR: u32 = 8;

/// A slot of the board.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    start: NonNull<u8>,
    private: &'static Private,
}

/// What belongs to a slot and lies in the process's own memory.
#[derive(Debug, Default)]
struct Private {
    /// Where held entries lie that do not fit.
    overflow: AtomicPtr<Overflow>,
    /// Whose the slot is.
    thread: AtomicU32,
    rest: Rest,
}

/// An entry of a held stack as others read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeldEntry {
    pub(crate) instance: u32,
    pub(crate) site: u32,
    pub(crate) access: u8,
    pub(crate) ticks: u64,
    pub(crate) class: u32,
}

/// What a thread waits for, as others read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WaitEntry {
    pub(crate) kind: u32,
    pub(crate) seq: u32,
    pub(crate) object: u32,
    pub(crate) object2: u32,
    pub(crate) class: u32,
    pub(crate) site: u32,
    pub(crate) since: u64,
}

/// Whether a task that sleeps in a wait of this kind, as it is on the board, awaits what anyone may give it, or a time. Such a wait is
/// always [`wait::TIMED`].
pub(crate) const fn is_await(kind: u32) -> bool {
    kind & wait::TIMED != 0
        && matches!(
            kind & !wait::TIMED,
            wait::RECV
                | wait::SEND
                | wait::BARRIER
                | wait::SLEEP
                | wait::ONCE_WAIT
                | wait::SELECT
                | wait::NOTIFIED
                | wait::CHANGED
                | wait::CLOSED
        )
}

impl WaitEntry {
    /// Whether a held lock stands in the way of this wait.
    pub(crate) fn is_blocked_by(&self, held: &HeldEntry) -> bool {
        let is_shared = held.access & access::SHARED != 0;
        let conflicts = match self.kind & !wait::TIMED {
            wait::READ => !is_shared,
            // Only the running initialiser stands in the way of the others.
            wait::ONCE | wait::ONCE_WAIT => held.access & access::INIT != 0,
            wait::MUTEX | wait::WRITE | wait::JOBS => true,
            // What a join or a scope waits for is the number of something else than a lock.
            _ => false,
        };
        conflicts && held.instance == self.object
    }
}

impl Board {
    pub(crate) fn new() -> Self {
        Self {
            chunks: [const { AtomicPtr::new(std::ptr::null_mut()) }; CHUNKS],
            private: [const { AtomicPtr::new(std::ptr::null_mut()) }; CHUNKS],
            slots: AtomicU32::new(0),
            free: Mutex::new(Vec::new()),
        }
    }

    /// A free slot and its index. `None` when the board is full or cannot grow.
    #[cold]
    pub(crate) fn take(&self, file: &RecordingFile) -> Option<(u32, Slot)> {
        let mut free = bounded_lock(&self.free)?;
        if free.is_empty() {
            // Relaxed: only changed under the lock that we hold.
            let first = self.slots.load(Ordering::Relaxed);
            let index = first as usize / PER_CHUNK;
            let place = self.chunks.get(index)?;
            let chunk = file.chunk(chunk_kind::BOARD, 0, first, FIRST + PER_CHUNK * slot::SIZE)?;
            let private: Box<[Private]> =
                std::iter::repeat_with(Private::default).take(PER_CHUNK).collect();
            // Release: stored before the chunk, and leaked as that is.
            self.private[index].store(Box::into_raw(private).cast(), Ordering::Release);
            // Release: pairs with the Acquire in `slot`: whoever sees the chunk sees it zeroed.
            place.store(chunk.as_ptr(), Ordering::Release);
            // Release: pairs with the Acquire in `len`.
            self.slots.store(first + PER_CHUNK as u32, Ordering::Release);
            free.extend((first..first + PER_CHUNK as u32).rev());
        }
        let index = free.pop()?;
        Some((index, self.slot(index)?))
    }

    /// Gives a slot back. The caller has cleared it.
    pub(crate) fn give_back(&self, index: u32) {
        if let Some(mut free) = bounded_lock(&self.free) {
            free.push(index);
        }
    }

    /// The slot with this index.
    pub(crate) fn slot(&self, index: u32) -> Option<Slot> {
        let index = index as usize;
        // Acquire: pairs with the Release in `take`.
        let start = self.chunks.get(index / PER_CHUNK)?.load(Ordering::Acquire);
        let private = self.private[index / PER_CHUNK].load(Ordering::Acquire);
        // SAFETY: the chunk holds `FIRST + PER_CHUNK` slots' bytes, so the result stays inside it; what is private was stored before
        // the chunk, one for each slot, and is never freed.
        unsafe {
            let start = NonNull::new(start)?.add(FIRST + index % PER_CHUNK * slot::SIZE);
            let private = &*private.add(index % PER_CHUNK);
            Some(Slot { start, private })
        }
    }

    /// The slots in use, with their indices.
    pub(crate) fn occupied(&self) -> impl Iterator<Item = (u32, Slot)> + '_ {
        // Acquire: pairs with the Release in `take`.
        (0..self.slots.load(Ordering::Acquire))
            .filter_map(|index| Some((index, self.slot(index)?)))
            .filter(|(_, slot)| slot.thread() != 0)
    }

    /// The slot of a thread. Numbers and slots are both handed out in order, so where threads live long it is nearly where its number
    /// says; else all are looked at.
    pub(crate) fn find(&self, thread: u32) -> Option<Slot> {
        let is_it = |slot: &Slot| slot.thread() == thread;
        let near = thread.saturating_sub(NEAR)..thread.saturating_add(NEAR);
        near.filter_map(|index| self.slot(index))
            .find(is_it)
            .or_else(|| self.occupied().map(|(_, slot)| slot).find(is_it))
    }
}

// SAFETY: a slot is memory mapped for the rest of the process's life; all access is through atomics.
unsafe impl Send for Slot {}
// SAFETY: as above.
unsafe impl Sync for Slot {}

impl Slot {
    /// A slot of its own, for threads that find no room on the board.
    pub(crate) fn private() -> Self {
        // Aligned and zeroed like the board's, and leaked: rare.
        let words: &'static mut [u64] = Box::leak(vec![0_u64; slot::SIZE / 8].into_boxed_slice());
        Self { start: NonNull::from(words).cast(), private: Box::leak(Box::default()) }
    }

    /// The word at `at`, an offset of [`slot`].
    #[inline]
    pub(crate) fn u32(&self, at: usize) -> &'static AtomicU32 {
        debug_assert!(at.is_multiple_of(4) && at < slot::SIZE);
        // SAFETY: `at` is an offset of the layout, inside the slot and aligned; mapped for ever, atomics only.
        unsafe { AtomicU32::from_ptr(self.start.add(at).cast().as_ptr()) }
    }

    /// The word at `at`, an offset of [`slot`].
    #[inline]
    pub(crate) fn u64(&self, at: usize) -> &'static AtomicU64 {
        debug_assert!(at.is_multiple_of(8) && at < slot::SIZE);
        // SAFETY: as in `u32`.
        unsafe { AtomicU64::from_ptr(self.start.add(at).cast().as_ptr()) }
    }

    /// How many locks the thread holds.
    pub(crate) fn depth(&self) -> u32 {
        // Acquire: pairs with the Release of the owner's push.
        u32::from(self.u64(slot::STATE).load(Ordering::Acquire) as u16)
    }

    /// First held entry.
    pub(crate) fn held_start(&self) -> *mut u8 {
        // SAFETY: inside the slot.
        unsafe { self.start.add(slot::HELD).as_ptr() }
    }

    /// Number of the thread that owns the slot; 0: free.
    pub(crate) fn thread(&self) -> u32 {
        // Acquire: pairs with the Release that stores it last when a thread is attached.
        self.u32(slot::THREAD).load(Ordering::Acquire)
    }

    /// The slot is this thread's from now on, or nobody's: 0.
    pub(crate) fn set_thread(&self, number: u32) {
        self.private.rest.clear();
        // Relaxed: for comparison only.
        self.private.thread.store(number, Ordering::Relaxed);
        // Release: pairs with the Acquire in `thread`: whoever sees the number sees a clean slot.
        self.u32(slot::THREAD).store(number, Ordering::Release);
    }

    /// Whether the slot's number is the one that we have stored. Else somebody has written to the recording, and all that the slot
    /// says may be wrong.
    pub(crate) fn is_as_stored(self) -> bool {
        // Relaxed: for comparison only.
        self.private.thread.load(Ordering::Relaxed) == self.thread()
    }

    /// The present wait, if the thread is in one. A wait that begins or ends meanwhile gives `None` or either of the two.
    pub(crate) fn wait(&self) -> Option<WaitEntry> {
        // Acquire: pairs with the Release in `wait::begin`; then the fields below are those of this wait or of a later one,
        // and the second look at the sequence number tells which.
        let seq = self.u32(slot::WAIT_SEQ).load(Ordering::Acquire);
        let kind = self.u32(slot::WAIT).load(Ordering::Acquire);
        if kind == 0 {
            return None;
        }
        // Relaxed: ordered by the Acquire above and the fence below.
        let entry = WaitEntry {
            kind,
            seq,
            object: self.u32(slot::WAIT_OBJECT).load(Ordering::Relaxed),
            object2: self.u32(slot::WAIT_OBJECT_2).load(Ordering::Relaxed),
            class: self.u32(slot::WAIT_CLASS).load(Ordering::Relaxed),
            site: self.u32(slot::WAIT_SITE).load(Ordering::Relaxed),
            since: self.u64(slot::WAIT_SINCE).load(Ordering::Relaxed),
        };
        std::sync::atomic::fence(Ordering::Acquire);
        (self.u32(slot::WAIT_SEQ).load(Ordering::Relaxed) == seq).then_some(entry)
    }

    /// The present wait, or the one that ended last and when it ended; `None` while that changes.
    pub(crate) fn last_or_present_wait(&self) -> Option<(WaitEntry, Option<u64>)> {
        if let Some(now) = self.wait() {
            return Some((now, None));
        }
        // Acquire, and the fence below: as in `wait`.
        let seq = self.u32(slot::WAIT_SEQ).load(Ordering::Acquire);
        let word = |at| self.u32(at).load(Ordering::Relaxed);
        let entry = WaitEntry {
            kind: word(slot::LAST_WAIT),
            seq,
            object: word(slot::WAIT_OBJECT),
            object2: word(slot::WAIT_OBJECT_2),
            class: word(slot::WAIT_CLASS),
            site: word(slot::WAIT_SITE),
            since: self.u64(slot::WAIT_SINCE).load(Ordering::Relaxed),
        };
        // Where the end is not stored yet, this is the one before, and that lies before the beginning.
        let ended = self.u64(slot::LAST_TICKS).load(Ordering::Relaxed);
        fence(Ordering::Acquire);
        let is_same = word(slot::WAIT_SEQ) == seq && word(slot::WAIT) == wait::NONE;
        (is_same && entry.kind != wait::NONE).then_some((entry, Some(ended)))
    }

    /// The lock in the way of a wait, as this thread holds it, if it does.
    pub(crate) fn blocking(&self, wait: &WaitEntry) -> Option<HeldEntry> {
        let held = self.entries().map(read_entry);
        let mut held = held.filter(|held| held.access & access::GONE == 0);
        held.find(|held| wait.is_blocked_by(held))
    }

    /// As [`Self::wait`], in a process in which no thread ever moves again: so nothing else wakes a task that waits for a lock, either.
    pub(crate) fn last_wait(&self) -> Option<WaitEntry> {
        let wait = self.wait()?;
        let is_sure = self.is_task() && !is_await(wait.kind);
        Some(if is_sure { WaitEntry { kind: wait.kind & !wait::TIMED, ..wait } } else { wait })
    }

    /// How the task of this slot sleeps.
    pub(crate) fn rest(self) -> &'static Rest {
        &self.private.rest
    }

    /// The kernel's number of the thread, or of that which polls the task, or blocks on it; 0 where there is none.
    pub(crate) fn os_tid(&self) -> u32 {
        // Relaxed: for who looks at the threads of the system.
        self.u32(slot::OS_TID).load(Ordering::Relaxed)
    }

    /// Of an arm of a task: the task's number; else 0.
    pub(crate) fn part_of(&self) -> u32 {
        // Relaxed: published by THREAD.
        self.u32(slot::PART_OF).load(Ordering::Relaxed)
    }

    /// Whether it is a task's, and no thread's.
    pub(crate) fn is_task(&self) -> bool {
        // Relaxed: written before the number, by which the slot was found.
        self.u32(slot::FLAGS).load(Ordering::Relaxed) & thread_flag::TASK != 0
    }

    /// Whether it is a task's that a thread polls just now.
    pub(crate) fn is_polled(&self) -> bool {
        // Relaxed: for who looks from outside; it may be over at once.
        self.u64(slot::POLLED).load(Ordering::Relaxed) != 0
            && self.u64(slot::POLL_ENDED).load(Ordering::Relaxed) == 0
    }

    /// What the thread holds, oldest first. Exact while it sleeps; nothing when the slot changes hands meanwhile.
    pub(crate) fn held(&self) -> Vec<HeldEntry> {
        let thread = self.thread();
        // Its stack may grow meanwhile, a few times at most.
        for _ in 0..LOOKS {
            // The depth first: the owner stores where the entries are before it tells that there are more.
            let depth = self.depth();
            let overflow = self.overflow();
            let held = self.places(depth, overflow).map(read_entry);
            // An entry may have been let go by another thread, or in the middle of others.
            let held =
                held.filter(|held| held.instance != 0 && held.access & access::GONE == 0).collect();
            // Acquire: what follows is not older than the entries. Pairs with the Release in `set_overflow`, and with that of the
            // thread's number: room that has changed hands is found changed here.
            fence(Ordering::Acquire);
            if self.thread() != thread {
                break;
            }
            if self.overflow().map(std::ptr::from_ref) == overflow.map(std::ptr::from_ref) {
                return held;
            }
        }
        Vec::new()
    }

    /// The entries of its held stack, oldest first. When it grows meanwhile, or the slot changes hands, those beyond the slot's may be
    /// of another stack.
    pub(crate) fn entries(self) -> impl Iterator<Item = *mut u8> {
        let depth = self.depth();
        self.places(depth, self.overflow())
    }

    fn places(
        self,
        depth: u32,
        overflow: Option<&'static Overflow>,
    ) -> impl Iterator<Item = *mut u8> {
        (0..depth as usize).map_while(move |index| self.place(index, overflow))
    }

    /// Where the entries are that do not fit into the slot.
    fn overflow(&self) -> Option<&'static Overflow> {
        // Acquire: pairs with the Release in `set_overflow`.
        // SAFETY: null, or one that is never freed.
        unsafe { self.private.overflow.load(Ordering::Acquire).as_ref() }
    }

    /// The owner's entries beyond those in the slot are there from now on. Gives the place where they were.
    #[cold]
    pub(crate) fn set_overflow(&self, to: Option<&'static Overflow>) -> Option<&'static Overflow> {
        let old = self.overflow();
        let to = to.map_or(std::ptr::null_mut(), |to| std::ptr::from_ref(to).cast_mut());
        // Release: who finds it finds the entries in it.
        self.private.overflow.store(to, Ordering::Release);
        old
    }

    fn place(&self, index: usize, overflow: Option<&Overflow>) -> Option<*mut u8> {
        if index < slot::HELD_INLINE {
            // SAFETY: the index is one of the entries in the slot.
            return Some(unsafe { self.held_start().add(index * held::SIZE) });
        }
        Some(overflow?.entry(index - slot::HELD_INLINE)?.as_ptr())
    }
}

/// How often a held stack is read that changes its place meanwhile.
const LOOKS: usize = 4;

fn read_entry(place: *mut u8) -> HeldEntry {
    // SAFETY: `place` is an entry of a held stack: aligned, mapped for ever, accessed by atomics only.
    let (instance, site_access, ticks_class) = unsafe {
        (
            AtomicU32::from_ptr(place.add(held::INSTANCE).cast()),
            AtomicU32::from_ptr(place.add(held::SITE_ACCESS).cast()),
            AtomicU64::from_ptr(place.add(held::TICKS_CLASS).cast()),
        )
    };
    // Acquire: pairs with the Release in `Local::put`: a wait that is looked at after this is not older than the entry.
    let instance = instance.load(Ordering::Acquire);
    // Relaxed: ordered by the load of the depth or of the wait.
    let site_access = site_access.load(Ordering::Relaxed);
    let ticks_class = ticks_class.load(Ordering::Relaxed);
    HeldEntry {
        instance,
        site: site_access & 0x00FF_FFFF,
        access: (site_access >> 24) as u8,
        ticks: (ticks_class & 0xFFFF_FFFF_FFFF) << 8,
        class: (ticks_class >> 48) as u32,
    }
}
