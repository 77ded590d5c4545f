//! Hooks for what has no owner, beside those of [`super::hook`]: permits, signals, items; and for declarations.

use super::hook::Site;
use super::meta::{Desc, Meta};
use super::{clock, local, race, runtime};
use std::collections::BTreeSet;
use std::sync::Mutex;
use syncscope_recording::layout::{event, log};
use syncscope_recording::writer::{LogRecord, patient};

/// Something that another thread may have brought was taken from `meta`: a permit, a signal, an item. Call it right after the real
/// call. (What is brought is told by [`super::hook::sent`].)
pub(crate) fn taken(meta: &Meta, desc: &'static Desc, site: Site) {
    local::enter(|local| {
        let instance = meta.instance(local, desc);
        if race::is_on() {
            race::taken(local, instance);
        }
        let site = local.sites.get(local.runtime, site);
        local.emit_other(event::RECV, site, instance, clock::ticks(), 0);
    });
}

/// Orders that were recorded, each with the process that did: the child of a fork has a recording of its own.
static DECLARED: Mutex<BTreeSet<(u32, Vec<String>)>> = Mutex::new(BTreeSet::new());

/// Tries to record a declaration while another thread starts the runtime.
const TRIES: u32 = 10_000;

/// Locks with these names are meant to be taken in this order, outermost first. Recorded once.
#[cold]
pub(crate) fn declared(names: &[&str]) {
    let key = (std::process::id(), names.iter().map(|name| (*name).to_owned()).collect());
    if !patient(&DECLARED).is_some_and(|mut declared| declared.insert(key)) {
        return;
    }
    for _ in 0..TRIES {
        let recorded = local::enter(|local| {
            let record = LogRecord::new(log::DECLARED_ORDER).u32(names.len() as u32);
            let record = names.iter().fold(record, |record, name| record.string(name));
            local.runtime.file.append(record);
        });
        if recorded.is_some() || runtime::is_off() {
            return;
        }
        std::thread::yield_now();
    }
}
