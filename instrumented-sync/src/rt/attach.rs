//! Threads come and go.

use super::beat::ThreadBeat;
use super::board::Slot;
use super::chain::Table;
use super::class_cache::ClassCache;
use super::hook::Site;
use super::kinds::KindCache;
use super::local::Local;
use super::must_order::{Stamp, ThreadClock};
use super::out_of_order::Gaps;
use super::ring::Ring;
use super::site::SiteCache;
use std::cell::{Cell, RefCell};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, Ordering};
use syncscope_recording::layout::{event, header, log, slot, thread_flag};
use syncscope_recording::writer::{LogRecord, patient};

/// A thread that the drop-in spawns: shared by the parent's handle and the child.
#[derive(Debug)]
pub(super) struct Spawned {
    pub(super) number: u32,
    pub(super) scope: u32,
    parent: u32,
    /// The thread that this one and its parents come from, which the drop-in did not spawn.
    root: u32,
    site: u32,
    name: Option<String>,
    /// What the parent knew when it spawned.
    inherited: Stamp,
    /// What the child knew when its closure returned.
    last: Mutex<Option<Stamp>>,
}

thread_local! {
    /// The thread as its parent knows it: an `Arc` as a raw pointer, given back by `detach`.
    static SPAWNED: Cell<*const Spawned> = const { Cell::new(std::ptr::null()) };
}

/// The `pthread` key whose destructor runs at the end of each thread; -1 before it is made.
static KEY: AtomicI32 = AtomicI32::new(-1);

impl Spawned {
    /// Prepares a spawn by this thread.
    pub(super) fn new(local: &Local, name: Option<&str>, scope: u32, site: Site) -> Self {
        Self {
            number: local.runtime.next_thread(),
            scope,
            parent: local.number,
            root: root(local),
            site: super::sites::intern(local.runtime, site),
            name: name.map(str::to_owned),
            inherited: local.stamp(),
            last: Mutex::new(None),
        }
    }

    /// The child has ended without an event of its own: it knew what it inherited.
    pub(super) fn ended_unseen(&self) {
        if let Some(mut last) = patient(&self.last) {
            *last = Some(self.inherited.clone());
        }
    }

    /// The child has ended, with the destructors of its thread locals: they may have accessed what is tracked.
    fn left(&self, local: &Local) {
        if let Some(known) = super::race::ended(local)
            && let Some(mut last) = patient(&self.last)
        {
            last.get_or_insert_default().set_race(known);
        }
    }

    /// The child was joined. What it knew at its end; empty when it has not ended.
    pub(super) fn joined(&self, local: &Local) -> Stamp {
        local.runtime.service.joined(self.number, local.number);
        patient(&self.last).and_then(|last| last.clone()).unwrap_or_default()
    }
}

/// The thread that this one comes from: itself if the drop-in did not spawn it, as is so for the thread of a test.
#[cold]
pub(super) fn root(local: &Local) -> u32 {
    // SAFETY: the pointer is null or holds a count of its `Arc` until `detach`.
    unsafe { SPAWNED.get().as_ref() }.map_or(local.number, |spawned| spawned.root)
}

/// In the child: remembers what the parent prepared. The thread is attached at its first event.
#[cold]
pub(super) fn begin(spawned: std::sync::Arc<Spawned>) {
    SPAWNED.set(std::sync::Arc::into_raw(spawned));
    arm();
}

/// In the child: its closure has returned or unwinds.
#[cold]
pub(super) fn end(local: &Local, spawned: &Spawned) {
    let flags = local.slot.u32(slot::FLAGS);
    let panicked = if std::thread::panicking() { thread_flag::PANICKED } else { 0 };
    // Release: who finds the flag finds the clock below already stored, or blocks no longer on this thread anyway.
    let clock = local.stamp();
    if spawned.scope != 0 {
        local.runtime.must_order.leave_scope(spawned.scope, &clock);
    }
    if let Some(mut last) = patient(&spawned.last) {
        *last = Some(clock);
    }
    flags.fetch_or(thread_flag::RETURNED | panicked, Ordering::Release);
    local.emit_other(event::THREAD_END, 0, local.number, super::clock::ticks(), 0);
}

/// Gives this thread its state, which `leave` frees. `None` while the runtime is being started by another thread, or is off.
#[cold]
pub(super) fn attach() -> Option<*mut Local> {
    let runtime = super::runtime::get()?;
    super::room::know_own_stack();
    // SAFETY: the pointer is null or holds a count of its `Arc` until `detach`.
    let spawned = unsafe { SPAWNED.get().as_ref() };
    let (slot_index, slot) = runtime.board.take(&runtime.file).unwrap_or_else(|| {
        runtime.file.count(header::LOST_THREADS, 1);
        (u32::MAX, Slot::private())
    });
    let number = spawned.map_or_else(|| runtime.next_thread(), |spawned| spawned.number);
    let state = Box::into_raw(Box::new(Local {
        skipped: Cell::new(0),
        capacity: Cell::new(slot::HELD_INLINE as u32),
        segment: Cell::new(1),
        slot,
        beat: ThreadBeat::new(),
        table: Table::new(),
        ring: Ring::new(runtime.settings.mode),
        chains: Cell::new(super::held::new_chains(slot::HELD_INLINE)),
        overflow: Cell::new(std::ptr::null_mut()),
        gaps: Gaps::default(),
        sites: SiteCache::new(),
        race: super::race::ThreadRace::new(spawned.map(|spawned| &spawned.inherited)),
        number,
        slot_index,
        runtime,
        clock: RefCell::new(ThreadClock::default()),
        parks_inside: Cell::new(false),
        unknown_initialiser: Cell::new(0),
        ids: Cell::new((0, 0)),
        classes: ClassCache::new(),
        kinds: KindCache::new(),
    }));
    // SAFETY: just made; freed by `leave` only, through the pointer that is given back here.
    let local = unsafe { &*state };
    let os_tid = os_tid();
    let is_main = os_tid == std::process::id();
    if !is_main || spawned.is_some() {
        super::company::begin();
    }
    let flags = if is_main { thread_flag::MAIN } else { 0 }
        | if spawned.is_none() { thread_flag::FOREIGN } else { 0 };
    // Relaxed: published by THREAD.
    let put = |at, value| slot.u32(at).store(value, Ordering::Relaxed);
    put(slot::OS_TID, os_tid);
    put(slot::FLAGS, flags);
    put(slot::SEGMENT, 1);
    put(slot::SCOPE, spawned.map_or(0, |spawned| spawned.scope));
    // Release: pairs with the Acquire in `Slot::thread`: whoever sees the number sees a clean slot.
    slot.u32(slot::THREAD).store(number, Ordering::Release);
    runtime.file.count(header::THREADS, 1);
    if let Some(spawned) = spawned {
        local.learn(&spawned.inherited);
    }
    describe(local, spawned, os_tid, flags);
    arm();
    local.emit_other(event::THREAD_START, 0, number, super::clock::ticks(), 0);
    Some(state)
}

/// Writes the thread's record.
fn describe(local: &Local, spawned: Option<&Spawned>, os_tid: u32, flags: u32) {
    let name = match spawned {
        Some(spawned) => spawned.name.clone().unwrap_or_default(),
        None if flags & thread_flag::MAIN != 0 => "main".to_owned(),
        None => foreign_name(),
    };
    local.runtime.file.append(
        LogRecord::new(log::THREAD)
            .u32(local.number)
            .u32(os_tid)
            .u32(spawned.map_or(0, |spawned| spawned.parent))
            .u32(spawned.map_or(0, |spawned| spawned.site))
            .u32(flags)
            .u32(spawned.map_or(0, |spawned| spawned.scope))
            .u64(super::clock::ticks())
            .string(&name),
    );
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

fn os_tid() -> u32 {
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
    _ = super::room::with_room(detach_now);
}

fn detach_now() {
    let spawned = SPAWNED.replace(std::ptr::null());
    let state = super::local::close();
    // SAFETY: null, or what `attach` made and only this thread frees, below.
    if let Some(local) = unsafe { state.as_ref() } {
        // SAFETY: as in `attach`.
        if let Some(spawned) = unsafe { spawned.as_ref() } {
            spawned.left(local);
        }
        leave(local);
        // SAFETY: made by `attach` from a box; `close` took away the only way to reach it, and `local` is not used any more.
        drop(unsafe { Box::from_raw(state) });
    }
    if !spawned.is_null() {
        // SAFETY: `begin` made it from an `Arc`, and it is taken out here once.
        drop(unsafe { std::sync::Arc::from_raw(spawned) });
    }
}

fn leave(local: &Local) {
    let runtime = local.runtime;
    local.enter_hook();
    if local.depth() > 0 {
        runtime.orphans.adopt(local);
    }
    local.table.fold(local);
    local.tell_lost();
    runtime.must_order.forget_thread(local.number);
    super::race::thread_left(local);
    let acquisitions = local.acquisitions();
    // Relaxed: written by this thread.
    let others = local.slot.u64(slot::OTHER_EVENTS).load(Ordering::Relaxed);
    runtime.file.count(header::ACQUISITIONS, acquisitions);
    runtime.file.count(
        header::EVENTS,
        (acquisitions * 2).saturating_sub(u64::from(local.depth())).wrapping_add(others),
    );
    local.ring.close(local);
    let overflow = super::held::clear(local.slot);
    // Release: pairs with the Acquire in `Slot::thread`. First the number: nobody counts the rest any more.
    local.slot.u32(slot::THREAD).store(0, Ordering::Release);
    for at in [slot::WAIT, slot::FLAGS, slot::SCOPE, slot::SEGMENT] {
        local.slot.u32(at).store(0, Ordering::Relaxed);
    }
    for at in [slot::OTHER_EVENTS, slot::RING] {
        local.slot.u64(at).store(0, Ordering::Relaxed);
    }
    super::held::free_chains(local);
    if let Some(overflow) = overflow {
        runtime.overflows.give_back(overflow);
    }
    if local.slot_index != u32::MAX {
        runtime.board.give_back(local.slot_index);
    }
}

/// Numbers of threads of other processes' making are not ours: nothing to do but to forget what the parent prepared.
pub(super) fn forget() {
    SPAWNED.set(std::ptr::null());
}
