//! Panics: where, with what held, and as the end of a thread.

use crate::rt::machine::clock;
use crate::rt::machine::unwind;
use crate::rt::thread::local::Local;
use std::any::Any;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_recording::layout::log;
use syncscope_recording::writer::LogRecord;

/// Characters of a message that are kept.
const MESSAGE: usize = 200;

/// Beginnings of panics that are recorded of a process: a program may panic as often as it likes, and catch it.
const TOLD: u32 = 512;

/// Beginnings that were recorded. Not reset in the child of a fork, which thus records fewer.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A place that a panic tells: file, line, column. Whether the file is the standard library's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) at: (&'a str, u32, u32),
    pub(crate) is_library: bool,
}

/// The thread panics, and still holds what it held.
#[cold]
pub(crate) fn begins(local: &Local, place: Place<'_>, payload: &(dyn Any + Send)) {
    // Relaxed: a number.
    if COUNT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_err() {
        return;
    }
    let runtime = local.runtime;
    let site = runtime.sites.intern_told(&runtime.file, place.at);
    let stack =
        if place.is_library { runtime.stacks.record(&runtime.file, &unwind::long()) } else { 0 };
    let held: Vec<_> = local.locks_held().collect();
    let record = LogRecord::new(log::PANIC)
        .u32(local.number)
        .u64(clock::ticks())
        .u32(site)
        .u32(stack)
        .u32(held.len() as u32);
    let record = held.iter().fold(record, |record, lock| {
        record.u32(lock.instance).u32(lock.class).u32(lock.site_access)
    });
    runtime.file.append(record.string(&message(local, payload)));
}

fn next(count: u32) -> Option<u32> {
    (count < TOLD).then(|| count + 1)
}

/// A panic has left the closure of the thread.
#[cold]
pub(crate) fn ends_thread(local: &Local, payload: &(dyn Any + Send)) {
    let record = LogRecord::new(log::THREAD_PANIC).u32(local.number).u64(clock::ticks());
    local.runtime.file.append(record.string(&message(local, payload)));
}

/// The first line, shortened, without what looks like a secret.
fn message(local: &Local, payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let line = text.unwrap_or_default().lines().next().unwrap_or_default();
    let line = line.chars().take(MESSAGE).collect();
    // A message may hold what an argument may. The first argument is the program's name, which is left as it is.
    let words = local.runtime.settings.redact.arguments([String::new(), line].into_iter());
    words.last().cloned().unwrap_or_default()
}
