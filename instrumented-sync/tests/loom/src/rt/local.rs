//! What a thread knows of itself: the fields that the files under test use.

use super::board::Slot;
use super::chain::Table;
use super::kinds::KindCache;
use super::out_of_order::Gaps;
use super::ring::Ring;
use super::runtime::Runtime;
use super::site::SiteCache;
use std::cell::Cell;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{mode, slot};

#[derive(Debug)]
pub(super) struct Local {
    pub(super) slot_index: u32,
    pub(super) slot: Slot,
    pub(super) chains: Cell<*mut u64>,
    pub(super) ring: Ring,
    pub(super) capacity: Cell<u32>,
    pub(super) segment: Cell<u32>,
    pub(super) table: Table,
    pub(super) overflow: Cell<*mut u8>,
    pub(super) gaps: Gaps,
    pub(super) kinds: KindCache,
    pub(super) runtime: &'static Runtime,
    pub(super) number: u32,
    pub(super) sites: SiteCache,
}

impl Local {
    /// A thread on the board. Without events, unless `records`: they only add steps to the schedules.
    pub(super) fn attach(runtime: &'static Runtime, number: u32, records: bool) -> Self {
        let (slot_index, slot) = runtime.board.take(&runtime.file).expect("the board has room");
        // Release: as in the runtime's `attach`.
        slot.u32(slot::THREAD).store(number, Ordering::Release);
        Self {
            slot_index,
            slot,
            chains: Cell::new(super::held::new_chains(slot::HELD_INLINE)),
            ring: Ring::new(if records { mode::RING } else { mode::ORDER }),
            capacity: Cell::new(slot::HELD_INLINE as u32),
            segment: Cell::new(1),
            table: Table::new(),
            overflow: Cell::new(std::ptr::null_mut()),
            gaps: Gaps::default(),
            kinds: KindCache::new(),
            runtime,
            number,
            sites: SiteCache,
        }
    }
}

impl Local {
    /// As the runtime's, without its fence for the compiler.
    pub(super) fn leave_hot(&self, state: u64) {
        self.set_state(state);
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        super::held::free_chains(self);
    }
}
