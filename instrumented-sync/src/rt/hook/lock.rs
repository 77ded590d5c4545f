// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Locks: acquired, released, waited for.

use super::Site;
use super::waiting::look;
use crate::rt::life::enter;
use crate::rt::machine::{clock, handler, own_stack};
use crate::rt::memory;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::record::acquire;
use crate::rt::record::contended;
use crate::rt::record::extend::Request;
use crate::rt::record::hot;
use crate::rt::record::kept_asleep;
use crate::rt::record::wait::Wait;
use crate::rt::shared::runtime;
use crate::rt::thread::local::{self, Local};
use syncscope_recording::layout::{access, wait};

/// To be called before the real acquisition. Does now what the first acquisition of a lock, or by a thread, needs memory
/// for: afterwards the lock is held, and if it is the one inside the program's allocator, memory is not to be had.
#[cfg_attr(feature = "accesses", inline(never))]
#[cfg_attr(not(feature = "accesses"), inline)]
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
    #[cfg_attr(feature = "accesses", inline(never))]
    #[cfg_attr(not(feature = "accesses"), inline)]
    pub(crate) fn acquired(self, meta: &Meta, desc: &'static Desc, access: u8, site: Site) {
        // The access is a constant at nearly all calls.
        match (self.0, access) {
            (Some(local), 0) => {
                order_acquired(meta, 0);
                hot::acquired_exclusive(local, meta, site);
                note_acquired(meta);
            }
            (Some(local), access::SHARED) => {
                order_acquired(meta, access::SHARED);
                hot::acquired_shared(local, meta, site);
                note_acquired(meta);
            }
            (None, _) if runtime::is_off() => {}
            _ => acquired(meta, desc, access, site),
        }
    }
}

#[cold]
fn prepare(meta: &Meta, desc: &'static Desc) -> Ready {
    if !own_stack::is_cramped() {
        prepare_with_room(meta, desc);
    }
    Ready(local::attached().filter(|_| meta.is_registered()))
}

#[inline(never)]
fn prepare_with_room(meta: &Meta, desc: &'static Desc) {
    match enter::before_event() {
        Some(local) if local.is_free() => local.run(|local| _ = meta.instance(local, desc)),
        Some(_) => {}
        None if local::is_attaching() && !handler::runs() => {
            meta.mark_unrecorded();
        }
        None => {}
    }
}

/// `meta` was acquired without blocking. Call it right after the real acquisition.
/// With `access::TRY` for `try_*` calls, `access::SHARED` for readers, `access::INIT` at the start of an initialiser.
#[inline(never)]
pub(crate) extern "C" fn acquired(meta: &Meta, desc: &'static Desc, access: u8, site: Site) {
    order_acquired(meta, access);
    if own_stack::is_cramped() {
        memory::holds_unseen();
        return local::let_pass();
    }
    acquired_with_room(meta, desc, access, site);
}

#[inline(never)]
extern "C" fn acquired_with_room(meta: &Meta, desc: &'static Desc, access: u8, site: Site) {
    let Some(local) = enter::local() else { return memory::holds_unseen() };
    if !local.is_free() {
        memory::holds_unseen();
        return acquire::skip(local, meta);
    }
    if !meta.is_registered() {
        local.run(|local| _ = meta.instance(local, desc));
        if !meta.is_registered() {
            memory::holds_unseen();
            return local::let_pass();
        }
    }
    acquire::acquired(local, meta, access, site);
    note_acquired(meta);
}

/// Tells the check of all accesses, whatever is recorded of the lock.
#[inline(always)]
fn order_acquired(meta: &Meta, access: u8) {
    if access & access::INIT == 0 {
        memory::acquired(meta.address(), access & access::SHARED != 0);
    }
}

/// Tells it what the thread holds now.
#[inline(always)]
fn note_held() {
    memory::holds(held);
}

/// As [`note_held`], of a thread that has just acquired this lock.
#[inline(always)]
fn note_acquired(meta: &Meta) {
    memory::holds_now(|| meta.number(), held);
}

fn held() -> Option<memory::Held> {
    let local = local::attached().filter(|local| !local.slot.is_task())?;
    Some(memory::Held::new(local.locks_held()))
}

/// `meta` is about to be released. Call it right before the real release. Unknown locks are ignored.
#[cfg_attr(feature = "accesses", inline(never))]
#[cfg_attr(not(feature = "accesses"), inline)]
pub(crate) fn released(meta: &Meta, access: u8) {
    if access & access::INIT != 0 {
        return acquire::released(meta, access);
    }
    memory::released_by_holder(meta.address(), access & access::SHARED != 0, || meta.number());
    hot::released(meta, access);
    note_held();
}

/// The real lock is lent to one who tells nothing: if the calling thread holds it, that is over as far as is known.
#[cold]
pub(crate) fn lent(meta: &Meta) {
    let Some(local) = local::attached().filter(|local| local.is_free()) else { return };
    if let Some(access) = local.holds(meta.number()) {
        released(meta, access);
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
    let published = enter::enter_briefly(|local| {
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
        if kind & wait::TIMED == 0 {
            kept_asleep::wants(local, instance, access, site);
        }
        local.begin_wait(Wait { kind, object: instance, object2: 0, class: meta.class() }, site);
        contended::begins(local, meta);
        look(local, Some(meta), kind, site);
        true
    });
    let is_timed = kind & wait::TIMED != 0;
    Blocked { meta, desc, access, site, is_timed, published: published.unwrap_or(false) }
}

/// A wait for a lock, see [`blocking`]. Dropping it without [`Blocked::acquired`] withdraws the wait.
#[must_use]
#[derive(Debug)]
pub(crate) struct Blocked<'a> {
    meta: &'a Meta,
    desc: &'static Desc,
    access: u8,
    site: Site,
    is_timed: bool,
    published: bool,
}

impl Blocked<'_> {
    /// The real call has returned with the lock.
    pub(crate) fn acquired(self) {
        let (meta, desc, access, site) = (self.meta, self.desc, self.access, self.site);
        let (is_timed, published) = (self.is_timed, self.published);
        drop(self);
        acquired(meta, desc, access, site);
        if published {
            enter::enter_briefly(|local| {
                local.count_once(meta.number());
                // The task that had the lock may have gone to sleep with it only when this wait had begun.
                if !is_timed {
                    kept_asleep::wants(local, meta.number(), access, site);
                }
            });
        }
    }
}

impl Drop for Blocked<'_> {
    fn drop(&mut self) {
        if self.published {
            enter::enter_briefly(Local::end_wait);
        }
    }
}

/// Ends this thread's wait for an initialiser of `meta`, if that is what it waits for.
#[cold]
pub(crate) fn ends_wait_for(meta: &Meta) -> bool {
    enter::enter_briefly(|local| local.end_wait_for(wait::ONCE, meta.number())).unwrap_or(false)
}
