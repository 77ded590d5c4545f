//! What a thread knows of itself: the fields that the files under test use.

use super::chain::Table;
use super::gaps::Gaps;
use super::held;
use super::jobs::ThreadJobs;
use super::kind_cache::KindCache;
use super::ring::Ring;
use super::site_cache::SiteCache;
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
use std::cell::Cell;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{mode, slot};

#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) slot_index: u32,
    pub(crate) slot: Slot,
    pub(crate) chains: Cell<*mut u64>,
    pub(crate) ring: Ring,
    pub(crate) capacity: Cell<u32>,
    pub(crate) segment: Cell<u32>,
    pub(crate) table: Table,
    pub(crate) overflow: Cell<*mut u8>,
    pub(crate) gaps: Gaps,
    pub(crate) kinds: KindCache,
    pub(crate) runtime: &'static Runtime,
    pub(crate) number: u32,
    pub(crate) sites: SiteCache,
    pub(crate) is_apart: Cell<bool>,
    pub(crate) jobs: ThreadJobs,
}

impl Local {
    /// A thread on the board. Without events, unless `records`: they only add steps to the schedules.
    pub(crate) fn attach(runtime: &'static Runtime, number: u32, records: bool) -> Self {
        let (slot_index, slot) = runtime.board.take(&runtime.file).expect("the board has room");
        // Release: as in the runtime's `attach`.
        slot.u32(slot::THREAD).store(number, Ordering::Release);
        Self {
            slot_index,
            slot,
            chains: Cell::new(held::new_chains(slot::HELD_INLINE)),
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
            is_apart: Cell::new(false),
            jobs: ThreadJobs,
        }
    }

    /// Nobody runs jobs.
    pub(crate) fn is_in_job(&self) -> bool {
        false
    }

    /// No acquisition is looked at.
    pub(crate) fn set_stop(&self, _: u64) {
        self.ring.stop_after(u64::MAX);
    }

    /// As the runtime's, without its fence for the compiler.
    pub(crate) fn leave_hot(&self, state: u64) {
        self.set_state(state);
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        held::free_chains(self);
    }
}
