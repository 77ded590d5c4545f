// Hot path: no allocation, no global lock, no formatting, no syscalls.
// Long: all hooks stand beside each other, since they share the way in, the way out and the common case.
//! Everything the mirrors call.
//!
//! Conventions: `desc` is an associated constant of the mirror, `const DESC: &'static Desc = &Desc::of::<T>(primitive::MUTEX);`.
//! `access` is a set of bits of [`access`]. `site` is `Location::caller()` of the user's call. Hooks never panic, but for
//! those that say so, and never block on anything instrumented.

use super::attach::Spawned;
use super::chain::Request;
use super::local::{self, Local};
use super::meta::{Desc, Meta};
use super::room::{self, with_room};
use super::wait::Wait;
use super::{clock, company, handler, hot, moved, race, runtime, verdict, wait_for};
use std::panic::Location;
use std::sync::Arc;
use syncscope_recording::layout::event;
use syncscope_recording::words::Second;

pub(crate) use super::must_order::{ChannelOrder, ReceiverOrder, Stamp};
pub(crate) use super::race::{completed_seen, giving, receiving, sent_bounded, took, way};
pub(crate) use syncscope_recording::layout::{access, primitive, wait};

/// A place in the user's source.
pub(crate) type Site = &'static Location<'static>;

/// To be called before the real acquisition. Does now what the first acquisition of a lock, or by a thread, needs memory
/// for: afterwards the lock is held, and if it is the one inside the program's allocator, memory is not to be had.
#[inline]
pub(crate) fn ready(meta: &Meta, desc: &'static Desc) -> Ready {
    match local::attached() {
        Some(local) if meta.is_registered() => Ready(Some(local)),
        None if runtime::is_off() => Ready(None),
        _ => prepare(meta, desc),
    }
}

/// The way to [`acquired`] that is known before the acquisition: of a lock that has its number, by a thread that has its state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready(Option<&'static Local>);

impl Ready {
    /// As [`acquired`].
    #[inline]
    pub(crate) fn acquired(self, meta: &Meta, desc: &'static Desc, access: u8, site: Site) {
        // The access is a constant at nearly all calls.
        match (self.0, access) {
            (Some(local), 0) => hot::acquired_exclusive(local, meta, site),
            (Some(local), access::SHARED) => hot::acquired_shared(local, meta, site),
            (None, _) if runtime::is_off() => {}
            _ => acquired(meta, desc, access, site),
        }
    }
}

#[cold]
fn prepare(meta: &Meta, desc: &'static Desc) -> Ready {
    match local::local() {
        Some(local) if local.is_free() => local.run(|local| _ = meta.instance(local, desc)),
        Some(_) => {}
        None if local::is_attaching() => meta.mark_unrecorded(),
        None => {}
    }
    Ready(local::attached().filter(|_| meta.is_registered()))
}

/// `meta` was acquired without blocking. Call it right after the real acquisition.
/// With `access::TRY` for `try_*` calls, `access::SHARED` for readers, `access::INIT` at the start of an initialiser.
#[inline(never)]
pub(crate) extern "C" fn acquired(meta: &Meta, desc: &'static Desc, access: u8, site: Site) {
    let Some(local) = local::local() else { return };
    if !local.is_free() {
        return skip(local, meta);
    }
    if !meta.is_registered() {
        local.run(|local| _ = meta.instance(local, desc));
        if !meta.is_registered() {
            return local::let_pass();
        }
    }
    acquired_known(local, meta, access, site);
}

/// As [`acquired`], of a lock that has its number: what [`hot`] leaves over.
#[inline(never)]
pub(super) extern "C" fn acquired_known(
    local: &'static Local,
    meta: &Meta,
    access: u8,
    site: Site,
) {
    if !local.is_free() || meta.is_unrecorded() {
        return skip(local, meta);
    }
    // Nothing below can panic, so no guard is needed.
    local.enter_hook();
    take(local, meta, access, site);
    if race::is_on() {
        race::acquired(local, meta.number(), access);
    }
    local.leave_hook();
}

/// An acquisition inside a hook, or of a lock that is known to happen there: nothing is recorded until its release.
#[cold]
fn skip(local: &Local, meta: &Meta) {
    // What a handler takes in the middle of a hook is not recorded, this time.
    if !meta.is_unrecorded() && handler::runs(handler::blocked()) {
        return;
    }
    meta.mark_unrecorded();
    local.skip();
}

#[inline(always)]
fn take(local: &Local, meta: &Meta, access: u8, site: Site) {
    let instance = meta.number();
    let ticks = local.any_ticks();
    let (lock, chain) = local.extend(&Request { meta, instance, access, site, ticks });
    let seq = if access & (access::SHARED | access::INIT) == 0 {
        meta.own(local.slot_index)
    } else {
        count_other(local, meta, access)
    };
    let class = meta.class();
    let second = Second { seq, class, depth: local.depth() };
    local.emit2(event::ACQUIRE_BASE | access, (lock >> 32) as u32, instance, ticks, second);
    local.push(lock, class, ticks, chain);
}

/// The count of an acquisition that is no writer's.
#[inline]
fn count_other(local: &Local, meta: &Meta, access: u8) -> u32 {
    if access & access::INIT == 0 {
        return meta.seq();
    }
    let acquisitions = local.acquisitions() as u32;
    meta.set_seq(local.slot_index, acquisitions);
    acquisitions
}

/// `meta` is about to be released. Call it right before the real release. Unknown locks are ignored.
#[inline]
pub(crate) fn released(meta: &Meta, access: u8) {
    if access & access::INIT == 0 {
        hot::released(meta, access)
    } else {
        released_any(meta, access)
    }
}

/// As [`released`], in all cases. Of the C ABI so that the compiler knows that it never unwinds: the code that drops a guard then
/// needs no other way out, and is small enough to stand where the guard is dropped.
#[cold]
#[inline(never)]
pub(super) extern "C" fn released_any(meta: &Meta, access: u8) {
    let Some(local) = local::attached() else {
        if access & access::INIT == 0 {
            moved::released_unattached(meta, access);
        } else if runtime::is_off() {
            meta.note_initialised(false, false);
        }
        return;
    };
    if !local.is_free() {
        return unskip(local, meta);
    }
    // Nothing below can panic, so no guard is needed.
    local.enter_hook();
    let instance = meta.number();
    if access & access::INIT != 0 {
        note_initialiser(local, meta);
    }
    if race::is_on() {
        race::released(local, instance, access);
    }
    moved::settle(local);
    let depth = local.depth();
    let is_told = local.is_told_by_depth(instance);
    if !local.pop(instance, access) {
        moved::released(local, meta, access);
    } else if !is_told {
        local.emit_release(meta.class(), instance, depth);
    }
    local.leave_hook();
}

/// Ends [`skip`]. A lock that was recorded before it was found to be the allocator's is on the held stack instead.
#[cold]
fn unskip(local: &Local, meta: &Meta) {
    if meta.is_unrecorded() && local.holds(meta.number()).is_none() {
        local.unskip();
    }
}

#[cold]
fn note_initialiser(local: &Local, meta: &Meta) {
    let acquisitions = local.acquisitions() as u32;
    // The initialiser itself counts as one.
    let took_locks = acquisitions.wrapping_sub(meta.seq()) > 1;
    meta.note_initialised(took_locks, race::is_on());
    if took_locks && !std::thread::panicking() {
        local.has_initialised(meta.number());
    }
}

/// The real `try_lock` failed and the thread is about to block for `meta`: records the order edges, publishes the
/// wait, looks for a deadlock. Then block in the real call, and call [`Blocked::acquired`].
///
/// # Panics
///
/// When this closes a deadlock and the user chose `panic`. Nothing is published then.
#[cold]
pub(crate) fn blocking<'a>(
    meta: &'a Meta,
    desc: &'static Desc,
    access: u8,
    kind: u32,
    site: Site,
) -> Blocked<'a> {
    let published = local::enter_briefly(|local| {
        if meta.is_unrecorded() {
            return false;
        }
        let instance = meta.instance(local, desc);
        if instance == 0 {
            return false;
        }
        let request = Request { meta, instance, access, site, ticks: clock::ticks() };
        if local.depth() > 0 {
            _ = local.extend(&request);
        }
        local.begin_wait(Wait { kind, object: instance, object2: 0, class: meta.class() }, site);
        look(local, Some(meta), kind, site);
        true
    });
    Blocked { meta, desc, access, site, published: published.unwrap_or(false) }
}

/// Looks for a deadlock that the calling thread closes by the wait that it has just published.
fn look(local: &'static Local, meta: Option<&Meta>, kind: u32, site: Site) {
    let look = || {
        local.name_wait(site);
        if let Some(cycle) = wait_for::closes_cycle(local, meta) {
            company::begin();
            verdict::deadlock(local.runtime, &cycle, Some(local));
        }
        company::about_to_block(kind, local.runtime.must_order.is_unparked(local.number));
        local.runtime.service.blocked();
    };
    // In a signal handler there is no room, but a thread that waits for itself has nothing to lose.
    if with_room(look).is_none() && meta.is_some_and(|meta| local.holds(meta.number()).is_some()) {
        room::at_any_cost(look);
    }
}

/// A wait for a lock, see [`blocking`]. Dropping it without [`Blocked::acquired`] withdraws the wait.
#[must_use]
#[derive(Debug)]
pub(crate) struct Blocked<'a> {
    meta: &'a Meta,
    desc: &'static Desc,
    access: u8,
    site: Site,
    published: bool,
}

impl Blocked<'_> {
    /// The real call has returned with the lock.
    pub(crate) fn acquired(self) {
        let (meta, desc, access, site) = (self.meta, self.desc, self.access, self.site);
        drop(self);
        acquired(meta, desc, access, site);
    }
}

impl Drop for Blocked<'_> {
    fn drop(&mut self) {
        if self.published {
            local::enter_briefly(Local::end_wait);
        }
    }
}

/// The thread is about to block in something that is no lock: `kind` from [`wait`] (| [`wait::TIMED`]), `object` by
/// [`Waited`]. The wait ends when the value is dropped.
///
/// # Panics
///
/// As [`blocking`].
#[cold]
pub(crate) fn waiting(kind: u32, object: Waited<'_>, site: Site) -> Waiting {
    let published = local::enter_briefly(|local| {
        let (object, class) = match object {
            Waited::Object(meta, desc) => (meta.instance(local, desc), meta.class()),
            Waited::Number(number) => (number, 0),
            Waited::Nothing => (0, 0),
        };
        local.begin_wait(Wait { kind, object, object2: 0, class }, site);
        look(local, None, kind, site);
    });
    Waiting { published: published.is_some() }
}

/// What a thread waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Waited<'a> {
    /// An object with an identity: a barrier, a channel.
    Object(&'a Meta, &'static Desc),
    /// A number: a scope, a thread.
    Number(u32),
    /// Nothing in particular: park, sleep.
    Nothing,
}

/// A wait that is no lock's, see [`waiting`].
#[must_use]
#[derive(Debug)]
pub(crate) struct Waiting {
    published: bool,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.published {
            local::enter_briefly(Local::end_wait);
        }
    }
}

/// `Condvar::wait*`: releases `mutex` in the books, records the edge of its re-acquisition, publishes the wait.
/// Call it right before the real wait, with both objects; call [`CondvarWait::reacquired`] right after.
#[cold]
pub(crate) fn condvar_wait<'a>(
    condvar: (&'a Meta, &'static Desc),
    mutex: (&'a Meta, &'static Desc),
    timed: bool,
    site: Site,
) -> CondvarWait<'a> {
    if race::is_on() {
        local::enter(|local| race::condition_used(local, mutex.0.instance(local, mutex.1)));
    }
    released(mutex.0, 0);
    let published = local::enter_briefly(|local| {
        let instance = mutex.0.instance(local, mutex.1);
        if local.depth() > 0 {
            let ticks = clock::ticks();
            let access = access::REACQUIRE;
            _ = local.extend(&Request { meta: mutex.0, instance, access, site, ticks });
        }
        let object = condvar.0.instance(local, condvar.1);
        let kind = wait::CONDVAR | if timed { wait::TIMED } else { 0 };
        local.begin_wait(Wait { kind, object, object2: instance, class: condvar.0.class() }, site);
        look(local, None, kind, site);
    });
    CondvarWait { mutex, site, published: published.is_some() }
}

/// A wait on a condition variable.
#[must_use]
#[derive(Debug)]
pub(crate) struct CondvarWait<'a> {
    mutex: (&'a Meta, &'static Desc),
    site: Site,
    published: bool,
}

impl CondvarWait<'_> {
    /// The real wait has returned, with the mutex.
    pub(crate) fn reacquired(self) {
        if self.published {
            local::enter_briefly(Local::end_wait);
        }
        acquired(self.mutex.0, self.mutex.1, access::REACQUIRE, self.site);
    }
}

/// `notify_one` or `notify_all`, right before the real call.
pub(crate) fn notified(condvar: &Meta, desc: &'static Desc, all: bool, site: Site) {
    if race::is_on() {
        local::enter(|local| match desc.primitive {
            primitive::EVENT => race::given(local, condvar.instance(local, desc)),
            _ => race::notified(local),
        });
    }
    passed(condvar, desc, if all { event::NOTIFY_ALL } else { event::NOTIFY_ONE }, site);
}

/// A completed Once-like object is used: cheap when its initialiser took no lock, or nothing is held.
/// Records the order "held locks before this one". Call it on the fast path, after `is_completed()`.
#[inline]
pub(crate) fn used(meta: &Meta, desc: &'static Desc, site: Site) {
    if !meta.orders_nothing() {
        used_in_order(meta, desc, site);
    }
}

#[inline(never)]
fn used_in_order(meta: &Meta, desc: &'static Desc, site: Site) {
    race::completed_seen(meta, desc);
    if meta.took_locks() {
        used_slow(meta, desc, site);
    }
}

#[cold]
fn used_slow(meta: &Meta, desc: &'static Desc, site: Site) {
    local::enter(|local| {
        let instance = meta.instance(local, desc);
        let knows = local.knows_initialiser(instance);
        // Also where nothing is held: before the initialiser's end, this thread could have run it here.
        if local.depth() > 0 || !knows {
            let ticks = clock::ticks();
            local.request_use(&Request { meta, instance, access: access::INIT, site, ticks });
        }
        if !knows {
            local.pass_initialiser(instance);
        }
    });
}

/// An initialiser is about to run.
#[cold]
pub(crate) fn initialising(meta: &Meta, desc: &'static Desc) {
    local::enter(|local| local.begins_initialiser(meta.instance(local, desc)));
}

/// A message is about to be sent: what travels with it. `waits`: that may have to wait for room.
#[inline]
pub(crate) fn sending(order: &ChannelOrder, waits: bool) -> Stamp {
    if runtime::is_off() { Stamp::default() } else { stamped(order, waits) }
}

#[inline(never)]
fn stamped(order: &ChannelOrder, waits: bool) -> Stamp {
    local::enter_briefly(|local| {
        order.sending(local, waits);
        local.stamp()
    })
    .unwrap_or_default()
}

/// A message was refused for want of room.
#[cold]
pub(crate) fn refused(order: &ChannelOrder) {
    local::enter(|local| order.refused(local));
}

/// A message was sent (after the real call succeeded).
#[inline]
pub(crate) fn sent(channel: &Meta, desc: &'static Desc, site: Site) {
    if !runtime::is_off() {
        sent_on(channel, desc, site);
    }
}

#[inline(never)]
fn sent_on(channel: &Meta, desc: &'static Desc, site: Site) {
    local::enter_briefly(|local| {
        let instance = channel.instance(local, desc);
        if instance == 0 {
            return;
        }
        // A message carries its own order; what has no message is given to all who take.
        if race::is_on() && desc.primitive != primitive::CHANNEL {
            race::given(local, instance);
        }
        // To be too early by a beat does no harm: whoever receives it reads the clock.
        local.emit_other(
            event::SEND,
            local.sites.get(local.runtime, site),
            instance,
            local.any_ticks(),
            0,
        );
    });
}

/// A message was received (after the real call), with what travelled with it.
#[inline]
pub(crate) fn received(
    channel: &Meta,
    desc: &'static Desc,
    orders: (&ChannelOrder, &ReceiverOrder),
    stamp: &Stamp,
    call: Receive,
) {
    if !runtime::is_off() {
        received_on(channel, desc, orders, stamp, call);
    }
}

/// A call that receives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receive {
    /// Its place.
    pub(crate) site: Site,
    /// It waits for a message however long it takes.
    pub(crate) blocks: bool,
}

#[inline(never)]
fn received_on(
    channel: &Meta,
    desc: &'static Desc,
    (order, receiver): (&ChannelOrder, &ReceiverOrder),
    stamp: &Stamp,
    call: Receive,
) {
    local::enter_briefly(|local| {
        emit_passed(local, channel, desc, event::RECV, call.site);
        receiver.received(local, order, stamp, call.blocks);
    });
}

/// No message is there: the receiver waits now, or goes on without.
#[cold]
pub(crate) fn asked(order: &ChannelOrder, receiver: &ReceiverOrder) {
    local::enter(|local| receiver.asked(local, order));
}

/// A receiver found that all sending ends are gone.
#[cold]
pub(crate) fn disconnected(order: &ChannelOrder, receiver: &ReceiverOrder, blocks: bool) {
    local::enter(|local| receiver.ended(local, order, blocks));
}

/// A sending end is about to be dropped.
pub(crate) fn sender_dropped(order: &ChannelOrder) {
    // A thread without an event of its own knows nothing to tell.
    let stamp =
        local::attached().filter(|local| local.is_free()).map(|local| local.run(Local::stamp));
    order.drop_sender(&stamp.unwrap_or_default());
}

/// The thread arrives at a barrier for `size` threads, before the real call.
pub(crate) fn barrier_arriving(barrier: &Meta, desc: &'static Desc, size: usize) {
    local::enter(|local| {
        let instance = barrier.instance(local, desc);
        local.arrive(instance, size);
        if race::is_on() {
            race::arrived(local, instance, size);
        }
    });
}

/// A barrier was passed (after the real call).
pub(crate) fn barrier_passed(barrier: &Meta, desc: &'static Desc, site: Site) {
    passed(barrier, desc, event::BARRIER, site);
    local::enter(|local| {
        let instance = barrier.instance(local, desc);
        local.pass(instance);
        if race::is_on() {
            race::passed(local, instance);
        }
    });
}

/// `park` has returned.
pub(crate) fn parked() {
    local::enter(|local| {
        local.was_unparked();
        if race::is_on() {
            race::parked(local);
        }
    });
}

/// An event of an object beside the lock events.
fn passed(meta: &Meta, desc: &'static Desc, op: u8, site: Site) {
    local::enter_briefly(|local| emit_passed(local, meta, desc, op, site));
}

#[inline]
fn emit_passed(local: &'static Local, meta: &Meta, desc: &'static Desc, op: u8, site: Site) {
    let instance = meta.instance(local, desc);
    if instance == 0 {
        return;
    }
    local.emit_other(op, local.sites.get(local.runtime, site), instance, clock::ticks(), 0);
}

/// A thread that is about to be spawned; shared by the parent's handle and the child.
#[derive(Clone, Debug)]
pub(crate) struct Child(Option<Arc<Spawned>>);

/// Prepares a spawn. `scope` is the number of the scope, or 0. Drop the value if the real spawn fails.
#[cold]
pub(crate) fn forking(name: Option<&str>, scope: u32, site: Site) -> Child {
    company::begin();
    Child(local::enter(|local| {
        let spawned = Spawned::new(local, name, scope, site);
        local.emit_other(
            event::SPAWN,
            local.sites.get(local.runtime, site),
            spawned.number,
            clock::ticks(),
            0,
        );
        Arc::new(spawned)
    }))
}

impl Child {
    /// First thing in the new thread; dropping the value (also by a panic) is the last thing of its closure.
    pub(crate) fn start(&self) -> Running {
        if let Some(spawned) = &self.0 {
            super::attach::begin(Arc::clone(spawned));
        }
        Running(self.0.clone())
    }

    /// The parent is about to join. The wait ends when the value is dropped.
    ///
    /// # Panics
    ///
    /// As [`blocking`].
    pub(crate) fn joining(&self, site: Site) -> Waiting {
        match &self.0 {
            Some(spawned) => waiting(wait::JOIN, Waited::Number(spawned.number), site),
            None => Waiting { published: false },
        }
    }

    /// The real join has returned.
    pub(crate) fn joined(&self, site: Site) {
        let Some(spawned) = &self.0 else { return };
        local::enter(|local| {
            local.learn(&spawned.joined(local));
            local.emit_other(
                event::JOIN,
                local.sites.get(local.runtime, site),
                spawned.number,
                clock::ticks(),
                0,
            );
        });
    }

    /// The thread's number.
    pub(crate) fn number(&self) -> u32 {
        self.0.as_ref().map_or(0, |spawned| spawned.number)
    }
}

/// The closure of a spawned thread runs.
#[must_use]
#[derive(Debug)]
pub(crate) struct Running(Option<Arc<Spawned>>);

impl Drop for Running {
    fn drop(&mut self) {
        let Some(spawned) = &self.0 else { return };
        // A thread without an event of its own is not attached now only to say that it ends.
        match local::attached() {
            Some(local) if local.is_free() => {
                _ = with_room(|| local.run(|local| super::attach::end(local, spawned)));
            }
            Some(_) => {}
            None => spawned.ended_unseen(),
        }
    }
}

/// A new scope number.
pub(crate) fn scope_begin() -> u32 {
    local::enter(|local| {
        local.parks_inside();
        local.runtime.must_order.begin_scope()
    })
    .unwrap_or(0)
}

/// All threads of the scope have ended (the real scope has returned).
pub(crate) fn scope_joined(scope: u32) {
    local::enter(|local| local.learn(&local.runtime.must_order.end_scope(scope)));
}

/// The number of the calling thread, for `Thread`.
pub(crate) fn current_number() -> u32 {
    local::enter(|local| local.number).unwrap_or(0)
}

/// `unpark` of the thread with this number, right before the real call.
pub(crate) fn unparked(number: u32, site: Site) {
    local::enter(|local| {
        local.unpark(number);
        if race::is_on() {
            race::unparked(local, number);
        }
        local.emit_other(
            event::UNPARK,
            local.sites.get(local.runtime, site),
            number,
            clock::ticks(),
            0,
        );
    });
}
