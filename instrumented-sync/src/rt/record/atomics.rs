// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What atomics order: a value that one thread has stored and another one has read.
//!
//! In another schedule that one may read another value. So this is no must-order, and nothing is refuted by it: it is recorded by itself, and a reader tells
//! what an accusation hangs on.
//!
//! The rules are those of the memory model, with what people use atomics for:
//!
//! - A load learns from all who have told by the value: by a store with `Release`, or one after a release fence, and what went on with its release sequence.
//!   It does so with `Acquire`, by an acquire fence that follows, or where the thread has read another value there just before, and so waits for this one.
//! - An exchange learns so, too. But what is taken by an exchange and given back by the same thread is a lock, which two threads may take in either order: what
//!   came before it orders nothing, unless the thread has nested something inside.
//! - Counting learns nothing, since most counters are there for their own sake; only who counts down to zero does.
//! - A thread that tells begins a new segment, if it has nested something in this one. So does one that learns.

use super::written;
use crate::rt::machine::room;
use crate::rt::shared::atomics::{self as table, TELLERS, Teller, Told};
use crate::rt::shared::nodes::RENEWED_SEGMENTS;
use crate::rt::thread::atomics::Seen;
use crate::rt::thread::local::{self, Local};
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering, compiler_fence};
use syncscope_recording::layout::{log, slot};
use syncscope_recording::writer::FixedRecord;

/// Orders that are recorded.
const ORDERS: u32 = 1 << 16;
/// Segments that threads begin to tell of them by one counter, while nobody learns from it.
const UNHEARD: u8 = 32;
/// Bytes around the identity of a recorded lock where its own atomic may be.
const NEAR: usize = 64;

static RECORDED: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// Not 0 while the thread's atomics are not looked at: an operation is under way, and a signal handler does another; or hooks tell what the code orders,
    /// so often inside of each other.
    static BLOCKED: Cell<u32> = const { Cell::new(0) };
    /// What the thread's last relaxed load has read, and where.
    static LAST: Cell<(usize, u64)> = const { Cell::new((0, 0)) };
}

/// An atomic operation that is about to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) address: usize,
    pub(crate) size: u32,
    /// The return address of the hook.
    pub(crate) at: usize,
    /// Whether it may write.
    pub(crate) writes: bool,
    /// Whether it changes the value by an amount.
    pub(crate) counts: bool,
    /// Its ordering, where it does what it is for.
    pub(crate) order: Ordering,
}

/// What an operation has done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Did {
    Load,
    Store,
    /// Has read one value and written another, whatever it was.
    Exchange,
    /// Has changed the value by an amount; to nothing.
    Count(bool),
}

/// An operation that was done: the value that it has read, the one that is there now, what it has done, and its ordering.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    pub(crate) read: u64,
    pub(crate) now: u64,
    pub(crate) did: Did,
    pub(crate) order: Ordering,
}

impl Done {
    /// In the place of an operation that is not done.
    // Relaxed: it orders nothing.
    pub(crate) const NOTHING: Self =
        Self { read: 0, now: 0, did: Did::Load, order: Ordering::Relaxed };
}

/// What a thread has seen by an operation, and is to learn.
#[derive(Debug)]
pub(crate) struct News {
    tellers: [Teller; TELLERS],
    count: usize,
    operation: Operation,
    /// Only an acquire fence teaches it.
    is_unfenced: bool,
}

fn acquires(order: Ordering) -> bool {
    matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(order: Ordering) -> bool {
    matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}

/// Whether the calling thread is in code of std's.
#[cfg(feature = "accesses")]
pub(crate) fn is_quiet() -> bool {
    BLOCKED.get() > 0
}

/// From here on, or no more, hooks tell what the calling thread orders.
#[inline]
pub(crate) fn be_quiet(begins: bool) {
    let blocked = BLOCKED.get();
    BLOCKED.set(if begins { blocked + 1 } else { blocked.saturating_sub(1) });
    // A lock of std's is released by now.
    if !begins && let Some(local) = local::attached() {
        local.atomics.releases.set(0);
    }
}

/// In the child of a fork: nothing that the parent's threads have told holds here.
#[cold]
pub(crate) fn forget() {
    table::forget();
}

/// Whether orders were left out for want of room.
#[cold]
pub(crate) fn has_lost() -> bool {
    // Relaxed: an amount.
    RECORDED.load(Ordering::Relaxed) > ORDERS || table::given_up() > 0
}

/// How an operation is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// It orders nothing, whatever it does.
    Alone,
    /// It tells nothing, and what it has read is looked at afterwards: see [`settle`].
    Plain,
    /// See [`through`].
    Through,
}

/// How it is.
#[inline]
pub(crate) fn plan(operation: &Operation) -> Plan {
    if BLOCKED.get() != 0 {
        return Plan::Alone;
    }
    let local = local::attached();
    let is_first = || local.is_some_and(|local| !local.atomics.is_begun.get());
    if table::may_have(operation.address) || is_first() {
        return Plan::Through;
    }
    let teller = local.filter(|local| operation.writes && local.atomics.may_tell.get());
    match teller.is_some_and(|local| will_tell(local, operation)) {
        true => Plan::Through,
        false => Plan::Plain,
    }
}

/// After a plain operation. What is to be learnt, where somebody has told of the atomic meanwhile.
#[inline]
pub(crate) fn settle(operation: &Operation, done: &Done) -> Option<News> {
    if matches!(done.did, Did::Exchange) {
        let local = local::attached();
        let teller = local.filter(|local| local.atomics.may_tell.get());
        note_taken(operation, teller, done);
    }
    if table::may_have(operation.address) {
        return late(operation, done);
    }
    note_load(operation, done);
    None
}

/// What is to be learnt by an operation that was done before its entry was looked for: somebody may have begun to tell just before it.
#[cold]
fn late(operation: &Operation, done: &Done) -> Option<News> {
    let waits = note_load(operation, done);
    let blocked = BLOCKED.replace(1);
    // Told by the value that was read; the operation may have put another in its place.
    let told = table::find(operation.address).filter(|told| told.value == done.read);
    let news = told.and_then(|mut told| follow(&mut told, operation, done, waits));
    BLOCKED.set(blocked);
    news
}

/// Does an operation. What the thread is to learn by it goes to [`learn`].
#[inline(never)]
pub(crate) fn through(operation: &Operation, real: &dyn Fn() -> Done) -> (Done, Option<News>) {
    let local = local::attached();
    if let Some(local) = local.filter(|local| !local.atomics.is_begun.get()) {
        begin(local);
    }
    let teller = local.filter(|local| operation.writes && local.atomics.may_tell.get());
    let teller = teller.filter(|local| is_followed(local));
    BLOCKED.set(1);
    // SeqCst: for the compiler; a signal handler runs on the same core, so no instruction is needed.
    compiler_fence(Ordering::SeqCst);
    let done = followed(operation, teller, real);
    compiler_fence(Ordering::SeqCst);
    BLOCKED.set(0);
    done
}

/// The thread's first operation: from now on each release is told, see [`releases_lock`].
#[cold]
fn begin(local: &Local) {
    if local.is_free() {
        local.atomics.is_begun.set(true);
        local.tell_all_releases();
    }
}

/// Whether what this thread does is a thread's: what tasks and jobs do is ordered by those who run them.
fn is_followed(local: &Local) -> bool {
    local.is_free() && !local.is_in_job() && !local.slot.is_task() && !written::is_of_many(local)
}

/// Notes what a relaxed load has read. Whether the thread has read another value there just before.
#[inline]
fn note_load(operation: &Operation, done: &Done) -> bool {
    if !matches!(done.did, Did::Load) || done.order != Ordering::Relaxed {
        return false;
    }
    let (address, value) = LAST.replace((operation.address, done.now));
    address == operation.address && value != done.now
}

/// What the exchange of an expected value is: who has just loaded that, and moves it on by one, counts.
#[inline]
pub(crate) fn exchanged(address: usize, before: u64, now: u64) -> Did {
    if before != 0 && before.abs_diff(now) == 1 && LAST.get() == (address, before) {
        Did::Count(now == 0)
    } else {
        Did::Exchange
    }
}

fn followed(
    operation: &Operation,
    teller: Option<&'static Local>,
    real: &dyn Fn() -> Done,
) -> (Done, Option<News>) {
    let held = match (table::find(operation.address), teller) {
        (None, Some(local)) if will_tell(local, operation) => Some(table::take(operation.address)),
        (held, _) => held,
    };
    if let Some(mut told) = held {
        return step(&mut told, operation, teller, real);
    }
    let done = real();
    note_taken(operation, teller, &done);
    let news = late(operation, &done);
    (done, news)
}

/// Whether a thread that has something to tell does so by this operation.
fn will_tell(local: &Local, operation: &Operation) -> bool {
    releases(operation.order) && !is_of_lock(local, operation)
        || local.atomics.fence.get().is_some()
}

/// Whether this is the atomic of a recorded lock that the thread is just releasing.
fn is_of_lock(local: &Local, operation: &Operation) -> bool {
    let lock = local.atomics.releases.get();
    lock != 0 && operation.address.wrapping_sub(lock - NEAR) < 2 * NEAR
}

/// An operation on an atomic that tells something, or will.
fn step(
    told: &mut Told,
    operation: &Operation,
    teller: Option<&'static Local>,
    real: &dyn Fn() -> Done,
) -> (Done, Option<News>) {
    // Before the operation: what the thread does afterwards is not covered.
    let own = teller.and_then(|local| own(local, told, operation));
    let done = real();
    let waits = note_load(operation, &done);
    if done.read != told.value {
        told.clear();
    }
    let news = follow(told, operation, &done, waits);
    if matches!(done.did, Did::Load) {
        return (done, news);
    }
    if let Some((own, for_loads)) = own {
        told.tell(own, for_loads);
    }
    note_taken(operation, teller, &done);
    (done, news)
}

/// What is to be learnt from the value that an operation has read, and what its own value still tells of that.
fn follow(told: &mut Told, operation: &Operation, done: &Done, waits: bool) -> Option<News> {
    let news = news(told, operation, done, waits);
    if news.is_some() {
        told.unheard = 0;
    }
    if matches!(done.did, Did::Store) {
        told.clear();
    }
    told.value = done.now;
    news
}

/// Notes an exchange that may take a lock.
fn note_taken(operation: &Operation, teller: Option<&Local>, done: &Done) {
    if let Some(local) = teller.filter(|_| matches!(done.did, Did::Exchange))
        && acquires(done.order)
    {
        local.atomics.takes(operation.address);
    }
}

/// What a thread tells by an operation, and whether to loads only.
fn own(local: &'static Local, told: &mut Told, operation: &Operation) -> Option<(Teller, bool)> {
    let of = |(thread, segment)| Teller { thread, segment, at: operation.at };
    if !releases(operation.order) {
        return local.atomics.fence.get().map(|fence| (of(fence), false));
    }
    let is_of_lock = is_of_lock(local, operation);
    local.atomics.releases.set(0);
    if is_of_lock {
        return None;
    }
    // Later nestings are not told apart, so they are not counted either.
    let is_told = local.segment.get() < RENEWED_SEGMENTS;
    let for_loads = local.atomics.gives_back(operation.address) && is_told;
    let (covered, begins) = tell(local, !operation.counts || told.unheard < UNHEARD)?;
    told.unheard = told.unheard.saturating_add((operation.counts && begins).into());
    Some((of(covered), for_loads))
}

/// Up to which segment of its own a thread can tell now, with its number; and whether another one begins for that.
fn tell(local: &'static Local, may_begin: bool) -> Option<((u32, u32), bool)> {
    let segment = local.segment.get();
    let is_new = has_nested(local, segment) || local.atomics.learnt.get() == segment || {
        // What it knows of others for certain goes into the recording, or nobody could tell what it passes on.
        written::are_news(local)
    };
    if !is_new || !may_begin {
        return Some(((local.number, segment.checked_sub(1)?), false));
    }
    room::with_room(|| local.run(written::record_news));
    begin_segment(local)?;
    Some(((local.number, segment), true))
}

fn has_nested(local: &Local, segment: u32) -> bool {
    // Later segments are not told apart at the first nesting in each.
    local.atomics.nested.get() == segment || segment >= RENEWED_SEGMENTS
}

/// `None` in a thread's last segment: what followed could not be told apart.
fn begin_segment(local: &Local) -> Option<()> {
    let next = local.segment.get().checked_add(1)?;
    local.segment.set(next);
    // Relaxed: for readers of the board.
    local.slot.u32(slot::SEGMENT).store(next, Ordering::Relaxed);
    Some(())
}

/// What is to be learnt from a value that was read.
fn news(told: &Told, operation: &Operation, done: &Done, waits: bool) -> Option<News> {
    let loads = match done.did {
        Did::Store | Did::Count(false) => return None,
        Did::Load | Did::Count(true) => true,
        Did::Exchange => false,
    };
    let mut news = News {
        tellers: [Teller::NONE; TELLERS],
        count: 0,
        operation: *operation,
        is_unfenced: !acquires(done.order) && !waits,
    };
    let local = local::attached();
    let is_news = |teller: &Teller| {
        local.is_none_or(|local| teller.thread != local.number && !local.atomics.knows(teller))
    };
    for teller in told.tellers(loads).filter(is_news) {
        news.tellers[news.count] = teller;
        news.count += 1;
    }
    (news.count > 0).then_some(news)
}

/// The thread learns what it has seen.
#[cold]
pub(crate) fn learn(local: &'static Local, news: &News) {
    if !is_followed(local) {
        return;
    }
    let Operation { address, size, at, .. } = news.operation;
    let seen = news.tellers[..news.count].iter();
    let seen = seen.map(|teller| Seen { teller: *teller, address, size, at });
    if news.is_unfenced {
        seen.for_each(|seen| local.atomics.see_unfenced(seen));
    } else {
        learn_all(local, seen);
    }
}

fn learn_all(local: &'static Local, seen: impl Iterator<Item = Seen>) {
    let is_news = |seen: &Seen| {
        seen.teller.thread != 0
            && seen.teller.thread != local.number
            && !local.atomics.knows(&seen.teller)
    };
    let mut news = seen.filter(is_news).peekable();
    if news.peek().is_none() {
        return;
    }
    if has_nested(local, local.segment.get()) && begin_segment(local).is_none() {
        return;
    }
    local.atomics.learnt.set(local.segment.get());
    // What it passes on for certain, it has to say with its number.
    if let Ok(mut clock) = local.clock.try_borrow_mut() {
        clock.has_nodes = true;
    }
    local.atomics.may_tell.set(true);
    for seen in news {
        // Relaxed: an amount.
        if RECORDED.fetch_add(1, Ordering::Relaxed) >= ORDERS {
            RECORDED.store(ORDERS + 1, Ordering::Relaxed);
            return;
        }
        room::with_room(|| local.run(|local| record(local, &seen)));
        local.atomics.note_known(&seen.teller);
    }
}

/// Records that a thread learns from another one.
fn record(local: &Local, seen: &Seen) {
    let mut record = FixedRecord::new(log::ATOMIC_ORDER);
    record.u64(seen.address as u64);
    record.u32(seen.size);
    for (thread, segment, at) in [
        (seen.teller.thread, seen.teller.segment, seen.teller.at),
        (local.number, local.segment.get(), seen.at),
    ] {
        record.u32(thread);
        record.u32(segment);
        record.u64(at as u64);
    }
    local.put_held(&mut record);
    local.runtime.file.append_fixed(&mut record);
}

/// A fence of the calling thread.
pub(crate) fn fence(order: Ordering) {
    if BLOCKED.get() != 0 {
        return;
    }
    let Some(local) = local::attached().filter(|local| is_followed(local)) else { return };
    if acquires(order) && table::are_any() {
        learn_all(local, local.atomics.take_unfenced().into_iter());
    }
    if releases(order) && local.atomics.may_tell.get() {
        BLOCKED.set(1);
        local.atomics.fence.set(tell(local, true).map(|(covered, _)| covered));
        BLOCKED.set(0);
    }
}

/// The thread is about to release a recorded lock, whose identity is there.
#[inline]
pub(crate) fn releases_lock(local: &Local, lock: usize) {
    local.atomics.releases.set(lock);
}

#[cfg(test)]
mod tests;
