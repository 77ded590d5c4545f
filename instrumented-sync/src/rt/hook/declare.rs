//! Declared orders of locks.

use crate::rt::life::enter;
use crate::rt::shared::runtime;
use std::collections::BTreeSet;
use std::sync::Mutex;
use syncscope_recording::layout::log;
use syncscope_recording::writer::{LogRecord, bounded_lock};

/// Orders that were recorded, each with the process that did: the child of a fork has a recording of its own.
static DECLARED: Mutex<BTreeSet<(u32, Vec<String>)>> = Mutex::new(BTreeSet::new());

/// Tries to record a declaration while another thread starts the runtime.
const TRIES: u32 = 10_000;

/// Locks with these names are meant to be taken in this order, outermost first. Recorded once.
#[cold]
pub(crate) fn declared(names: &[&str]) {
    let key = (std::process::id(), names.iter().map(|name| (*name).to_owned()).collect());
    if !bounded_lock(&DECLARED).is_some_and(|mut declared| declared.insert(key)) {
        return;
    }
    for _ in 0..TRIES {
        let recorded = enter::enter(|local| {
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
