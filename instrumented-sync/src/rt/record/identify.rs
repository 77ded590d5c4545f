//! An object gets its instance number and its class, at its first use.

use super::define::class_of;
use crate::rt::machine::room::with_room;
use crate::rt::object;
use crate::rt::object::group;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::object::name::Naming;
use crate::rt::shared::runtime::Runtime;
use crate::rt::thread::class_cache::KnownClass;
use crate::rt::thread::local::Local;
use std::sync::atomic::{AtomicU64, Ordering};
use syncscope_recording::layout::{WATCHED_RWLOCKS, header, primitive};

/// Instance numbers reserved by a thread at a time, so that creating locks shares no cache line.
const BATCH: u32 = 64;

impl Meta {
    /// Instance number, given at the first use.
    #[inline]
    pub(crate) fn instance(&self, local: &Local, desc: &'static Desc) -> u32 {
        match self.number() {
            0 => register(self, local, desc),
            id => id,
        }
    }
}

/// Gives `meta` its class and its instance number. Several threads may meet here: one number wins.
/// 0 in a signal handler, where a class that the thread does not know has to wait.
#[cold]
fn register(meta: &Meta, local: &Local, desc: &'static Desc) -> u32 {
    let runtime = local.runtime;
    let reserved = meta.reserved();
    let known = known_class(meta, local, desc);
    let classified = known.or_else(|| with_room(|| classify(meta, local, desc)));
    let Some((class, counter)) = classified else { return 0 };
    if desc.guards_move {
        runtime.movable.allow(class);
    }
    if desc.primitive == primitive::RWLOCK {
        // Relaxed: a budget.
        let spent = runtime.classes.watched.fetch_add(1, Ordering::Relaxed);
        if spent < WATCHED_RWLOCKS {
            meta.watch();
        }
    }
    let fresh = reserved.map_or_else(|| next_instance(runtime, local), |reserved| reserved.number);
    // Release/Relaxed: the number stands for itself.
    match meta.id.compare_exchange(0, fresh, Ordering::Release, Ordering::Relaxed) {
        Ok(_) => {
            if let Some(reserved) = reserved {
                meta.forget_reserved(reserved);
            }
            runtime.file.count(header::INSTANCES, 1);
            if let Some(counter) = counter.or_else(|| runtime.classes.counter(&runtime.file, class))
            {
                // Relaxed: a statistic.
                counter.fetch_add(1, Ordering::Relaxed);
            }
            fresh
        }
        Err(theirs) => theirs,
    }
}

/// As [`classify`], when the thread knows the class.
fn known_class(
    meta: &Meta,
    local: &Local,
    desc: &'static Desc,
) -> Option<(u32, Option<&'static AtomicU64>)> {
    match meta.naming() {
        Naming::Known(class) => Some((class, None)),
        Naming::Unknown(Some(_)) => None,
        // Groups at one place may differ in size.
        Naming::Unknown(None) if meta.reserved().is_some() => None,
        Naming::Unknown(None) => {
            let known = local.classes.get(meta, desc)?;
            let class = meta.settle(known.class, None);
            Some((class, (class == known.class).then_some(known.counter)))
        }
    }
}

/// The class of `meta`, which it has from now on, and the counter of its instances if that is at hand.
fn classify(meta: &Meta, local: &Local, desc: &'static Desc) -> (u32, Option<&'static AtomicU64>) {
    let runtime = local.runtime;
    let name = match meta.naming() {
        Naming::Known(class) => return (class, None),
        Naming::Unknown(name) => name,
    };
    if name.is_some() {
        return (meta.settle(class_of(runtime, meta, name, desc).0, name), None);
    }
    let (class, is_common) = class_of(runtime, meta, None, desc);
    let settled = meta.settle(class, None);
    let is_told_by_place = meta.reserved().is_none() && !meta.site.is_none_or(object::is_library);
    if settled != class || !is_common || !is_told_by_place {
        return (settled, None);
    }
    let counter = runtime.classes.counter(&runtime.file, class);
    if let Some(counter) = counter {
        local.classes.set(meta, desc, KnownClass { class, counter });
    }
    (class, counter)
}

fn next_instance(runtime: &Runtime, local: &Local) -> u32 {
    let (next, end) = local.ids.get();
    if next < end {
        local.ids.set((next + 1, end));
        return next;
    }
    // Relaxed: hands out ranges.
    let next = &runtime.classes.next_instance;
    let mut first = next.fetch_add(BATCH, Ordering::Relaxed);
    if first.wrapping_add(BATCH) > group::NUMBERS.start && first < group::NUMBERS.end {
        next.fetch_max(group::NUMBERS.end, Ordering::Relaxed);
        first = next.fetch_add(BATCH, Ordering::Relaxed);
    }
    local.ids.set((first + 1, first + BATCH));
    first
}
