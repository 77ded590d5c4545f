// Hot path: no allocation, no global lock, no formatting, no syscalls.
// Long: what a thread keeps is reached by its own methods alone.
//! What a thread keeps for the check of its accesses, and how it finds it.

use super::awaited;
use super::calls::Calls;
use super::cell::{self, Word};
use super::clock::{self, Known};
use super::contexts;
use super::held::{self, Held, KEPT};
use super::loaded::LoadedOnes;
use super::mode::{self, Reason};
use super::own;
use super::pool::{self, Stash};
use super::slots::{self, SLOTS};
use super::spin::Spin;
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering, compiler_fence};

/// Failed exchanges that are remembered.
const REFUSED: usize = 4;

/// A thread. Only that thread uses it.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Accessor {
    /// Its slot and time, as cells have them; 0 when the next access begins a new time, since the thread has told others what it knows.
    epoch: Cell<u64>,
    /// What it does beside running the program, see [`BUSY`].
    state: Cell<u32>,
    slot: Cell<u16>,
    /// Whether it is known to hold a lock.
    is_holding: Cell<bool>,
    pub(crate) calls: Calls,
    /// What it knows, its own time included: so many times, in a block for so many. Behind them, in the same block, as many of what it knows
    /// [firmly](Self::knows_firmly), if [that is not all](Self::is_loose).
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
    /// What it has loaded of atomics.
    pub(super) loaded: LoadedOnes,
    /// The numbers of the locks that it is known to hold; 0 for none.
    held: Cell<[u32; KEPT]>,
    /// Whether it knows something that it does not know firmly. Only then are these kept apart.
    is_loose: Cell<bool>,
    /// Counts what is looked at now and then.
    looks: Cell<u32>,
    /// The lock that it has acquired or released last; 0 for none.
    pub(super) last_lock: Cell<usize>,
    /// The block that was told last to have a new owner; 0 for none.
    last_fresh: Cell<usize>,
    /// The block that is just given back, and was told to be; 0 for none.
    ending: Cell<usize>,
}

/// Of the state: something of the check is under way. What a signal handler or the program's allocator does meanwhile is not checked.
const BUSY: u32 = 1;
/// Once for each time that the thread is in code whose accesses are not checked.
const IGNORES: u32 = 1 << 1;
/// Once for each time that it is in code whose atomics order nothing, since hooks tell what it orders.
const WITHOUT_ATOMICS: u32 = 1 << 16;

/// The times of all slots.
static PUBLISHED: [AtomicU64; SLOTS] = [const { AtomicU64::new(0) }; SLOTS];

/// Accessors of threads that have ended.
static FREE: Spin<Option<Ended>> = Spin::new(None);

/// The last one; the others follow by their `times`, as a list.
#[derive(Debug)]
struct Ended(NonNull<Accessor>);

// SAFETY: its thread has ended, so nobody uses it.
unsafe impl Send for Ended {}

/// The calling thread's, if it has begun.
#[inline(always)]
pub(crate) fn current() -> Option<&'static Accessor> {
    // SAFETY: null, or one that only `end`, by this thread, gives to another.
    unsafe { own::get().cast::<Accessor>().as_ref() }
}

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
    accessor.be_firm();
    accessor.epoch.set(cell::epoch(slot, time));
    held::begin(slot, time);
    accessor.is_untold.set(inherited.is_none());
    // Relaxed: for threads of which nobody knows what they come after.
    PUBLISHED[usize::from(slot)].store(time, Ordering::Relaxed);
    own::set(std::ptr::from_ref(accessor).cast());
    Some(accessor)
}

fn made() -> Option<&'static Accessor> {
    let at = pool::reserve(size_of::<Accessor>())?.cast::<Accessor>();
    let frames = Calls::reserve()?;
    // SAFETY: the mapping is page-aligned, large enough and nobody else's; zeros are valid for all of it but the pointers, which are written.
    unsafe {
        let accessor = at.as_ptr();
        Calls::begin(&raw mut (*accessor).calls, frames);
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
    own::set(std::ptr::null());
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
    accessor.be_firm();
    accessor.len.set(0);
    accessor.epoch.set(0);
    accessor.calls.leave_all();
    accessor.loaded.forget_all();
    accessor.state.set(0);
    accessor.is_holding.set(false);
    accessor.refused.set([0; REFUSED]);
    accessor.held.set([0; KEPT]);
    accessor.last_lock.set(0);
    accessor.last_fresh.set(0);
    accessor.ending.set(0);
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
    own::set(std::ptr::null());
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
            self.calls.begin_time(time);
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

    /// Whether the access happened before now by more than the order in which threads came to locks: it was handed over, as by a channel, a join or an atomic.
    #[inline]
    pub(super) fn knows_firmly(&self, access: Word) -> bool {
        if !self.is_loose.get() {
            return self.knows(access);
        }
        let known = self.firm_mut().get(usize::from(access.slot()));
        known.is_some_and(|known| access.time() <= *known)
    }

    /// All that the thread knows it knows firmly.
    pub(super) fn be_firm(&self) {
        self.is_loose.set(false);
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

    #[expect(
        clippy::mut_from_ref,
        reason = "only this thread is here, and no two of these overlap"
    )]
    fn firm_mut(&self) -> &mut [u64] {
        // SAFETY: in the same block as the times, behind the room for these; callers use one at a time.
        unsafe {
            let first = self.times.get().as_ptr().add(self.capacity.get());
            std::slice::from_raw_parts_mut(first, self.len.get())
        }
    }

    fn own_time(&self) -> u64 {
        self.times().get(usize::from(self.slot.get())).copied().unwrap_or(0)
    }

    /// Makes room for so many times.
    fn grow(&self, len: usize) -> Option<()> {
        if len > self.capacity.get() {
            let capacity = len.next_power_of_two().max(8);
            let times = self.stash.take(2 * capacity * size_of::<u64>())?.cast::<u64>();
            let (known, firm) = (self.times().as_ptr(), self.firm_mut().as_ptr());
            // SAFETY: a block of its own, large enough for what is copied and for the rest that is cleared.
            unsafe {
                times.as_ptr().write_bytes(0, 2 * capacity);
                times.as_ptr().copy_from_nonoverlapping(known, self.len.get());
                times.as_ptr().add(capacity).copy_from_nonoverlapping(firm, self.len.get());
            }
            if self.capacity.get() > 0 {
                let bytes = 2 * self.capacity.get() * size_of::<u64>();
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

    /// What the thread accesses from here on has another time.
    #[inline]
    fn end_time(&self) {
        self.epoch.set(0);
        self.calls.begin_time(self.own_time() + 1);
    }

    /// What the thread tells others now; what it accesses from here on is not covered.
    #[inline]
    pub(super) fn tells(&self) -> &[u64] {
        self.end_time();
        self.times()
    }

    /// From here on the thread holds this; `None` where that is not known. What it accesses now has another time than what it accessed before.
    pub(super) fn holds(&self, held: Option<&Held>) {
        self.end_time();
        self.is_holding.set(held.is_some_and(|held| !held.locks().is_empty()));
        self.held.set(held.map_or([0; KEPT], Held::numbers));
        held::note(self.slot.get(), self.own_time() + 1, held);
    }

    /// Whether it is known to hold the lock with this number.
    #[inline]
    pub(super) fn has(&self, number: u32) -> bool {
        number != 0 && self.held.get().contains(&number)
    }

    /// Whether it may hold more locks than are known.
    #[inline]
    pub(super) fn may_hold_more(&self) -> bool {
        self.held.get()[KEPT - 1] != 0
    }

    /// Whether one of some things that are looked at now and then is due.
    #[inline]
    pub(super) fn is_due(&self, one_in: u32) -> bool {
        let count = self.looks.get().wrapping_add(1);
        self.looks.set(count);
        count.is_multiple_of(one_in)
    }

    /// As [`tells`](Self::tells), to be kept. `None` when there is no memory.
    pub(super) fn tell(&self) -> Option<Known> {
        self.end_time();
        let mut told = self.told.borrow_mut();
        if told.is_none() {
            *told = Known::new(&self.stash, self.times());
        }
        told.clone()
    }

    /// What `known` covers happened before what the thread does from now on.
    pub(super) fn learn(&self, known: &Known) {
        self.learn_all(known, true);
    }

    /// As [`learn`](Self::learn), but only since the thread came to a lock later.
    pub(super) fn learn_by_lock(&self, known: &Known) {
        self.learn_all(known, false);
    }

    #[inline(always)]
    fn learn_all(&self, known: &Known, firmly: bool) {
        if self.told.borrow().as_ref().is_some_and(|told| told.is(known)) {
            return;
        }
        let known = known.times();
        if known.len() > self.len.get() && self.grow(known.len()).is_none() {
            return;
        }
        if !firmly
            && !self.is_loose.get()
            && self.times().iter().zip(known).any(|(own, theirs)| own < theirs)
        {
            self.firm_mut().copy_from_slice(self.times());
            self.is_loose.set(true);
        } else if firmly && self.is_loose.get() {
            let firm = self.firm_mut().iter_mut().zip(known);
            firm.for_each(|(own, theirs)| *own = (*own).max(*theirs));
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

    /// An exchange has failed that would have acquired.
    pub(crate) fn note_refused(&self, address: usize) {
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
    #[inline]
    pub(super) fn with_fenced<R>(&self, body: impl FnOnce(Option<&Known>) -> R) -> R {
        body(self.fence.borrow().as_ref())
    }

    /// A relaxed load saw this.
    pub(super) fn see_unfenced(&self, known: &Known) {
        clock::add(&self.stash, &mut self.unfenced.borrow_mut(), known.times());
    }

    fn count(&self, what: u32, begins: bool) {
        let state = self.state.get();
        self.state.set(if begins { state + what } else { state - what });
    }

    /// From here on, or no more, the thread runs code whose accesses are not checked.
    #[inline]
    pub(crate) fn ignore(&self, begins: bool) {
        if begins || self.ignores() {
            self.count(IGNORES, begins);
        }
    }

    /// From here on, or no more, the thread runs code whose atomics order nothing.
    #[inline]
    pub(crate) fn leave_out_atomics(&self, begins: bool) {
        if begins || self.leaves_out_atomics() {
            self.count(WITHOUT_ATOMICS, begins);
        }
    }

    /// Whether it does.
    #[inline]
    pub(crate) fn leaves_out_atomics(&self) -> bool {
        self.state.get() >= WITHOUT_ATOMICS
    }

    /// Whether it runs code whose accesses are not checked.
    #[inline]
    pub(crate) fn ignores(&self) -> bool {
        self.state.get() & (WITHOUT_ATOMICS - IGNORES) != 0
    }

    /// A block has a new owner.
    #[inline]
    pub(super) fn note_fresh(&self, block: usize) {
        self.last_fresh.set(block);
    }

    /// Runs `body`, an allocator. What it gives, and whether it was told of that block itself.
    #[inline]
    pub(crate) fn allocate(&self, body: impl FnOnce() -> *mut u8) -> (*mut u8, bool) {
        self.last_fresh.set(0);
        let block = body();
        (block, self.last_fresh.get() == block.addr())
    }

    /// Runs `body`, in which an allocator gets a block back that was told to be given back.
    #[inline]
    pub(crate) fn give_back<R>(&self, block: usize, body: impl FnOnce() -> R) -> R {
        let before = self.ending.replace(block);
        let result = body();
        self.ending.set(before);
        result
    }

    /// Whether a block is given back now, and was told to be.
    #[inline]
    pub(crate) fn is_ending(&self, block: usize) -> bool {
        self.ending.get() == block
    }

    /// Runs `body` unless it was called in the middle of another one.
    #[inline]
    pub(crate) fn enter<R>(&self, body: impl FnOnce() -> R) -> Option<R> {
        (self.state.get() & BUSY == 0).then(|| self.run(body))
    }

    /// Whether it is known to hold a lock.
    #[inline(always)]
    pub(super) fn is_holding(&self) -> bool {
        self.is_holding.get()
    }

    /// Whether it runs the program, and nothing else.
    #[inline(always)]
    pub(super) fn is_free(&self) -> bool {
        self.state.get() == 0
    }

    /// As [`enter`](Self::enter), where it is known not to be in the middle of another one.
    #[inline(always)]
    pub(super) fn run<R>(&self, body: impl FnOnce() -> R) -> R {
        let state = self.state.get();
        self.state.set(state | BUSY);
        // SeqCst: for the compiler; a signal handler runs on the same core, so no instruction is needed.
        compiler_fence(Ordering::SeqCst);
        let result = body();
        compiler_fence(Ordering::SeqCst);
        self.state.set(state);
        result
    }
}
