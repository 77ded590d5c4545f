//! How long threads wait for locks, and for whom: each wait counts, since a thread that waits has time for that.

use super::measure::site_access;
use crate::rt::object::meta::Meta;
use crate::rt::shared::board::{Slot, WaitEntry};
use crate::rt::shared::measures::Key;
use crate::rt::shared::runtime::Runtime;
use crate::rt::thread::local::Local;
use crate::rt::thread::sampler::Behind;
use syncscope_recording::layout::{access, wait};

/// Slots that are looked at for a holder of which the lock does not tell: one of several readers.
const LOOKS: usize = 64;

/// The thread has just published its wait for a lock: notes who is in its way.
#[cold]
pub(crate) fn begins(local: &Local, meta: &Meta) {
    let Some(own) = local.slot.wait() else { return };
    local.sampler.behind.set(holder(local.runtime, local.slot, meta, &own));
}

fn holder(runtime: &Runtime, waiter: Slot, meta: &Meta, own: &WaitEntry) -> Option<Behind> {
    let behind = |index: u32, slot: Slot| {
        let held = slot.blocking(own)?;
        let word = held.site | u32::from(held.access) << 24;
        Some(Behind { slot: index, thread: slot.thread(), holds: site_access(word) })
    };
    let by_hint = meta.owner_hint().and_then(|index| behind(index, runtime.board.slot(index)?));
    by_hint.or_else(|| {
        let others = runtime.board.occupied().take(LOOKS);
        let mut others = others.filter(|(_, slot)| slot.thread() != waiter.thread());
        others.find_map(|(index, slot)| behind(index, slot))
    })
}

/// A wait of this thread, of this kind, has lasted from its beginning to these ticks.
#[cold]
pub(super) fn ends(local: &Local, own: &WaitEntry, ticks: u64) {
    let behind = local.sampler.behind.take();
    let kind = own.kind & !wait::TIMED;
    let is_lock = matches!(
        kind,
        wait::MUTEX | wait::READ | wait::WRITE | wait::ONCE | wait::LOCK | wait::SEMAPHORE
    );
    if !is_lock || own.class == 0 {
        return;
    }
    let access = if kind == wait::READ { access::SHARED } else { 0 };
    let site = own.site & 0x00FF_FFFF | u32::from(access) << 24;
    let Runtime { measures, file, .. } = local.runtime;
    let waited = ticks.saturating_sub(own.since);
    let key = Key::waited(own.class, site, behind.map_or(0, |behind| behind.holds));
    if let Some(measure) = measures.find(file, key) {
        measure.count(1);
        measures.add_time(file, measure, waited, 1);
    }
    let Some(behind) = behind else { return };
    measures.waited_between(file, own.class, [local.number, behind.thread], waited);
    if let Some((holder_wait, lasted)) = meanwhile(local.runtime, &behind, own, ticks)
        && let Some(measure) =
            measures.find(file, Key::meanwhile(own.class, behind.holds, holder_wait))
    {
        measure.count(1);
        measure.add_time(lasted, 1);
    }
}

/// What the holder waited for last while this thread waited for it: kind and site, and how long of that.
fn meanwhile(
    runtime: &Runtime,
    behind: &Behind,
    own: &WaitEntry,
    ticks: u64,
) -> Option<((u32, u32), u64)> {
    let slot = runtime.board.slot(behind.slot)?;
    let (wait, ended) = slot.last_or_present_wait().filter(|_| slot.thread() == behind.thread)?;
    // What it wants again it has let go of.
    if wait.object == own.object {
        return None;
    }
    let lasted = ended.unwrap_or(ticks).min(ticks).checked_sub(wait.since.max(own.since))?;
    (lasted > 0).then_some(((wait.kind & !wait::TIMED, wait.site), lasted))
}
