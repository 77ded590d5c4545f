//! The board: what the threads that had not ended were doing.

use super::bytes::{records, u32_at, u64_at};
use super::chunks::Chunk;
use super::codes;
use super::damage::Damage;
use super::tables::Tables;
use super::ticks;
use crate::layout::{access, chunk, chunk_kind, held, slot, thread_flag, wait};
use crate::model::{
    BoardSlot, Held, InstanceId, Polled, Thread, ThreadNum, Totals, Wait, WaitKind,
};
use std::collections::{BTreeMap, HashMap};

/// The slots of the living, and their share of the totals.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) slots: Vec<BoardSlot>,
    pub(super) totals: Totals,
}

impl Board {
    /// Reads all slots. Threads that have a slot but no record are added to `tables`.
    pub(super) fn read(
        chunks: &[Chunk<'_>],
        start_ticks: u64,
        tables: &mut Tables,
        damage: &mut Damage,
    ) -> Self {
        // What did not fit into a slot, by the offset that the slot names.
        let overflows: HashMap<u64, &Chunk<'_>> = chunks
            .iter()
            .filter(|c| c.kind == chunk_kind::HELD)
            .map(|c| (c.offset as u64, c))
            .collect();
        let mut slots = BTreeMap::new();
        let mut totals = Totals::default();
        let mut repeated = 0;
        for chunk in chunks.iter().filter(|c| c.kind == chunk_kind::BOARD) {
            // The first slot would lie under the chunk's header, so there is none.
            for bytes in records(&chunk.bytes, slot::SIZE, slot::SIZE) {
                let thread = ThreadNum(u32_at(bytes, slot::THREAD));
                if thread.0 == 0 {
                    continue;
                }
                if slots.contains_key(&thread) {
                    repeated += 1;
                    continue;
                }
                let overflow = overflows
                    .get(&u64_at(bytes, slot::HELD_CHUNK))
                    // A thread has one slot, so each chunk is listed at most once.
                    .filter(|chunk| chunk.owner == thread.0)
                    .map_or(&[][..], |chunk| &*chunk.bytes);
                add_thread(bytes, thread, tables);
                add_totals(bytes, &mut totals);
                slots.insert(thread, read_slot(bytes, overflow, start_ticks, tables));
            }
        }
        damage.count(repeated, "board slots are of a thread that has one already");
        Self { slots: slots.into_values().collect(), totals }
    }
}

fn read_slot(bytes: &[u8], overflow: &[u8], start_ticks: u64, tables: &Tables) -> BoardSlot {
    let (depth, acquisitions) = state(bytes);
    let around =
        start_ticks.max(u64_at(bytes, slot::LAST_TICKS)).max(u64_at(bytes, slot::WAIT_SINCE));
    let inline = records(bytes, slot::HELD, held::SIZE).take(slot::HELD_INLINE);
    let held: Vec<_> = inline
        .chain(records(overflow, chunk::PAYLOAD, held::SIZE))
        .take(depth as usize)
        // A live file may show the depth before the entry. What another thread has released is taken off later.
        .filter(|entry| u32_at(entry, held::INSTANCE) != 0 && !is_gone(entry))
        .map(|entry| read_held(entry, around, tables))
        .collect();
    let scope = u32_at(bytes, slot::SCOPE);
    BoardSlot {
        thread: ThreadNum(u32_at(bytes, slot::THREAD)),
        wait: read_wait(bytes, tables),
        held_unlisted: depth.saturating_sub(u32::try_from(held.len()).unwrap_or(u32::MAX)),
        held,
        scope: (scope != 0).then_some(scope),
        acquisitions,
        returned: u32_at(bytes, slot::FLAGS) & thread_flag::RETURNED != 0,
        polled: read_polled(bytes),
    }
}

/// Locks held, and acquisitions so far.
fn state(bytes: &[u8]) -> (u32, u64) {
    let state = u64_at(bytes, slot::STATE);
    (u32::from(state as u16), state >> slot::STATE_ACQUISITIONS)
}

fn is_gone(entry: &[u8]) -> bool {
    (u32_at(entry, held::SITE_ACCESS) >> 24) as u8 & access::GONE != 0
}

fn read_wait(bytes: &[u8], tables: &Tables) -> Option<Wait> {
    let code = u32_at(bytes, slot::WAIT);
    (code & !wait::TIMED != wait::NONE).then(|| Wait {
        kind: WaitKind::of_code(code),
        timed: code & wait::TIMED != 0,
        object: u32_at(bytes, slot::WAIT_OBJECT),
        object2: u32_at(bytes, slot::WAIT_OBJECT_2),
        class: tables.class(u32_at(bytes, slot::WAIT_CLASS)),
        site: tables.site(crate::model::SiteId(u32_at(bytes, slot::WAIT_SITE))),
        since_ticks: u64_at(bytes, slot::WAIT_SINCE),
    })
}

fn read_polled(bytes: &[u8]) -> Option<Polled> {
    let (began, ended) = (u64_at(bytes, slot::POLLED), u64_at(bytes, slot::POLL_ENDED));
    (began != 0).then(|| Polled {
        by: ThreadNum(u32_at(bytes, slot::POLLED_BY)),
        began_ticks: began,
        ended_ticks: (ended != 0).then_some(ended),
    })
}

fn read_held(entry: &[u8], around: u64, tables: &Tables) -> Held {
    let (site, access) = codes::site_access(u32_at(entry, held::SITE_ACCESS));
    let packed = u64_at(entry, held::TICKS_CLASS);
    let class = u32::from((packed >> 48) as u16);
    Held {
        instance: InstanceId(u32_at(entry, held::INSTANCE)),
        class: tables.class(class).filter(|_| class != u32::from(u16::MAX)),
        access,
        site: tables.site(site),
        since_ticks: ticks::HELD.near(around, packed & 0x0000_FFFF_FFFF_FFFF),
    }
}

/// A thread whose record was lost still has its slot.
fn add_thread(bytes: &[u8], number: ThreadNum, tables: &mut Tables) {
    let flags = u32_at(bytes, slot::FLAGS);
    tables.threads.entry(number).or_insert_with(|| Thread {
        number,
        os_tid: u32_at(bytes, slot::OS_TID),
        is_main: flags & thread_flag::MAIN != 0,
        is_foreign: flags & thread_flag::FOREIGN != 0,
        is_task: flags & thread_flag::TASK != 0,
        ..Thread::default()
    });
}

/// The header counts for threads that have ended. What a living one holds was acquired but not released yet.
fn add_totals(bytes: &[u8], totals: &mut Totals) {
    let (depth, acquisitions) = state(bytes);
    let releases = acquisitions.saturating_sub(u64::from(depth));
    totals.acquisitions = totals.acquisitions.saturating_add(acquisitions);
    totals.events = totals
        .events
        .saturating_add(acquisitions)
        .saturating_add(releases)
        .saturating_add(u64_at(bytes, slot::OTHER_EVENTS));
}
