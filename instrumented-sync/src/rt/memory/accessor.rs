// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What a thread keeps for the check of its accesses, and how it finds it.

use super::awaited;
use super::cell::{self, Word};
use super::clock::{self, Known};
use super::contexts::{self, Context};
use super::mode::{self, Reason};
use super::pool::{self, Stash};
use super::slots::{self, SLOTS};
use super::spin::Spin;
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering, compiler_fence};

/// Calls of a thread that are told apart; deeper ones count as made by the last of these.
const FRAMES: usize = 1 << 16;

/// Failed exchanges that are remembered.
const REFUSED: usize = 4;

/// Places in the code that a thread finds at once.
const PLACES: usize = 1 << 10;

/// A thread. Only that thread uses it.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Accessor {
    /// Its slot and time, as cells have them; 0 when the next access begins a new time, since the thread has told others what it knows.
    epoch: Cell<u64>,
    /// Something of the check is under way: what a signal handler or the program's allocator does meanwhile is not checked.
    is_busy: Cell<bool>,
    /// How often it is in code whose accesses are not checked.
    ignores: Cell<u32>,
    /// How often it is in code whose atomics order nothing either, since hooks tell what it orders.
    without_atomics: Cell<u32>,
    /// Calls that the thread is in.
    depth: Cell<u32>,
    /// Where the innermost of them was made.
    context: Cell<Context>,
    /// The contexts of those around it.
    frames: NonNull<Cell<Context>>,
    slot: Cell<u16>,
    /// What it knows, its own time included: so many times, in a block for so many.
    times: Cell<NonNull<u64>>,
    len: Cell<usize>,
    capacity: Cell<usize>,
    pub(super) stash: Stash,
    /// What it knows, if it was told since that last changed.
    told: RefCell<Option<Known>>,
    /// What its last release fence covers.
    fence: RefCell<Option<Known>>,
    /// What its relaxed loads saw, and an acquire fence would teach it.
    unfenced: RefCell<Option<Known>>,
    /// The round of a barrier that it is in, by the barrier's number.
    pub(super) round: Cell<(u32, u64)>,
    /// Addresses of the last exchanges that failed and would have acquired.
    refused: Cell<[usize; REFUSED]>,
    /// How it was begun is not known.
    is_untold: Cell<bool>,
    /// Contexts by their hash: hash and number.
    places: [Cell<(u64, Context)>; PLACES],
}

thread_local! {
    static CURRENT: Cell<*const Accessor> = const { Cell::new(std::ptr::null()) };
}

/// The calling thread's, if it has begun.
#[inline(always)]
pub(crate) fn current() -> Option<&'static Accessor> {
    // SAFETY: null, or one that only `end`, by this thread, gives to another.
    unsafe { CURRENT.get().as_ref() }
}

/// The times of all slots.
static PUBLISHED: [AtomicU64; SLOTS] = [const { AtomicU64::new(0) }; SLOTS];

/// Accessors of threads that have ended.
static FREE: Spin<Option<Ended>> = Spin::new(None);

/// The last one; the others follow by their `times`, as a list.
#[derive(Debug)]
struct Ended(NonNull<Accessor>);

// SAFETY: its thread has ended, so nobody uses it.
unsafe impl Send for Ended {}

/// Makes the calling thread's. `None` when there is no memory.
#[cold]
pub(super) fn begin(number: u32, inherited: Option<&Known>) -> Option<&'static Accessor> {
    if !mode::turn_on() || !contexts::prepare() {
        return None;
    }
    let accessor = reused().or_else(made)?;
    let known = inherited.map_or(&[][..], Known::times);
    let (slot, time) = slots::take(known, number);
    accessor.slot.set(slot);
    accessor.grow(known.len().max(usize::from(slot) + 1))?;
    accessor.times_mut()[..known.len()].copy_from_slice(known);
    if inherited.is_none() {
        // How the thread was begun is not known: as if all that was done so far came before it.
        // Relaxed: for threads of which nobody knows what they come after.
        let now = PUBLISHED.iter().map(|time| time.load(Ordering::Relaxed));
        let last = now.clone().rposition(|time| time != 0).map_or(0, |last| last + 1);
        accessor.grow(last)?;
        for (own, now) in accessor.times_mut().iter_mut().zip(now) {
            *own = (*own).max(now);
        }
    }
    accessor.times_mut()[usize::from(slot)] = time;
    accessor.epoch.set(cell::epoch(slot, time));
    accessor.is_untold.set(inherited.is_none());
    // Relaxed: for threads of which nobody knows what they come after.
    PUBLISHED[usize::from(slot)].store(time, Ordering::Relaxed);
    CURRENT.set(accessor);
    Some(accessor)
}

fn made() -> Option<&'static Accessor> {
    let at = pool::reserve(size_of::<Accessor>())?.cast::<Accessor>();
    let frames = pool::reserve(FRAMES * size_of::<Context>())?.cast();
    // SAFETY: the mapping is page-aligned, large enough and nobody else's; zeros are valid for all of it but the pointers, which are written.
    unsafe {
        let accessor = at.as_ptr();
        (&raw mut (*accessor).frames).write(frames);
        (&raw mut (*accessor).times).write(Cell::new(NonNull::dangling()));
        Some(&*accessor)
    }
}

fn reused() -> Option<&'static Accessor> {
    FREE.with(|free| {
        let Ended(accessor) = free.take()?;
        // SAFETY: it is never given back to the system.
        let accessor: &'static Accessor = unsafe { accessor.as_ref() };
        *free = NonNull::new(accessor.round.get().1 as *mut Accessor).map(Ended);
        Some(accessor)
    })
}

/// The thread has ended: its slot is free. What it knew at last.
#[cold]
pub(crate) fn end() {
    let Some(accessor) = current() else { return };
    CURRENT.set(std::ptr::null());
    if accessor.is_untold.get() {
        slots::leave_untold(accessor.slot.get(), accessor.own_time());
    }
    slots::give_back(accessor.slot.get(), accessor.own_time());
    for known in [&accessor.told, &accessor.fence, &accessor.unfenced] {
        if let Some(known) = known.take() {
            known.give_up(&accessor.stash);
        }
    }
    accessor.times_mut().fill(0);
    accessor.len.set(0);
    accessor.epoch.set(0);
    accessor.depth.set(0);
    accessor.ignores.set(0);
    accessor.without_atomics.set(0);
    accessor.refused.set([0; REFUSED]);
    accessor.context.set(Context::NONE);
    accessor.stash.empty();
    FREE.with(|free| {
        let next = free.take().map_or(0, |Ended(next)| next.as_ptr() as u64);
        accessor.round.set((0, next));
        *free = Some(Ended(NonNull::from(accessor)));
    });
}

/// In the child of a fork: nothing is checked there.
#[cold]
pub(crate) fn forget() {
    CURRENT.set(std::ptr::null());
    awaited::forget();
    if mode::is_on() {
        mode::end(Reason::Fork);
    }
}

impl Accessor {
    /// The epoch of an access that was already made in this time, as cells have it; 0 if there is none.
    #[inline(always)]
    pub(super) fn epoch_if_begun(&self) -> u64 {
        self.epoch.get()
    }

    /// The epoch of an access that happens now.
    #[inline]
    pub(super) fn epoch(&self) -> u64 {
        if self.epoch.get() == 0 {
            let time = self.own_time() + 1;
            self.times_mut()[usize::from(self.slot.get())] = time;
            self.forget_told();
            self.epoch.set(cell::epoch(self.slot.get(), time));
            // Relaxed: for threads of which nobody knows what they come after.
            PUBLISHED[usize::from(self.slot.get())].store(time, Ordering::Relaxed);
        }
        self.epoch.get()
    }

    #[inline]
    pub(super) fn slot(&self) -> u16 {
        self.slot.get()
    }

    /// Whether the access happened before now.
    #[inline]
    pub(super) fn knows(&self, access: Word) -> bool {
        self.times().get(usize::from(access.slot())).is_some_and(|known| access.time() <= *known)
    }

    #[inline]
    fn times(&self) -> &[u64] {
        // SAFETY: so many times are in the block, which only `grow` replaces.
        unsafe { std::slice::from_raw_parts(self.times.get().as_ptr(), self.len.get()) }
    }

    #[expect(
        clippy::mut_from_ref,
        reason = "only this thread is here, and no two of these overlap"
    )]
    fn times_mut(&self) -> &mut [u64] {
        // SAFETY: as in `times`; callers use one at a time.
        unsafe { std::slice::from_raw_parts_mut(self.times.get().as_ptr(), self.len.get()) }
    }

    fn own_time(&self) -> u64 {
        self.times().get(usize::from(self.slot.get())).copied().unwrap_or(0)
    }

    /// Makes room for so many times.
    fn grow(&self, len: usize) -> Option<()> {
        if len > self.capacity.get() {
            let capacity = len.next_power_of_two().max(8);
            let times = self.stash.take(capacity * size_of::<u64>())?.cast::<u64>();
            // SAFETY: a block of its own, large enough for what is copied and for the rest that is cleared.
            unsafe {
                times.as_ptr().write_bytes(0, capacity);
                times.as_ptr().copy_from_nonoverlapping(self.times.get().as_ptr(), self.len.get());
            }
            if self.capacity.get() > 0 {
                let bytes = self.capacity.get() * size_of::<u64>();
                // SAFETY: nothing refers to the old block.
                unsafe { self.stash.give(self.times.get().cast(), bytes) };
            }
            self.times.set(times);
            self.capacity.set(capacity);
        }
        self.len.set(len.max(self.len.get()));
        Some(())
    }

    fn forget_told(&self) {
        if let Some(told) = self.told.take() {
            told.give_up(&self.stash);
        }
    }

    /// What the thread tells others now; what it accesses from here on is not covered. `None` when there is no memory.
    pub(super) fn tell(&self) -> Option<Known> {
        self.epoch.set(0);
        let mut told = self.told.borrow_mut();
        if told.is_none() {
            *told = Known::new(&self.stash, self.times());
        }
        told.clone()
    }

    /// What `known` covers happened before what the thread does from now on.
    pub(super) fn learn(&self, known: &Known) {
        if self.told.borrow().as_ref().is_some_and(|told| told.is(known)) {
            return;
        }
        let known = known.times();
        if known.len() > self.len.get() && self.grow(known.len()).is_none() {
            return;
        }
        let mut is_news = false;
        for (own, theirs) in self.times_mut().iter_mut().zip(known) {
            is_news |= *own < *theirs;
            *own = (*own).max(*theirs);
        }
        if is_news {
            self.forget_told();
        }
    }

    /// Whether it knows all that `known` covers.
    pub(super) fn knows_all(&self, known: &Known) -> bool {
        let (own, known) = (self.times(), known.times());
        known.len() <= own.len() && known.iter().zip(own).all(|(theirs, own)| theirs <= own)
    }

    /// An exchange has failed that would have acquired.
    pub(super) fn note_refused(&self, address: usize) {
        let mut refused = self.refused.get();
        if refused[0] != address {
            refused.rotate_right(1);
            refused[0] = address;
            self.refused.set(refused);
        }
    }

    /// Where such exchanges have failed; 0 for none.
    pub(super) fn refused(&self) -> [usize; REFUSED] {
        self.refused.get()
    }

    /// A release fence: later relaxed stores tell what was before it.
    pub(super) fn fence_release(&self) {
        let told = self.tell();
        if let Some(before) = self.fence.replace(told) {
            before.give_up(&self.stash);
        }
    }

    /// An acquire fence: learns what earlier relaxed loads saw.
    pub(super) fn fence_acquire(&self) {
        if let Some(seen) = self.unfenced.take() {
            self.learn(&seen);
            seen.give_up(&self.stash);
        }
    }

    /// What a relaxed store tells.
    pub(super) fn fenced(&self) -> Option<Known> {
        self.fence.borrow().clone()
    }

    /// A relaxed load saw this.
    pub(super) fn see_unfenced(&self, known: &Known) {
        clock::collect(&self.stash, &mut self.unfenced.borrow_mut(), known);
    }

    /// From here on, or no more, the thread runs code whose accesses are not checked.
    #[inline]
    pub(crate) fn ignore(&self, begins: bool) {
        let ignores = self.ignores.get();
        self.ignores.set(if begins { ignores + 1 } else { ignores.saturating_sub(1) });
    }

    /// From here on, or no more, the thread runs code whose atomics order nothing.
    #[inline]
    pub(crate) fn leave_out_atomics(&self, begins: bool) {
        let without_atomics = self.without_atomics.get();
        self.without_atomics.set(if begins {
            without_atomics + 1
        } else {
            without_atomics.saturating_sub(1)
        });
    }

    /// Whether it does.
    #[inline]
    pub(crate) fn leaves_out_atomics(&self) -> bool {
        self.without_atomics.get() != 0
    }

    /// Whether it runs code whose accesses are not checked.
    #[inline]
    pub(crate) fn ignores(&self) -> bool {
        self.ignores.get() != 0
    }

    /// Runs `body` unless it was called in the middle of another one.
    #[inline]
    pub(crate) fn enter<R>(&self, body: impl FnOnce() -> R) -> Option<R> {
        if self.is_busy.replace(true) {
            return None;
        }
        // SeqCst: for the compiler; a signal handler runs on the same core, so no instruction is needed.
        compiler_fence(Ordering::SeqCst);
        let result = body();
        compiler_fence(Ordering::SeqCst);
        self.is_busy.set(false);
        Some(result)
    }

    /// A call was made, from here.
    #[inline]
    pub(crate) fn call(&self, from: usize) {
        let (depth, context) = (self.depth.get(), self.context.get());
        self.depth.set(depth + 1);
        if (depth as usize) < FRAMES {
            // SAFETY: inside the mapping of so many.
            unsafe { self.frames.add(depth as usize).as_ref() }.set(context);
            self.context.set(self.place(context, from, contexts::Kind::Call));
        }
    }

    /// The innermost call returns.
    #[inline]
    pub(crate) fn leave(&self) {
        let Some(depth) = self.depth.get().checked_sub(1) else { return };
        self.depth.set(depth);
        if (depth as usize) < FRAMES {
            // SAFETY: inside the mapping of so many.
            self.context.set(unsafe { self.frames.add(depth as usize).as_ref() }.get());
        }
    }

    /// Where the code at this address is in the calls of the thread.
    #[inline]
    pub(super) fn here(&self, at: usize) -> Context {
        self.place(self.context.get(), at, contexts::Kind::Access)
    }

    #[inline]
    fn place(&self, inside: Context, at: usize, kind: contexts::Kind) -> Context {
        let hash = contexts::hash(inside, at);
        let place = &self.places[(hash >> 32) as usize % PLACES];
        let (known, context) = place.get();
        if known == hash {
            return context;
        }
        let context = contexts::find(hash, inside, at, kind);
        place.set((hash, context));
        context
    }
}
