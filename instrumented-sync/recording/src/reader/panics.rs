//! Panics, as they begin and as they end threads.

use super::bytes::Cursor;
use super::held::held;
use super::race::complete_held;
use super::tables::Tables;
use crate::model::{Panic, PanicStart, SiteId, ThreadNum};

pub(super) fn begins(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (thread, ticks) = (ThreadNum(fields.u32()?), fields.u64()?);
    let (site, stack) = (SiteId(fields.u32()?), fields.u32()?.checked_sub(1));
    let held = held(fields)?;
    let message = fields.string()?;
    let start = Some(PanicStart { site, stack, held });
    tables.last_panics.insert(thread, tables.panics.len());
    tables.panics.push(Panic { thread, ticks, message, start, ends_thread: false });
    Some(())
}

/// The last panic of the thread, if it says the same; another may have been caught, and what ends the thread may be the payload of a
/// panic of another thread.
pub(super) fn ends_thread(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let (thread, ticks) = (ThreadNum(fields.u32()?), fields.u64()?);
    let message = fields.string()?;
    let panics = &mut tables.panics;
    let last = tables.last_panics.remove(&thread).and_then(|last| panics.get_mut(last));
    match last.filter(|last| last.message == message) {
        Some(last) => last.ends_thread = true,
        None => panics.push(Panic { thread, ticks, message, start: None, ends_thread: true }),
    }
    Some(())
}

/// Keeps numbers that exist.
pub(super) fn complete(panic: &mut Panic, tables: &Tables) {
    if let Some(start) = &mut panic.start {
        start.site = tables.site(start.site);
        start.stack = start.stack.and_then(|stack| tables.stack_index.get(&stack)).copied();
        start.held.iter_mut().for_each(|held| complete_held(held, tables));
    }
}
