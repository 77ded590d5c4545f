//! Threads come and go.

use super::company;
use super::start;
use crate::rt::machine::clock;
use crate::rt::machine::{own_stack, room, unwind};
use crate::rt::memory::{self, awaited::Awaited};
use crate::rt::object::{self, Site};
use crate::rt::race;
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
#[cfg(feature = "accesses")]
use crate::rt::thread::atomics::ThreadAtomics;
use crate::rt::thread::beat::ThreadBeat;
use crate::rt::thread::chain::Table;
use crate::rt::thread::class_cache::ClassCache;
use crate::rt::thread::clock::ThreadClock;
use crate::rt::thread::conditions::Conditions;
use crate::rt::thread::gaps::Gaps;
use crate::rt::thread::heard::Heard;
use crate::rt::thread::jobs::ThreadJobs;
use crate::rt::thread::kind_cache::KindCache;
use crate::rt::thread::local::{self, Local};
use crate::rt::thread::race::ThreadRace;
use crate::rt::thread::remains::Remains;
use crate::rt::thread::ring::Ring;
use crate::rt::thread::sampler::Sampler;
use crate::rt::thread::site_cache::SiteCache;
use crate::rt::thread::spawned::{self, Spawned};
use crate::rt::thread::{emit, held, task};
use std::cell::{Cell, RefCell};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use syncscope_recording::layout::{event, header, log, slot, thread_flag};
use syncscope_recording::writer::{LogRecord, bounded_lock};

/// The `pthread` key whose destructor runs at the end of each thread; -1 before it is made.
static KEY: AtomicI32 = AtomicI32::new(-1);

/// Prepares a spawn by this thread.
pub(crate) fn prepare(local: &Local, name: Option<&str>, scope: u32, site: Site) -> Spawned {
    let number = local.runtime.next_thread();
    if object::is_library(site) {
        record_stack(local.runtime, number);
    }
    Spawned {
        number,
        scope,
        parent: local.number,
        root: spawned::root(local.number),
        site: local.runtime.sites.intern(&local.runtime.file, site),
        name: name.map(str::to_owned),
        is_apart: local.is_apart.get(),
        inherited: local.stamp(),
        last: Mutex::new(None),
        left: AtomicBool::new(false),
        is_asked_for: AtomicBool::new(false),
        awaited: Mutex::new(Some(Awaited::new())),
    }
}

/// The place of a spawn is in std, as where `thread::spawn` is passed on as a function: the stack tells more.
#[cold]
fn record_stack(runtime: &Runtime, thread: u32) {
    if let Some(stack) = runtime.stacks.of_spawn(&runtime.file, &unwind::long()) {
        runtime.file.append(LogRecord::new(log::SPAWN_STACK).u32(thread).u32(stack));
    }
}

/// The child has ended, with the destructors of its thread locals: they may have accessed what is tracked.
fn left(spawned: &Spawned, local: &Local) {
    if let Some(known) = race::ended(local)
        && let Some(mut last) = bounded_lock(&spawned.last)
    {
        last.get_or_insert_default().set_race(known);
    }
}

/// In the child: remembers what the parent prepared. The thread is attached at its first event.
#[cold]
pub(crate) fn begin(spawned: std::sync::Arc<Spawned>) {
    spawned::set(spawned);
    arm();
}

/// In the child: its closure has returned or unwinds.
#[cold]
pub(crate) fn end(local: &Local, spawned: &Spawned) {
    let flags = local.slot.u32(slot::FLAGS);
    let panicked = if std::thread::panicking() { thread_flag::PANICKED } else { 0 };
    // Release: who finds the flag finds the clock below already stored, or blocks no longer on this thread anyway.
    let clock = local.stamp();
    if spawned.scope != 0 {
        local.runtime.must_order.leave_scope(spawned.scope, &clock);
    }
    if let Some(mut last) = bounded_lock(&spawned.last) {
        *last = Some(clock);
    }
    flags.fetch_or(thread_flag::RETURNED | panicked, Ordering::Release);
    local.emit_other(event::THREAD_END, 0, local.number, clock::ticks(), 0);
}

/// Gives this thread its state, which `leave` frees. `None` while the runtime is being started by another thread, or is off.
#[cold]
pub(crate) fn attach() -> Option<*mut Local> {
    let runtime = start::runtime()?;
    own_stack::know();
    Some(spawned::with(|spawned| make(runtime, spawned)))
}

fn make(runtime: &'static Runtime, spawned: Option<&Spawned>) -> *mut Local {
    let (slot_index, slot) = runtime.board.take(&runtime.file).unwrap_or_else(|| {
        runtime.file.count(header::LOST_THREADS, 1);
        (u32::MAX, Slot::private())
    });
    let number = spawned.map_or_else(|| runtime.next_thread(), |spawned| spawned.number);
    let state = new_state(runtime, (slot_index, slot), number, spawned);
    // SAFETY: just made; freed by `leave` only, through the pointer that is given back here.
    let local = unsafe { &*state };
    let os_tid = os_tid();
    let is_main = os_tid == std::process::id();
    if !is_main || spawned.is_some() {
        company::begin();
    }
    let flags = if is_main { thread_flag::MAIN } else { 0 }
        | if spawned.is_none() { thread_flag::FOREIGN } else { 0 };
    put_on_board(local, os_tid, flags, spawned.map_or(0, |spawned| spawned.scope));
    if let Some(spawned) = spawned {
        local.learn(&spawned.inherited);
    }
    describe(local, spawned, os_tid, flags);
    arm();
    local.emit_other(event::THREAD_START, 0, number, clock::ticks(), 0);
    state
}

/// A state for a slot of the board, from a box.
pub(super) fn new_state(
    runtime: &'static Runtime,
    (slot_index, slot): (u32, Slot),
    number: u32,
    spawned: Option<&Spawned>,
) -> *mut Local {
    Box::into_raw(Box::new(Local {
        skipped: Cell::new(0),
        capacity: Cell::new(slot::HELD_INLINE as u32),
        segment: Cell::new(1),
        slot,
        beat: ThreadBeat::new(),
        table: Table::new(),
        ring: Ring::new(runtime.settings.mode),
        chains: Cell::new(held::new_chains(slot::HELD_INLINE)),
        overflow: Cell::new(std::ptr::null_mut()),
        gaps: Gaps::default(),
        sites: SiteCache::new(),
        #[cfg(feature = "accesses")]
        atomics: ThreadAtomics::new(),
        race: ThreadRace::new(spawned.map(|spawned| &spawned.inherited)),
        jobs: ThreadJobs::default(),
        number,
        slot_index,
        owner: slot_index.wrapping_add(1).into(),
        runtime,
        clock: RefCell::new(ThreadClock::new(slot_index)),
        is_listed: Cell::new(false),
        has_queued: Cell::new(false),
        may_give_away: Cell::new(false),
        polls: Cell::new(0),
        unsettled: Cell::new(0),
        blocks_in_poll: Cell::new(None),
        joins_arms: Cell::new(false),
        acts_elsewhere: Cell::new(false),
        ends_first: Cell::new(false),
        pointee: Cell::new(0),
        heard: Heard::default(),
        remains: Remains::default(),
        is_apart: Cell::new(spawned.is_some_and(|spawned| spawned.is_apart)),
        parks_inside: Cell::new(false),
        unknown_initialiser: Cell::new(0),
        conditions: Conditions::default(),
        ids: Cell::new((0, 0)),
        classes: ClassCache::new(),
        kinds: KindCache::new(),
        sampler: Sampler::new(number),
    }))
}

/// The slot of a fresh state is this thread's, or task's, from now on.
pub(super) fn put_on_board(local: &Local, os_tid: u32, flags: u32, scope: u32) {
    // Relaxed: published by THREAD.
    let put = |at, value| local.slot.u32(at).store(value, Ordering::Relaxed);
    put(slot::OS_TID, os_tid);
    put(slot::FLAGS, flags);
    put(slot::SEGMENT, 1);
    put(slot::SCOPE, scope);
    local.slot.set_thread(local.number);
    local.runtime.file.count(header::THREADS, 1);
}

/// Nobody uses the state for now: its slot is as that of nobody.
pub(super) fn take_off_board(local: &Local) {
    // First the number: nobody counts the rest any more.
    local.slot.set_thread(0);
    for at in [slot::WAIT, slot::FLAGS] {
        // Relaxed: published by THREAD.
        local.slot.u32(at).store(0, Ordering::Relaxed);
    }
}

/// Ends [`take_off_board`].
pub(super) fn put_back_on_board(local: &Local, os_tid: u32, flags: u32) {
    // Relaxed: published by THREAD.
    local.slot.u32(slot::OS_TID).store(os_tid, Ordering::Relaxed);
    local.slot.u32(slot::FLAGS).store(flags, Ordering::Relaxed);
    local.slot.set_thread(local.number);
}

/// Writes the thread's record.
pub(super) fn describe(local: &Local, spawned: Option<&Spawned>, os_tid: u32, flags: u32) {
    let name = match spawned {
        None if flags & thread_flag::MAIN != 0 => "main".to_owned(),
        spawned => name_of_thread(spawned),
    };
    let [parent, site, scope] =
        spawned.map_or([0; 3], |spawned| [spawned.parent, spawned.site, spawned.scope]);
    write_record(local, [os_tid, parent, site, flags, scope], &name);
}

/// The same, of what is known: the kernel's number, the parent's, the place of the spawn, flags and scope.
pub(super) fn write_record(local: &Local, known: [u32; 5], name: &str) {
    let record = LogRecord::new(log::THREAD).u32(local.number);
    let record = known.into_iter().fold(record, LogRecord::u32);
    local.runtime.file.append(record.u64(clock::ticks()).string(name));
}

/// The name of the calling thread; empty where it has none.
pub(super) fn name_of_thread(spawned: Option<&Spawned>) -> String {
    match spawned {
        Some(spawned) => spawned.name.clone().unwrap_or_default(),
        None => foreign_name(),
    }
}

/// Bytes of the kernel's names at most.
const KERNEL_NAME: usize = 15;

/// The kernel's name of this thread, unless it is just the process's. Where it may have been cut, std may know all of it, as of
/// the threads of tests, which are named as the tests.
///
/// std is asked no sooner: `thread::current` makes a handle for a thread that has none, and std aborts when it finds that one
/// later, or is asked while it makes one. A thread of std's has its handle before it has its name, and until then the
/// name of the thread that made it: the main thread's, for tests, which is the process's.
fn foreign_name() -> String {
    let mut buffer = [0_u8; 17];
    // SAFETY: the buffer is larger than the 16 bytes that the call writes.
    unsafe { libc::prctl(libc::PR_GET_NAME, buffer.as_mut_ptr()) };
    let name = buffer.split(|byte| *byte == 0).next().unwrap_or_default();
    let name = String::from_utf8_lossy(name).into_owned();
    let exe = std::env::args_os().next().map(std::path::PathBuf::from).unwrap_or_default();
    let exe = exe.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if exe.starts_with(&name) {
        return String::new();
    }
    if name.len() == KERNEL_NAME
        && let Some(whole) = std::thread::current().name()
        && whole.starts_with(&name)
    {
        return whole.to_owned();
    }
    name
}

pub(super) fn os_tid() -> u32 {
    // SAFETY: has no preconditions.
    unsafe { libc::gettid() as u32 }
}

/// Sees to it that `detach` runs when this thread ends.
fn arm() {
    // Acquire/Release: the key is made once; a loser of the race deletes its own.
    let mut key = KEY.load(Ordering::Acquire);
    if key < 0 {
        let mut fresh = 0;
        // SAFETY: `fresh` is a valid place; the destructor is a function with the right signature.
        if unsafe { libc::pthread_key_create(&raw mut fresh, Some(detach)) } != 0 {
            return;
        }
        match KEY.compare_exchange(-1, fresh as i32, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => key = fresh as i32,
            Err(theirs) => {
                // SAFETY: made above and known to nobody else.
                unsafe { libc::pthread_key_delete(fresh) };
                key = theirs;
            }
        }
    }
    // SAFETY: the key exists; the value is any non-null pointer, never dereferenced.
    unsafe { libc::pthread_setspecific(key as libc::pthread_key_t, std::ptr::dangling()) };
}

/// The thread ends: runs after the destructors of Rust's thread locals.
unsafe extern "C" fn detach(_: *mut libc::c_void) {
    // In a handler there is none: then the thread stays on the board, as one that was killed.
    _ = room::with_room(detach_now);
}

fn detach_now() {
    let spawned = spawned::take();
    leave_tasks();
    let state = local::close();
    // SAFETY: null, or what `attach` made and only this thread frees, below.
    if let Some(local) = unsafe { state.as_ref() } {
        if let Some(spawned) = &spawned {
            left(spawned, local);
        }
        leave(local);
        // SAFETY: made by `attach` from a box; `close` took away the only way to reach it, and `local` is not used any more.
        drop(unsafe { Box::from_raw(state) });
    }
    memory::end();
    if let Some(spawned) = &spawned {
        spawned.leaves();
    }
}

/// What the thread had for tasks without a state of their own goes, too.
fn leave_tasks() {
    let of_many = task::set_of_many(std::ptr::null_mut());
    let resting = task::take_resting();
    for state in [of_many, resting] {
        // SAFETY: null, or a state from `new_state` that only this thread uses.
        if let Some(local) = unsafe { state.as_ref() }.filter(|local| local.runtime.is_current()) {
            if state == resting {
                local.runtime.tasks.gave_up();
            }
            leave(local);
            // SAFETY: made from a box; the thread has let go of it.
            drop(unsafe { Box::from_raw(state) });
        }
    }
}

/// Takes a state off the board that is used no more; the caller frees it.
pub(super) fn leave(local: &Local) {
    let runtime = local.runtime;
    local.enter_hook();
    if local.depth() > 0 {
        runtime.orphans.adopt(local.number, local.slot);
    }
    local.table.fold(runtime);
    local.tell_lost();
    runtime.must_order.forget_thread(local.number);
    race::thread_left(local);
    let acquisitions = local.acquisitions();
    // Relaxed: written by this thread.
    let others = local.slot.u64(slot::OTHER_EVENTS).load(Ordering::Relaxed);
    runtime.file.count(header::ACQUISITIONS, acquisitions);
    runtime.file.count(
        header::EVENTS,
        (acquisitions * 2).saturating_sub(u64::from(local.depth())).wrapping_add(others),
    );
    emit::close(local);
    let overflow = held::clear(local.slot);
    // First the number: nobody counts the rest any more.
    local.slot.set_thread(0);
    let words =
        [slot::WAIT, slot::LAST_WAIT, slot::FLAGS, slot::SCOPE, slot::SEGMENT, slot::PART_OF];
    for at in words {
        local.slot.u32(at).store(0, Ordering::Relaxed);
    }
    for at in [slot::OTHER_EVENTS, slot::RING, slot::POLLED] {
        local.slot.u64(at).store(0, Ordering::Relaxed);
    }
    held::free_chains(local);
    if let Some(overflow) = overflow {
        runtime.overflows.give_back(overflow);
    }
    if local.slot_index != u32::MAX {
        runtime.board.give_back(local.slot_index);
    }
}
